"""/replies: the answers that staff give often, each in one language; added, changed, removed."""

from collections.abc import Mapping

from bot.dialog import PressHandler, Step
from bot.i18n import Html, bold, paragraphs, safe
from bot.incoming import id_in, page_in
from bot.screen import Button, units
from bot.turn import Turn
from casework import saved_replies
from casework.permissions import Action
from casework.saved_replies import LONGEST, LONGEST_NAME, MOST, Saved
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_DESK, desk_screen, page_buttons
from handlers.staff.guard import Guarded, OnDesk, at_desk
from handlers.staff.saved_choice import label
from handlers.staff.steps import Desk

TITLE = N_("Saved replies")
_A_PAGE = 12
_WHAT = N_("Answers that are given often. They are the office's own: no name of anybody belongs in them.")
_NONE = N_("There is none yet.")
_FULL = N_("There may be {most} saved replies at most. Remove one first.")
_LANGUAGE = N_("In which language is it?")
_NAME = N_("What is it called? Only the team reads this.")
_TEXT = N_("Write the reply itself in one message, as families will read it.")
_NEW_TEXT = N_("Write it anew in one message. What it says now is replaced.")
_NAME_TOO_LONG = N_("A name may have {most} letters at most.")
_TOO_LONG = N_("A saved reply may have {most} letters at most.")
_SAVED = N_("The reply is saved.")
_CALLED_SO = N_("There is a reply of this name in this language already. Nothing was saved.")
_REMOVED = N_("The reply is removed.")
_GONE = N_("This saved reply is not there any more.")
_CHANGED = N_("A colleague has changed this reply meanwhile. Nothing was changed by you.")


def _show(turn: Turn, _rest: str) -> None:
    page = turn.state.get("replies_page", 0)
    found = saved_replies.page(turn.connection, _A_PAGE + 1, page * _A_PAGE)
    buttons = [Button(label(turn, each), f"open:{each.id}") for each in found[:_A_PAGE]]
    rows = [[each] for each in buttons]
    rows += [page_buttons(turn, page, more=len(found) > _A_PAGE), [turn.button(N_("Add a reply"), "add")]]
    text = paragraphs(bold(turn.t(TITLE)), turn.t(_WHAT), None if found else turn.t(_NONE))
    turn.show(Desk.SAVED, desk_screen(turn, text, rows))


def _page(turn: Turn, page: str) -> None:
    turn.state["replies_page"] = page_in(page) or 0
    turn.go(Desk.SAVED)


def _open(turn: Turn, reply_id: str) -> None:
    turn.state["saving"] = {"reply": id_in(reply_id) or 0}
    turn.go(Desk.SAVED_ONE)


def _chosen(turn: Turn) -> Saved | None:
    return saved_replies.one(turn.connection, turn.state.get("saving", {}).get("reply", 0))


def _show_one(turn: Turn, _rest: str) -> None:
    saved = _chosen(turn)
    if saved is None:
        _gone(turn)
        return
    rows = [
        [turn.button(N_("Change it"), "change")],
        [turn.button(N_("Remove it"), f"remove:{saved.id}", style="danger")],
    ]
    text = paragraphs(bold(safe(label(turn, saved))), safe(saved.text))
    turn.show(Desk.SAVED_ONE, desk_screen(turn, text, rows, back="replies"))


def _gone(turn: Turn) -> None:
    turn.note(turn.t(_GONE))
    turn.go(Desk.SAVED)


def _remove(turn: Turn, reply_id: str) -> None:
    removed = saved_replies.remove(turn.connection, id_in(reply_id) or 0)
    turn.note(turn.t(_REMOVED if removed else _GONE))
    turn.go(Desk.SAVED)


def _add(turn: Turn, _rest: str) -> None:
    if saved_replies.full(turn.connection):
        turn.note(turn.t(_FULL, most=MOST))
        turn.go(Desk.SAVED)
        return
    turn.state["saving"] = {}
    turn.go(Desk.SAVED_LANGUAGE)


def _ask_language(turn: Turn, _rest: str) -> None:
    languages = [Button(each.own_name, f"in:{each.code}") for each in turn.around.locales]
    text = bold(turn.t(_LANGUAGE))
    turn.show(Desk.SAVED_LANGUAGE, desk_screen(turn, text, side_by_side(languages), back="replies"))


def _in(turn: Turn, language: str) -> bool | None:
    if not turn.around.locales.offers(language):
        return False
    turn.state["saving"] = {"language": language}
    turn.go(Desk.SAVED_NAME)
    return None


def _ask_name(turn: Turn, _rest: str) -> None:
    if "language" not in turn.state.get("saving", {}):
        turn.go(Desk.SAVED)
        return
    turn.show(Desk.SAVED_NAME, desk_screen(turn, bold(turn.t(_NAME)), back="replies"))


def _named(turn: Turn, _rest: str) -> None:
    name = " ".join(turn.incoming.text.split())
    if not name or len(name) > LONGEST_NAME:
        turn.note(turn.t(_NAME_TOO_LONG, most=LONGEST_NAME))
        turn.go(Desk.SAVED_NAME)
        return
    turn.state.setdefault("saving", {})["called"] = name
    turn.go(Desk.SAVED_TEXT)


def _ask_text(turn: Turn, _rest: str) -> None:
    """Ask for the words of a new one, or for other words of one there is."""
    saving, saved = turn.state.get("saving", {}), _chosen(turn)
    if saved is not None:
        saving["before"] = saved.text
        text: Html = paragraphs(bold(safe(label(turn, saved))), turn.t(_NEW_TEXT), safe(saved.text))
    elif {"language", "called"} <= set(saving):
        text = paragraphs(bold(safe(saving["called"])), turn.t(_TEXT))
    else:
        turn.go(Desk.SAVED)
        return
    turn.show(Desk.SAVED_TEXT, desk_screen(turn, text, back="replies"))


def _written(turn: Turn, _rest: str) -> None:
    text = turn.incoming.text.strip()
    if not text or units(text) > LONGEST:
        turn.note(turn.t(_TOO_LONG, most=LONGEST))
        turn.go(Desk.SAVED_TEXT)
        return
    _save(turn, text)
    turn.go(Desk.SAVED)


def _save(turn: Turn, text: str) -> None:
    saving, saved = turn.state.pop("saving", {}), None
    if "reply" in saving:
        saved = saved_replies.one(turn.connection, saving["reply"])
        if saved is None:
            turn.note(turn.t(_GONE))
            return
        as_read = Saved(saved.id, saved.language, saved.called, saving.get("before", ""))
        changed = saved_replies.change(turn.connection, as_read, text, turn.account_id, turn.now)
        turn.note(turn.t(_SAVED if changed else _CHANGED))
    elif {"language", "called"} <= set(saving):
        by, now = turn.account_id, turn.now
        added = saved_replies.add(turn.connection, saving["language"], saving["called"], text, by, now)
        turn.note(turn.t(_SAVED if added else _CALLED_SO))


def _change(turn: Turn, _rest: str) -> None:
    turn.go(Desk.SAVED_TEXT)


def _guarded(handler: OnDesk) -> Guarded:
    return at_desk(Action.SAVED_REPLIES, handler)


REPLIES = _guarded(lambda turn, _rest: turn.go(Desk.SAVED))
_BACK: Mapping[str, PressHandler] = {"replies": REPLIES, **FROM_DESK}
STEPS = (
    Step(
        Desk.SAVED,
        _guarded(_show),
        presses={"open": _guarded(_open), "page": _guarded(_page), "add": _guarded(_add), **FROM_DESK},
    ),
    Step(
        Desk.SAVED_ONE,
        _guarded(_show_one),
        presses={"change": _guarded(_change), "remove": _guarded(_remove), **_BACK},
    ),
    Step(Desk.SAVED_LANGUAGE, _guarded(_ask_language), presses={"in": _guarded(_in), **_BACK}),
    Step(Desk.SAVED_NAME, _guarded(_ask_name), _guarded(_named), _BACK),
    Step(Desk.SAVED_TEXT, _guarded(_ask_text), _guarded(_written), _BACK),
)
