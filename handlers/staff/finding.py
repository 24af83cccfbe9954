"""/find: a case by its reference, a name in any script, a birth year or a place; each result says why it fits."""

from collections.abc import Sequence

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.screen import Button
from bot.turn import Turn
from casework import audit
from casework.audit import Deed
from casework.countries import country_name
from casework.entries import Entry, NameOf
from casework.finding import MOST_FOUND, Hit, Reason, search, standing
from casework.fits import Match
from casework.partial_dates import from_json
from casework.permissions import Action
from casework.questions import UNKNOWN
from casework.sought import LONGEST, read_sought
from casework.words import N_
from handlers.family.birth_words import birth_in_words
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import Guarded, at_desk
from handlers.staff.queue import OPEN_CASE
from handlers.staff.steps import Desk

A_PAGE = 6
_LONGEST_NAME = 40  # characters of a name; six results have to fit into one message
_MOST_REASONS = 3

_ASK = N_("What are you looking for?")
_HOW = N_(
    "Write a reference, a name in any letters, a year of birth, a country or a place. Several at once help."
)
_NOTHING = N_("Nothing was found for: {text}")
_NOT_READ = N_("There is nothing in it to look for.")
_ONLY_BEST = N_("Only the {n} that fit best are shown. More words narrow it down.")
_NAMELESS = N_("name not written")
_WHOSE = {
    NameOf.OWN: N_("Name"),
    NameOf.OTHER: N_("Other names"),
    NameOf.MOTHER: N_("Mother's name"),
    NameOf.FATHER: N_("Father's name"),
    NameOf.REQUESTER: N_("Who asks"),
    NameOf.PLACE: N_("Place"),
}
_NAMED = {
    Match.SAME_NAME: N_("{whose}: {name}"),
    Match.SIMILAR: N_("{whose}, similar: {name}"),
    Match.OTHER_SCRIPT: N_("{whose}, in other letters: {name}"),
}
_WHY = {
    Match.REFERENCE: N_("the reference"),
    Match.LIKE_REFERENCE: N_("a similar reference"),
    Match.BIRTH: N_("the year of birth"),
    Match.NEAR_BIRTH: N_("nearly the year of birth"),
    Match.COUNTRY: N_("the country"),
    Match.SITE: N_("the place"),
}


def _ask(turn: Turn, _rest: str) -> None:
    turn.show(Desk.FIND, desk_screen(turn, paragraphs(bold(turn.t(_ASK)), turn.t(_HOW))))


def _find(turn: Turn, text: str) -> None:
    """Look for what was written; without anything ask what for."""
    wanted = text.strip()[:LONGEST]
    if not wanted:
        turn.go(Desk.FIND)
    elif not read_sought(wanted).anything:
        turn.note(turn.t(_NOT_READ))
        turn.go(Desk.FIND)
    else:
        turn.state["find"] = {"text": wanted, "page": 0}
        turn.go(Desk.FOUND)


def _show(turn: Turn, _rest: str) -> None:
    """Show one page of the results. Each case on it has been seen by name, so each is written into the audit log."""
    look = turn.state.get("find")
    if look is None:
        turn.go(Desk.FIND)
        return
    hits = _search(turn, look["text"])
    first = min(look["page"], max(len(hits) - 1, 0) // A_PAGE) * A_PAGE
    shown = hits[first : first + A_PAGE]
    see(turn, [hit.request_id for hit in shown])
    only_best = turn.t(_ONLY_BEST, n=MOST_FOUND) if len(hits) == MOST_FOUND else None
    numbered = list(enumerate(shown, first + 1))
    cases = [Button(f"{number} · {hit.case.reference}", f"open:{hit.request_id}") for number, hit in numbered]
    lines = (in_words(turn, number, hit) for number, hit in numbered)
    text = paragraphs(_heading(turn, look["text"], len(hits)), *lines, only_best)
    pages = [turn.button(N_("First page"), "first")] if first else []
    pages += [turn.button(N_("Next page"), "more")] if first + A_PAGE < len(hits) else []
    rows = [*side_by_side(cases), pages, [turn.button(N_("Look for something else"), "find")]]
    turn.show(Desk.FOUND, desk_screen(turn, text, rows))


def _search(turn: Turn, text: str) -> list[Hit]:
    """Search beside the writer; leave out what has been erased since."""
    names, keys = turn.around.names, turn.keys
    found = turn.beside("hits", lambda connection: search(names, connection, keys, read_sought(text)))
    return standing(turn.connection, found)


def see(turn: Turn, requests: Sequence[int]) -> None:
    """Write into the audit log of which cases the screen names somebody."""
    deeds = [Deed(Action.FIND, turn.account_id, request_id) for request_id in requests]
    audit.record_all(turn.connection, turn.keys, deeds, turn.now)


def _heading(turn: Turn, text: str, found: int) -> Html:
    if not found:
        return turn.t(_NOTHING, text=cut(text))
    return bold(turn.locale.plural("{n} case found", "{n} cases found", found))


def in_words(turn: Turn, number: int, hit: Hit) -> Html:
    """Say who was found and why: three lines, of which names and places are a family's words."""
    withdrawn = bold(turn.t(N_("withdrawn by the family"))) if hit.withdrawn else None
    known = facts_in_words(turn, hit.person) if hit.person is not None else []
    facts = [code(hit.case.reference), *known, *([withdrawn] if withdrawn else [])]
    why = "; ".join(reason_in_words(turn, each) for each in hit.reasons[:_MOST_REASONS])
    lines = [Html(f"{number}. {bold(called_in_words(turn, hit.person))}"), Html(" · ".join(facts))]
    return joined([*lines, *([turn.t(N_("Why: {reasons}"), reasons=Html(why))] if why else [])])


def called_in_words(turn: Turn, person: Entry | None) -> Html:
    return safe(cut(person.called)) if person is not None and person.called else turn.t(_NAMELESS)


def facts_in_words(turn: Turn, person: Entry) -> list[Html]:
    """Say what tells one person from another of the same name: birth and country, as far as they are known."""
    facts = []
    if person.birth is not None:
        facts.append(safe(birth_in_words(turn.locale, from_json(person.birth))))
    if person.country != UNKNOWN:
        facts.append(safe(country_name(person.country, turn.locale.chain)))
    return facts


def reason_in_words(turn: Turn, reason: Reason) -> Html:
    if reason.of is None:
        return turn.t(_WHY[reason.match])
    return turn.t(_NAMED[reason.match], whose=turn.t(_WHOSE[reason.of]), name=cut(reason.written))


def cut(text: str) -> str:
    """Shorten what somebody wrote, so that a page of it fits into a message."""
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "…"


def _more(turn: Turn, _rest: str) -> None:
    look = turn.state.get("find")
    if look is not None:
        look["page"] += 1
    turn.go(Desk.FOUND)


def _first(turn: Turn, _rest: str) -> None:
    look = turn.state.get("find")
    if look is not None:
        look["page"] = 0
    turn.go(Desk.FOUND)


# The page that is shown is what the audit log tells of; what leads to it only asks who may.
FIND = Guarded(Action.FIND, _find)
_TYPED = Guarded(Action.FIND, lambda turn, _: _find(turn, turn.incoming.text))
_ANEW = Guarded(Action.FIND, lambda turn, _: turn.go(Desk.FIND))
STEPS = (
    Step(Desk.FIND, Guarded(Action.FIND, _ask), _TYPED, FROM_DESK),
    Step(
        Desk.FOUND,
        at_desk(Action.FIND, _show),
        _TYPED,
        {
            "open": OPEN_CASE,
            "more": Guarded(Action.FIND, _more),
            "first": Guarded(Action.FIND, _first),
            "find": _ANEW,
            **FROM_DESK,
        },
    ),
)
