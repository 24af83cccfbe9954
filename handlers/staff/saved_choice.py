"""A saved reply instead of typing: those in the family's language first. It can be changed before it is sent."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs, safe
from bot.incoming import id_in, page_in
from bot.screen import Button
from bot.turn import Turn
from casework import conversations, saved_replies
from casework.conversations import Thread
from casework.words import N_
from handlers.staff.conversing import OF_CASE, WITH_WRITER, Places, leading_to, on_thread, places_of
from handlers.staff.everywhere import FROM_CASE, FROM_DESK, desk_screen, leading, page_buttons
from handlers.staff.guard import Guarded
from handlers.staff.letter_draft import draft_of, keep

_A_PAGE = 6
_SHOWN = 120
NONE = N_("There are none yet. The command /replies adds some.")


def _show(turn: Turn, thread: Thread, _rest: str) -> None:
    chats = conversations.chats(turn.connection, thread)
    families = [turn.around.locales.get(each.language).code for each in chats]
    number = turn.state.get("saved_page", 0)
    found = saved_replies.page(turn.connection, _A_PAGE + 1, number * _A_PAGE, list(dict.fromkeys(families)))
    shown = found[:_A_PAGE]
    text = paragraphs(
        bold(turn.t(N_("Which saved reply?"))),
        *(safe(f"{label(turn, each)}\n{each.text[:_SHOWN]}") for each in shown),
        None if shown else turn.t(NONE),
    )
    buttons = [[Button(label(turn, each), f"use:{each.id}")] for each in shown]
    rows = [*buttons, page_buttons(turn, number, more=len(found) > _A_PAGE)]
    turn.show(places_of(thread).saved, desk_screen(turn, text, rows, back="reply"))


def label(turn: Turn, saved: saved_replies.Saved) -> str:
    return f"{turn.around.locales.get(saved.language).own_name}: {saved.called}"


def _use(turn: Turn, thread: Thread, reply_id: str) -> None:
    """Put it where the words stand; it can be written anew there."""
    saved, draft = saved_replies.one(turn.connection, id_in(reply_id) or 0), draft_of(turn, thread)
    if saved is not None:
        draft.text = saved.text
        keep(turn, thread, draft)
    turn.go(places_of(thread).reply)


def _step(places: Places) -> Step:
    def page(turn: Turn, number: str) -> None:
        turn.state["saved_page"] = page_in(number) or 0
        turn.go(places.saved)

    turning: Guarded = leading(page)
    return Step(
        places.saved,
        on_thread(places, places.answers, _show),
        presses={
            "use": on_thread(places, places.answers, _use),
            "page": turning,
            "reply": leading(leading_to(places.reply)),
            **(FROM_CASE if places is OF_CASE else FROM_DESK),
        },
    )


STEPS = (_step(OF_CASE), _step(WITH_WRITER))
