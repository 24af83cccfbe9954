"""What two persons of two requests are to each other, as staff say it. No family ever hears of another."""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs
from bot.turn import Turn
from casework import alike, team, ties
from casework.alike import Pair
from casework.caseload import Case, lock
from casework.entries import Entry
from casework.permissions import Action
from casework.stages import Stage
from casework.ties import Kind, Tied
from casework.words import N_
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.finding import called_in_words, facts_in_words, in_words, see
from handlers.staff.guard import on_case, refusal_of
from handlers.staff.moving import what_they_read
from handlers.staff.news import tell_families
from handlers.staff.queue import OPEN_CASE
from handlers.staff.steps import Desk
from handlers.staff.taking import tell_colleague

TITLE = N_("Same person elsewhere?")
IN_WORDS = {
    Kind.DUPLICATE: N_("the same family asked twice"),
    Kind.COMPETING: N_("two families ask for one person"),
    Kind.DIFFERENT: N_("two different people"),
}
_PRESSES = {
    Kind.DUPLICATE: N_("The same family asked twice"),
    Kind.COMPETING: N_("Two families ask for one person"),
    Kind.DIFFERENT: N_("Two different people"),
}
ONE_CHAT = N_("One chat can open both requests.")
_NO_CHAT = N_("No chat can open both requests.")
_SURE = N_("If it is another family, what it reads would tell it that somebody else has asked.")
_SAID = N_("It is written down. Neither family is told of the other.")
_SAID_OF_ONE = N_("It is written down. Work goes on in the other request.")
_GONE = N_("One of the two is not there any more. Nothing was changed.")
_MEANWHILE = N_("{name} has said meanwhile: {what}. Nothing was changed by you.")
_LIFTED_MEANWHILE = N_("The tie was taken away meanwhile. Nothing was changed by you.")
_COMPARED = N_("A colleague tied one of your cases to another one.")


def look_of(turn: Turn, case: Case) -> dict[str, Any]:
    """Return what the dialog remembers of looking at this case; of another one, nothing.

    `other` is a request that was named, `pairs` are those on the list, `chosen` is one of them, as ids; `seen` is
    what tied it when it was shown.
    """
    look: dict[str, Any] = turn.state.get("same", {})
    if look.get("case") != case.request_id:
        look = turn.state["same"] = {"case": case.request_id}
    return look


def _compare(turn: Turn, case: Case, _rest: str) -> None:
    """Show the two persons one above the other, and ask what they are to each other."""
    pair = _pair(turn, case)
    if pair is None:
        turn.go(Desk.SAME)
        return
    tied = ties.between(turn.connection, pair.own, pair.other)
    look_of(turn, case)["seen"] = tied.id if tied is not None else None
    see(turn, [pair.hit.request_id])
    text = paragraphs(
        bold(turn.t(TITLE)),
        _person(turn, pair.person, pair.case.reference),
        in_words(turn, 2, pair.hit),
        turn.t(ONE_CHAT if pair.one_chat else _NO_CHAT),
        bold(turn.t(IN_WORDS[tied.kind])) if tied is not None else None,
    )
    may_say = refusal_of(turn, Action.TIE, case) is None
    kinds = [[turn.button(words, f"kind:{kind}")] for kind, words in _PRESSES.items() if may_say]
    opening = turn.button(N_("Open that case"), f"open:{pair.hit.request_id}")
    turn.show(Desk.TIE, desk_screen(turn, text, [*kinds, [opening]], back="same"))


def _person(turn: Turn, person: Entry, reference: str) -> Html:
    facts = Html(" · ".join([code(reference), *facts_in_words(turn, person)]))
    return joined([Html(f"1. {bold(called_in_words(turn, person))}"), facts])


def _pair(turn: Turn, case: Case) -> Pair | None:
    """Return the two that were chosen; None where one of them is not there any more."""
    chosen = look_of(turn, case).get("chosen")
    if chosen is None:
        return None
    own, request_id, theirs = chosen
    pairs = alike.beside(turn.connection, turn.keys, case.request_id, request_id)
    return next(
        (each for each in pairs if (each.person.person_id, each.theirs.person_id) == (own, theirs)), None
    )


def _say(turn: Turn, case: Case, kind: str) -> bool | None:
    if kind not in set(Kind):
        return False
    pair = _pair(turn, case)
    if pair is not None and kind == Kind.DUPLICATE:
        _ask_if_sure(turn, case, one_chat=pair.one_chat)
    else:
        _tie(turn, case, pair, Kind(kind))
    return None


def _ask_if_sure(turn: Turn, case: Case, *, one_chat: bool) -> None:
    """Ask before a family reads that it has asked before: another family would learn of the first by it."""
    sure = turn.button(N_("Yes, it is the same family"), "sure", style=None if one_chat else "danger")
    text = paragraphs(
        bold(turn.t(N_("Is it surely the same family?"))),
        turn.t(ONE_CHAT if one_chat else _NO_CHAT),
        None if one_chat else turn.t(_SURE),
        what_they_read(turn, [case.request_id], Stage.DUPLICATE),
    )
    turn.show(Desk.TIE, desk_screen(turn, text, [[sure]], back="same"))


def _say_surely(turn: Turn, case: Case, _rest: str) -> None:
    _tie(turn, case, _pair(turn, case), Kind.DUPLICATE)


def _tie(turn: Turn, case: Case, pair: Pair | None, kind: Kind) -> None:
    """Tie them, unless one is gone or somebody else has said something of them since they were shown."""
    turn.go(Desk.SAME)
    if pair is None:
        turn.note(turn.t(_GONE))
        return
    tied = ties.between(turn.connection, pair.own, pair.other)
    if (tied.id if tied is not None else None) != look_of(turn, case).get("seen"):
        turn.note(_meanwhile(turn, tied))
        return
    told = ties.tie(turn.connection, turn.keys, pair.own, pair.other, kind, turn.account_id, turn.now)
    if told is None:
        turn.note(turn.t(_GONE))
        return
    tell_families(turn, told)
    turn.note(turn.t(_SAID_OF_ONE if kind is Kind.DUPLICATE else _SAID))
    _tell_holder(turn, pair.other.request_id)
    turn.go(Desk.CASE)


def _meanwhile(turn: Turn, tied: Tied | None) -> Html:
    if tied is None:
        return turn.t(_LIFTED_MEANWHILE)
    name = team.name_of(turn.connection, turn.keys, tied.by)
    return turn.t(_MEANWHILE, name=name, what=turn.t(IN_WORDS[tied.kind]))


def _tell_holder(turn: Turn, request_id: int) -> None:
    """Tell whoever works on the other case: it is their family's stage that may have changed."""
    other = lock(turn.connection, request_id)
    if other is not None and other.holder_id not in {None, turn.account_id}:
        tell_colleague(turn, other.holder_id, _COMPARED, other)


# To look is to read and to find; only what is said of the two is a tie, and only whoever has the case says it.
TO_LIST = on_case(Action.READ, lambda turn, _case, _rest: turn.go(Desk.SAME))
STEPS = (
    Step(
        Desk.TIE,
        on_case(Action.READ, _compare),
        presses={
            "kind": on_case(Action.TIE, _say),
            "sure": on_case(Action.TIE, _say_surely),
            "open": OPEN_CASE,
            "same": TO_LIST,
            **FROM_CASE,
        },
    ),
)
