"""What was written with a family: of one request, or with a writer who has none. What is opened is audited.

The newest messages stand open, the ones before them folded; what is long or has files opens by itself.
"""

from collections.abc import Mapping, Sequence

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import caseload, conversations, messages, submissions, team
from casework.conversations import Line, Thread
from casework.permissions import Action
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff import opened
from handlers.staff.conversing import (
    FROM_WRITER,
    OF_CASE,
    Places,
    heading,
    leading_to,
    may_do,
    on_thread,
    places_of,
)
from handlers.staff.everywhere import FROM_CASE, desk_screen, leading
from handlers.staff.guard import Guarded
from handlers.staff.message_words import FORWARDED, behind_a_tap, block, files, head, state
from handlers.staff.opened import AT_ONCE, FROM_OPENED
from handlers.staff.steps import Desk

_A_PAGE = 6
_OPEN_ONES = 3  # the rest of a page is folded
_WHOLE = 1700  # characters of a message on a page of its own
_NOTHING = N_("Nothing has been written yet.")
_FROM_FAMILY = N_("From the family")
_GONE = N_("This message is not there any more.")
_SETTLED = N_("It waits for no answer any more.")
_UNASKED = N_("The family is not asked for an answer any more.")


def _show(turn: Turn, thread: Thread, _rest: str) -> None:
    newer = turn.state.get("thread_at", 0)
    found = conversations.page(turn.connection, turn.keys, thread, turn.now, _A_PAGE + 1, newer)
    shown, chats = found[-_A_PAGE:], conversations.chats(turn.connection, thread)
    names = team.names(turn.connection, turn.keys)
    blocks = [block(turn, number, each, chats, names) for number, each in enumerate(shown, 1)]
    whole = [
        each.message.message_id for each in shown if not each.message.from_office and not behind_a_tap(each)
    ]
    messages.mark_read(turn.connection, whole, turn.now)
    folded, fresh = blocks[:-_OPEN_ONES], blocks[-_OPEN_ONES:]
    fold = Html(f"<blockquote expandable>{paragraphs(*folded)}</blockquote>") if folded else None
    text = paragraphs(bold(heading(turn, thread)), fold, *(fresh or [turn.t(_NOTHING)]))
    rows = [*_letters(turn, shown), _pages(turn, newer, more=len(found) > _A_PAGE), *_ways(turn, thread)]
    places = places_of(thread)
    turn.show(places.thread, desk_screen(turn, text, [*rows, opened.ways(turn)], back=places.back))


def _letters(turn: Turn, shown: Sequence[Line]) -> list[list[Button]]:
    """Offer by itself each message of which the list shows a part."""
    return side_by_side(
        [
            Button(
                turn.locale.plain(N_("Open {number}"), number=number), f"message:{each.message.message_id}"
            )
            for number, each in enumerate(shown, 1)
            if behind_a_tap(each)
        ]
    )


def _pages(turn: Turn, newer: int, *, more: bool) -> list[Button]:
    earlier = [turn.button(N_("Earlier messages"), f"at:{newer + _A_PAGE}")] if more else []
    later = [turn.button(N_("Later messages"), f"at:{max(0, newer - _A_PAGE)}")] if newer else []
    return [*earlier, *later]


def _ways(turn: Turn, thread: Thread) -> list[list[Button]]:
    """Offer what may be done in the conversation now."""
    case = caseload.lock(turn.connection, thread.request_id) if thread.request_id is not None else None
    places = places_of(thread)
    rows: list[list[Button]] = []
    if may_do(turn, thread, places.answers, case) and conversations.chats(turn.connection, thread):
        reply = [turn.button(N_("Reply"), "reply", style="success")]
        asks = thread.request_id is not None and may_do(turn, thread, Action.ASK, case)
        rows.append([*reply, *([turn.button(N_("Ask something"), "ask")] if asks else [])])
    if may_do(turn, thread, places.settles, case):
        if conversations.who_wait(turn.connection, thread):
            rows.append([turn.button(N_("It needs no answer"), "settle")])
        if thread.request_id is not None and conversations.asks(turn.connection, thread.request_id):
            rows.append([turn.button(N_("Wait for no answer any more"), "unask")])
    return rows


def _settle(turn: Turn, thread: Thread, _rest: str) -> None:
    conversations.settle(turn.connection, thread)
    turn.note(turn.t(_SETTLED))
    turn.go(places_of(thread).thread)


def _unask(turn: Turn, thread: Thread, _rest: str) -> None:
    if thread.request_id is not None:
        messages.unask(turn.connection, thread.request_id)
    turn.note(turn.t(_UNASKED))
    turn.go(places_of(thread).thread)


def _line_of(turn: Turn, thread: Thread) -> Line | None:
    chosen = turn.state.get("message", 0)
    return conversations.one(turn.connection, turn.keys, thread, chosen, turn.now)


def _show_one(turn: Turn, thread: Thread, _rest: str) -> None:
    """Show one message whole, page by page where it is long. From now on it is read."""
    line, places = _line_of(turn, thread), places_of(thread)
    if line is None:
        turn.note(turn.t(_GONE))
        turn.go(places.thread)
        return
    message = line.message
    if not message.from_office:
        messages.mark_read(turn.connection, [message.message_id], turn.now)
    pages = [message.text[at : at + _WHOLE] for at in range(0, len(message.text), _WHOLE)] or [""]
    page = min(turn.state.get("message_page", 0), len(pages) - 1)
    chats = conversations.chats(turn.connection, thread)
    names = team.names(turn.connection, turn.keys)
    text = paragraphs(
        bold(heading(turn, thread)),
        joined(each for each in (head(turn, "", line, chats, names), state(turn, line)) if each),
        turn.t(FORWARDED) if message.forwarded else None,
        files(turn, line),
        safe(pages[page]) if pages[page] else None,
    )
    stored = any(part.state == "stored" for part in message.files)
    openings = [turn.button(N_("Open what came with it"), "open")] if stored else []
    turning = [
        *([turn.button(N_("Earlier part"), f"part:{page - 1}")] if page else []),
        *([turn.button(N_("Next part"), f"part:{page + 1}")] if page + 1 < len(pages) else []),
    ]
    rows = [openings, turning, *_ways(turn, thread)[:1], opened.ways(turn)]
    turn.show(places.message, desk_screen(turn, text, rows, back="thread"))


def _choose(places: Places) -> Guarded:
    def choose(turn: Turn, message_id: str) -> None:
        turn.state["message"], turn.state["message_page"] = id_in(message_id) or 0, 0
        turn.go(places.message)

    return leading(choose)


def _part(places: Places) -> Guarded:
    def part(turn: Turn, page: str) -> None:
        turn.state["message_page"] = id_in(page) or 0
        turn.go(places.message)

    return leading(part)


def _open(turn: Turn, thread: Thread, _rest: str) -> None:
    """Send what came with a message into the chat, protected; what was removed meanwhile is said to be."""
    line = _line_of(turn, thread)
    submission_id = line.message.submission_id if line is not None else None
    sent = (
        submissions.of_message(turn.connection, turn.keys, submission_id)
        if submission_id is not None
        else None
    )
    if line is None or sent is None or not sent.stored:
        turn.note(turn.t(_GONE))
    else:
        what = turn.t(N_("From the office") if line.message.from_office else _FROM_FAMILY)
        opened.send(turn, sent.stored[:AT_ONCE], what)
    turn.go(places_of(thread).message)


def _which(turn: Turn, thread: Thread, _rest: str) -> int | None:
    line = _line_of(turn, thread)
    return line.message.message_id if line is not None else None


def _turning(places: Places) -> Guarded:
    def at(turn: Turn, newer: str) -> None:
        turn.state["thread_at"] = min(id_in(newer) or 0, 100_000)
        turn.go(places.thread)

    return leading(at)


def _open_thread(turn: Turn, _thread: Thread, _rest: str) -> None:
    """Begin with the newest page."""
    turn.state["thread_at"] = 0
    turn.go(Desk.THREAD)


def _from_anywhere(turn: Turn, request_id: str) -> bool | None:
    """Follow a notice to the messages of its case, which asks for itself whether they may be read."""
    case_id = id_in(request_id)
    if case_id is None:
        return False
    turn.state["case"], turn.state["thread_at"] = case_id, 0
    turn.go(Desk.THREAD)
    return None


FROM_ANYWHERE = leading(_from_anywhere)
OPEN_THREAD = on_thread(OF_CASE, Action.READ_MESSAGES, _open_thread)


def steps_of(places: Places, ways: Mapping[str, Guarded]) -> tuple[Step, ...]:
    """Make the two screens of one kind of conversation.

    Args:
        ways: what leads on to writing, by the press.
    """
    out = FROM_CASE if places is OF_CASE else FROM_WRITER
    settling = {
        "settle": on_thread(places, places.settles, _settle),
        "unask": on_thread(places, places.settles, _unask),
    }
    return (
        Step(
            places.thread,
            on_thread(places, places.reads, _show),
            presses={
                "message": _choose(places),
                "at": _turning(places),
                **settling,
                **ways,
                **FROM_OPENED,
                **out,
            },
        ),
        Step(
            places.message,
            on_thread(places, places.reads, _show_one, _which),
            presses={
                "open": on_thread(places, places.opens, _open, _which),
                "part": _part(places),
                "thread": leading(leading_to(places.thread)),
                **ways,
                **FROM_OPENED,
                **out,
            },
        ),
    )
