"""/messages: the conversations in which a family waits for an answer, who waits longest first. Names nobody."""

from collections.abc import Mapping

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import id_in, page_in
from bot.screen import Button
from bot.turn import Turn
from casework import team, waiting
from casework.permissions import Action
from casework.waiting import Waiting
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.conversing import NO_CASE, TITLE
from handlers.staff.everywhere import FROM_DESK, desk_screen, leading, page_buttons, to
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

_A_PAGE = 8
TO_MESSAGES = N_("Messages: {n}")
_NOTHING = N_("No family waits for an answer.")


def _show(turn: Turn, _rest: str) -> None:
    number = turn.state.get("inbox_page", 0)
    found = waiting.page(turn.connection, turn.keys, _A_PAGE + 1, number * _A_PAGE)
    if not found and number:
        turn.state["inbox_page"] = 0
        turn.go(Desk.MESSAGES)
        return
    names = team.names(turn.connection, turn.keys)
    blocks = [_line(turn, each, names) for each in found[:_A_PAGE]] or [turn.t(_NOTHING)]
    buttons = [_button(turn, each) for each in found[:_A_PAGE]]
    rows = [*side_by_side(buttons), page_buttons(turn, number, more=len(found) > _A_PAGE)]
    turn.show(Desk.MESSAGES, desk_screen(turn, paragraphs(bold(turn.t(TITLE)), *blocks), rows))


def _line(turn: Turn, each: Waiting, names: Mapping[int, str]) -> Html:
    what = code(each.reference) if each.reference else bold(turn.t(NO_CASE))
    language = safe(turn.around.locales.get(each.language).own_name)
    since = turn.t(N_("since {day}"), day=turn.locale.moment(each.since, turn.zone))
    number = turn.locale.plural("{n} message", "{n} messages", each.count)
    holder = []
    if each.holder_id is not None:
        holder = [turn.t(N_("with {name}"), name=names.get(each.holder_id, team.NAMELESS))]
    return joined([what, joined([number, language, since, *holder], " · ")])


def _button(turn: Turn, each: Waiting) -> Button:
    if each.thread.request_id is not None:
        return Button(each.reference, f"talk:{each.thread.request_id}")
    day = turn.locale.date(each.since, turn.zone)
    return Button(
        turn.locale.plain(N_("Without a request, {day}"), day=day), f"writer:{each.thread.account_id}"
    )


def _talk(turn: Turn, request_id: str) -> bool | None:
    named = id_in(request_id)
    if named is None:
        return False
    turn.state["case"], turn.state["thread_at"] = named, 0
    turn.go(Desk.THREAD)
    return None


def _writer(turn: Turn, account_id: str) -> bool | None:
    named = id_in(account_id)
    if named is None:
        return False
    turn.state["writer"], turn.state["thread_at"] = named, 0
    turn.go(Desk.WRITER)
    return None


def _page(turn: Turn, number: str) -> None:
    turn.state["inbox_page"] = page_in(number) or 0
    turn.go(Desk.MESSAGES)


def count(turn: Turn) -> int:
    """Count the conversations, for the desk."""
    return waiting.count(turn.connection)


INBOX = to(Action.QUEUE, Desk.MESSAGES)
STEPS = (
    Step(
        Desk.MESSAGES,
        at_desk(Action.QUEUE, _show),
        presses={
            "talk": leading(_talk),
            "writer": leading(_writer),
            "page": leading(_page),
            **FROM_DESK,
        },
    ),
)
