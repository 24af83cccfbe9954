"""Changing the stage of many, in words: who would move from where, who would not and why, and what families read."""

from collections.abc import Collection, Mapping

from bot.i18n import Html, Locale, bold, joined, paragraphs
from bot.turn import Turn
from casework import access
from casework.groups import Group
from casework.many import MOST, Done, Plan, Why
from casework.stages import QUIET, STAFF_WORDS, Stage
from casework.words import N_
from handlers.staff.group_words import counted_in_words, group_in_words
from handlers.staff.moving import REASON, what_they_read
from handlers.staff.place_words import persons_in_words

_WILL = N_("Will go there: {persons} of {requests}.")
_NOBODY = N_("Nobody will go there.")
_STAY = N_("Will stay where they are:")
_STAYS = N_("{stage}: {n}, because {why}.")
WHY = {
    Why.THERE: N_("they are there already"),
    Why.WITHDRAWN: N_("the family has withdrawn the request"),
    Why.OVER: N_("work on them has ended"),
    Why.ONE_BY_ONE: N_("each of them has to be looked at alone"),
    Why.NO_WAY: N_("no step leads there from this stage"),
    Why.LEFT_OUT: N_("you leave them out"),
    Why.NEXT_TIME: N_("at most {most} go at once; take the others afterwards"),
}
_MOVED = N_("Changed: {persons}.")
_ELSEWHERE = N_("Left as they are, because they stand elsewhere by now: {n}.")
GONE = N_("Left as they are, because the request was withdrawn or erased: {n}.")


def plan_in_words(turn: Turn, group: Group, plan: Plan, reason: str) -> Html:
    """Say what would happen."""
    return paragraphs(
        heading(turn, group, plan.to),
        _going(turn, plan.moving, len(plan.requests)),
        _staying(turn, plan),
        turn.t(REASON, reason=reason) if reason and plan.needs_reason else None,
        told_in_words(turn, plan.requests, plan.to) if plan.moving else None,
    )


def heading(turn: Turn, group: Group, to: Stage) -> Html:
    """Name the group and the stage they would go to."""
    name = group_in_words(turn, group) or Html()
    return bold(turn.t(N_("{before} → {after}"), before=name, after=turn.t(STAFF_WORDS[to])))


def _going(turn: Turn, moving: Mapping[Stage, Collection[int]], requests: int) -> Html:
    counts = {stage: len(persons) for stage, persons in moving.items()}
    if not counts:
        return turn.t(_NOBODY)
    return joined([going_in_words(turn, sum(counts.values()), requests), counted_in_words(turn, counts)])


def going_in_words(turn: Turn, persons: int, requests: int) -> Html:
    """Say how many persons of how many requests."""
    of = turn.locale.plural("{n} request", "{n} requests", requests)
    return turn.t(_WILL, persons=persons_in_words(turn, persons), requests=of)


def _staying(turn: Turn, plan: Plan) -> Html | None:
    lines = [
        turn.t(_STAYS, stage=turn.t(STAFF_WORDS[stage]), n=number, why=turn.t(WHY[why], most=MOST))
        for (stage, why), number in plan.staying.items()
    ]
    return joined([turn.t(_STAY), *lines]) if lines else None


def told_in_words(turn: Turn, requests: Collection[int], to: Stage) -> Html:
    """Show what the families would read, and count the chats that would be told of it."""
    chats = 0 if to in QUIET else len(access.reachable(turn.connection, requests))
    told = turn.locale.plural("{n} chat is told.", "{n} chats are told.", chats)
    return paragraphs(what_they_read(turn, list(requests), to), told)


def done_in_words(locale: Locale, done: Done) -> Html:
    """Say what came of it."""
    lines = [locale.t(_MOVED, persons=locale.plural("{n} person", "{n} persons", done.persons))]
    lines += [locale.t(_ELSEWHERE, n=done.elsewhere)] if done.elsewhere else []
    lines += [locale.t(GONE, n=done.gone)] if done.gone else []
    return joined(lines)
