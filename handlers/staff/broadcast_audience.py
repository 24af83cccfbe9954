"""Whom a broadcast goes to: groups put together on one screen, each counted at once.

Every group that is added narrows the audience; several values of one group widen that group.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.incoming import page_in
from bot.screen import Button
from bot.turn import Turn
from casework import audience, broadcasts
from casework.audience import BY_CODE, FILTERS, MOST_REFERENCES, Audience, Filter, Term
from casework.looking_up import request_of
from casework.permissions import Action
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.audience_words import audience_in_words, value_in_words
from handlers.staff.broadcast_words import count_in_words, title_in_words
from handlers.staff.broadcasts import DRAFT, draft
from handlers.staff.everywhere import FROM_DESK, desk_screen, page_buttons, to
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

_A_PAGE = 12
_LONGEST_LABEL = 40
_HOW = N_("Each group you add narrows the audience: everybody has to be in all of them.")
_WITHOUT = N_("Leave a group out")
_WITH = N_("Add a group")
_LEAVING = N_("Whoever is in this group gets nothing.")
_ASK = N_("Choose one or more.")
_NOTHING = N_("There is nothing to choose here yet.")
_REFERENCES = N_("Write the references, one after another, with a space or a line between them.")
_NOT_READ = N_("These are no references: {what}. The audience stands as it was.")
_UNKNOWN = N_("There is no request under these: {what}. The audience stands as it was.")
_TOO_MANY = N_("A list holds {most} references at most. The audience stands as it was.")
_MOST_TERMS = 12
_MOST_NAMED = 6


def _show(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    plan = broadcasts.plan(turn.connection, turn.keys, broadcast, turn.around.locales.fallback.code)
    terms = broadcast.details.audience.terms
    leaving = turn.state["cast"].get("without", False)
    choices = [Button(turn.locale.plain(each.words), f"filter:{each.code}") for each in FILTERS]
    out = [
        Button(turn.locale.plain(N_("Take out line {n}"), n=number), f"take:{number}")
        for number in range(1, len(terms) + 1)
    ]
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_HOW),
        audience_in_words(turn, broadcast.details.audience),
        count_in_words(turn, plan),
        bold(turn.t(_WITHOUT if leaving else _WITH)),
    )
    rows = [
        *side_by_side(choices if len(terms) < _MOST_TERMS else []),
        [turn.button(_WITH if leaving else _WITHOUT, "without")],
        *side_by_side(out),
    ]
    turn.show(Desk.CAST_WHO, desk_screen(turn, text, rows, back="draft"))


def _switch(turn: Turn, _rest: str) -> None:
    if draft(turn) is not None:
        turn.state["cast"]["without"] = not turn.state["cast"].get("without", False)
        turn.go(Desk.CAST_WHO)


def _take_out(turn: Turn, line: str) -> bool | None:
    broadcast = draft(turn)
    number = page_in(line)
    if broadcast is None:
        return None
    terms = list(broadcast.details.audience.terms)
    if number is None or not 1 <= number <= len(terms):
        return False
    del terms[number - 1]
    _keep(turn, broadcast, terms)
    return None


def _keep(turn: Turn, broadcast: Any, terms: list[Term]) -> None:
    broadcast.details.audience = Audience(tuple(terms))
    broadcasts.save(turn.connection, turn.keys, broadcast)
    turn.go(Desk.CAST_WHO)


def _choose(turn: Turn, chosen: str) -> bool | None:
    broadcast = draft(turn)
    if broadcast is None:
        return None
    if chosen not in BY_CODE or len(broadcast.details.audience.terms) >= _MOST_TERMS:
        return False
    turn.state["cast"] |= {"filter": chosen, "page": 0}
    if BY_CODE[chosen].typed:
        turn.go(Desk.CAST_REFERENCES)
    elif chosen == "everyone":
        term = Term(chosen, (), without=turn.state["cast"].pop("without", False))
        _keep(turn, broadcast, [*broadcast.details.audience.terms, term])
    else:
        turn.state["cast"] |= {"values": [], "leaving": turn.state["cast"].pop("without", False)}
        turn.go(Desk.CAST_FILTER)
    return None


def _filter(turn: Turn) -> Filter | None:
    """Return the group whose values are chosen; where there is none, go back."""
    found = BY_CODE.get(turn.state.get("cast", {}).get("filter", ""))
    if found is None or "values" not in turn.state["cast"]:
        turn.go(Desk.CAST_WHO)
        return None
    return found


def _show_values(turn: Turn, _rest: str) -> None:
    broadcast, chosen = draft(turn), _filter(turn)
    if broadcast is None or chosen is None:
        return
    look = turn.state["cast"]
    offered = chosen.offer(turn.connection, turn.keys)
    first = look.get("page", 0) * _A_PAGE
    buttons = [
        Button(
            f"{'✓ ' if value in look['values'] else ''}{value_in_words(turn, chosen.code, value)}"[
                :_LONGEST_LABEL
            ],
            f"value:{number}",
        )
        for number, value in enumerate(offered[first : first + _A_PAGE], first)
    ]
    pages = page_buttons(turn, look.get("page", 0), more=first + _A_PAGE < len(offered))
    done = [turn.button(N_("Done"), "done", style="success")] if look["values"] else []
    text = paragraphs(
        title_in_words(turn, broadcast),
        bold(turn.t(chosen.words)),
        turn.t(_LEAVING) if look.get("leaving") else None,
        turn.t(_ASK if offered else _NOTHING),
    )
    turn.show(Desk.CAST_FILTER, desk_screen(turn, text, [*side_by_side(buttons), pages, done], back="who"))


def _value(turn: Turn, carried: str) -> bool | None:
    """Choose a value, or leave it again; it is named by its number in the list as it is now."""
    chosen, number = _filter(turn), page_in(carried)
    if chosen is None:
        return None
    offered = chosen.offer(turn.connection, turn.keys)
    if number is None or number >= len(offered):
        return False
    values = turn.state["cast"]["values"]
    value = offered[number]
    turn.state["cast"]["values"] = (
        [each for each in values if each != value] if value in values else [*values, value]
    )
    turn.go(Desk.CAST_FILTER)
    return None


def _turn_page(turn: Turn, page: str) -> bool | None:
    number = page_in(page)
    if number is None or _filter(turn) is None:
        return False if number is None else None
    turn.state["cast"]["page"] = number
    turn.go(Desk.CAST_FILTER)
    return None


def _done(turn: Turn, _rest: str) -> None:
    broadcast, chosen = draft(turn), _filter(turn)
    if broadcast is None or chosen is None:
        return
    values = tuple(turn.state["cast"].pop("values"))
    term = Term(chosen.code, values, without=turn.state["cast"].pop("leaving", False))
    _keep(turn, broadcast, [*broadcast.details.audience.terms, *([term] if values else [])])


def _ask_references(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        text = paragraphs(title_in_words(turn, broadcast), turn.t(_REFERENCES))
        turn.show(Desk.CAST_REFERENCES, desk_screen(turn, text, back="who"))


def _references(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    good, bad = audience.read_references(turn.incoming.text)
    unknown = [each for each in good if request_of(turn.connection, turn.keys, each) is None]
    problem = None
    if bad or not good:
        problem = turn.t(
            _NOT_READ, what=turn.locale.listed(each[:_LONGEST_LABEL] for each in bad[:_MOST_NAMED])
        )
    elif len(good) > MOST_REFERENCES:
        problem = turn.t(_TOO_MANY, most=MOST_REFERENCES)
    elif unknown:
        problem = turn.t(_UNKNOWN, what=turn.locale.listed(unknown[:_MOST_NAMED]))
    if problem is not None:
        turn.note(problem)
        turn.go(Desk.CAST_REFERENCES)
        return
    term = Term("references", tuple(good), without=turn.state["cast"].pop("without", False))
    _keep(turn, broadcast, [*broadcast.details.audience.terms, term])


WHO = to(Action.BROADCAST, Desk.CAST_WHO)
STEPS = (
    Step(
        Desk.CAST_WHO,
        at_desk(Action.BROADCAST, _show),
        presses={
            "filter": at_desk(Action.BROADCAST, _choose),
            "without": at_desk(Action.BROADCAST, _switch),
            "take": at_desk(Action.BROADCAST, _take_out),
            "draft": DRAFT,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.CAST_FILTER,
        at_desk(Action.BROADCAST, _show_values),
        presses={
            "value": at_desk(Action.BROADCAST, _value),
            "page": at_desk(Action.BROADCAST, _turn_page),
            "done": at_desk(Action.BROADCAST, _done),
            "who": WHO,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.CAST_REFERENCES,
        at_desk(Action.BROADCAST, _ask_references),
        at_desk(Action.BROADCAST, _references),
        {"who": WHO, **FROM_DESK},
    ),
)
