"""/export: for whom, narrowed by stage, country or place; how much it would be; asked for, approved, handed over."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, joined, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import exporting, places, queue
from casework.approvals import Approval
from casework.exporting import MOST, Left, Recipient, Selection, Wanted
from casework.permissions import Action
from casework.stages import STAFF_WORDS
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.place_words import place_called
from handlers.staff import seconding
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.export_file import recipe_of
from handlers.staff.export_words import (
    RECIPIENTS,
    held_in_words,
    requests_in_words,
    wanted_in_words,
)
from handlers.staff.guard import at_desk
from handlers.staff.moving import TWO
from handlers.staff.place_words import country_in_words
from handlers.staff.seconding import Matter
from handlers.staff.steps import Desk

TO_EXPORT = N_("Export")
_ALLOWED_ONLY = N_("Only requests whose family allows it are in it. A second person has to approve it.")
_TOO_MUCH = N_("At most {requests} fit into one file. Choose a stage, a country or a place.")
_NOTHING = N_("No request can be in it.")
_HERE = N_("The export that was approved.")
_SAFE = N_("Keep it as safe as the requests themselves.")
_LEFT_OUT = N_("Left out: {n}.")


def _begin(turn: Turn, recipient: str) -> bool | None:
    if not recipient:
        turn.go(Desk.EXPORT)
        return None
    if recipient not in set(Recipient):
        return False
    turn.state["export"] = Wanted(recipient).to_json()
    turn.go(Desk.EXPORT_OF)
    return None


def _ask_whom(turn: Turn, _rest: str) -> None:
    text = paragraphs(bold(turn.t(N_("For whom is the export?"))), turn.t(_ALLOWED_ONLY))
    rows = [[turn.button(words, f"for:{recipient}")] for recipient, words in RECIPIENTS.items()]
    turn.show(Desk.EXPORT, desk_screen(turn, text, rows))


def _show(turn: Turn, _rest: str) -> None:
    wanted = _wanted(turn)
    if wanted is None:
        turn.go(Desk.EXPORT)
        return
    found = exporting.select_for(turn.connection, turn.keys, wanted)
    left = (found.not_allowed, found.kept_back)
    text = paragraphs(
        bold(wanted_in_words(turn, wanted)),
        held_in_words(turn, len(found.request_ids), found.persons, *left),
        _hindrance(turn, found),
    )
    narrow = [turn.button(words, f"by:{key}") for key, words in _NARROWED.items()]
    ask = [] if _hindrance(turn, found) else [[turn.button(TWO, "ask")]]
    turn.show(Desk.EXPORT_OF, desk_screen(turn, text, [*side_by_side(narrow), *ask], back="export"))


def _hindrance(turn: Turn, found: Selection) -> Html | None:
    if not found.request_ids:
        return turn.t(_NOTHING)
    if len(found.request_ids) > MOST:
        return turn.t(_TOO_MUCH, requests=requests_in_words(turn, MOST))
    return None


def _wanted(turn: Turn) -> Wanted | None:
    stored = turn.state.get("export")
    return Wanted.from_json(stored) if stored else None


def _by(turn: Turn, key: str) -> bool | None:
    """Offer what an export can be narrowed by."""
    if key not in _NARROWED or _wanted(turn) is None:
        return False
    turn.state["export_by"] = key
    turn.go(Desk.EXPORT_BY)
    return None


def _ask_which(turn: Turn, _rest: str) -> None:
    key = turn.state.get("export_by", "")
    if key not in _NARROWED or _wanted(turn) is None:
        turn.go(Desk.EXPORT)
        return
    buttons = [Button(words, f"only:{code}") for code, words in _CHOICES[key](turn)]
    rows = [*side_by_side(buttons), [turn.button(N_("All of them"), "only:")]]
    turn.show(Desk.EXPORT_BY, desk_screen(turn, bold(turn.t(_NARROWED[key])), rows, back="preview"))


def _only(turn: Turn, code: str) -> bool | None:
    """Narrow the export to this, or by this no longer."""
    key, wanted = turn.state.get("export_by", ""), _wanted(turn)
    if wanted is None or key not in _NARROWED or (code and code not in dict(_CHOICES[key](turn))):
        return False
    narrowed = code if key != "site_id" else int(code) if code else None
    turn.state["export"] = wanted.to_json() | {key: narrowed}
    turn.go(Desk.EXPORT_OF)
    return None


def _stages(turn: Turn) -> Sequence[tuple[str, str]]:
    found = queue.stages_in_use(turn.connection)
    return [(stage.value, turn.locale.plain(STAFF_WORDS[stage])) for stage in found]


def _countries(turn: Turn) -> Sequence[tuple[str, str]]:
    found = exporting.countries_in_use(turn.connection)
    return [(code, country_in_words(turn, code)) for code in found]


def _sites(turn: Turn) -> Sequence[tuple[str, str]]:
    found = places.offered(turn.connection, None)
    return [(str(site.id), place_called(turn.locale, site.called)) for site in found]


_NARROWED = {"stage": N_("Stage"), "country": N_("Country"), "site_id": N_("Place")}
_CHOICES: Mapping[str, Callable[[Turn], Sequence[tuple[str, str]]]] = MappingProxyType(
    {"stage": _stages, "country": _countries, "site_id": _sites}
)


def _ask(turn: Turn, _rest: str) -> bool | None:
    """Ask a second person for what is in it now; what comes later is not in it."""
    wanted = _wanted(turn)
    if wanted is None:
        return False
    found = exporting.select_for(turn.connection, turn.keys, wanted)
    if _hindrance(turn, found):
        turn.go(Desk.EXPORT_OF)
        return None
    seconding.ask(
        turn,
        MATTER,
        {
            "wanted": wanted.to_json(),
            "requests": found.request_ids,
            "persons": found.persons,
            "left": [found.not_allowed, found.kept_back],
            "language": turn.locale.code,
        },
    )
    turn.state.pop("export", None)
    turn.go(Desk.DESK)
    return None


def _pages(turn: Turn, approval: Approval) -> list[Html]:
    """Say what would leave. It names nobody."""
    asked = approval.asked.details
    held = held_in_words(turn, len(asked["requests"]), asked["persons"], *asked["left"])
    return [paragraphs(wanted_in_words(turn, Wanted.from_json(asked["wanted"])), held)]


def _hand_over(turn: Turn, approval: Approval) -> bool:
    """Send the table to whoever asked, in their language; it is made as it leaves (handlers/staff/export_file.py)."""
    asked = approval.asked.details
    wanted = Wanted.from_json(asked["wanted"])
    left = Left(approval.asked.by, approval.id, turn.now)
    released = exporting.release(turn.connection, turn.keys, wanted, asked["requests"], left)
    if not released:
        return False
    left_out = len(asked["requests"]) - len(released) + sum(asked["left"])

    def said(locale: Locale) -> Html:
        return joined([locale.t(_HERE), locale.t(_LEFT_OUT, n=left_out), locale.t(_SAFE)])

    day = turn.now.astimezone(turn.zone).date()
    turn.hand(approval.asked.by, recipe_of(wanted, released, asked["language"], day), said)
    return True


MATTER = Matter("export", TO_EXPORT, Action.EXPORT, _pages, _hand_over)
EXPORT = at_desk(Action.EXPORT, _begin)
_TO_PREVIEW = at_desk(Action.EXPORT, lambda turn, _: turn.go(Desk.EXPORT_OF))
STEPS = (
    Step(Desk.EXPORT, at_desk(Action.EXPORT, _ask_whom), presses={"for": EXPORT, **FROM_DESK}),
    Step(
        Desk.EXPORT_OF,
        at_desk(Action.EXPORT, _show),
        presses={
            "by": at_desk(Action.EXPORT, _by),
            "ask": at_desk(Action.EXPORT, _ask),
            "export": EXPORT,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.EXPORT_BY,
        at_desk(Action.EXPORT, _ask_which),
        presses={"only": at_desk(Action.EXPORT, _only), "preview": _TO_PREVIEW, **FROM_DESK},
    ),
)
