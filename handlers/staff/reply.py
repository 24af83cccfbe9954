"""Writing to a family: words, voice, photos and files, shown as the family will read them, and only then sent.

A question is what the family owes an answer to: until anything comes from them, the case waits for them.
"""

from bot.dialog import Step, TurnHandler
from bot.i18n import bold, joined, paragraphs
from bot.incoming import id_in
from bot.screen import Button
from bot.store import request_of_message
from bot.turn import Turn
from casework import caseload, conversations, letters
from casework.conversations import Chat, Thread
from casework.letters import Letter
from casework.permissions import Action, Role
from casework.words import N_
from handlers.staff.conversing import (
    OF_CASE,
    WITH_WRITER,
    Places,
    heading,
    leading_to,
    may_do,
    on_thread,
    places_of,
)
from handlers.staff.everywhere import FROM_CASE, FROM_DESK, desk_screen, leading
from handlers.staff.guard import Guarded, record
from handlers.staff.letter_draft import Draft, draft_of, fresh, keep, put_file, put_words, recipients
from handlers.staff.news import tell_of_letters
from handlers.staff.preview import chat_button, families_of, preview, whom_in_words
from handlers.staff.steps import Desk
from handlers.staff.thread import steps_of

_WRITE = N_(
    "Write your message, or send a voice message, photos or PDF files. You see it first as the family will."
)
_THEY_GET = N_("The family gets a notice without names, and reads this after a tap:")
_OWES = N_("It is a question: until they answer, the case waits for the family.")
_IN = N_("Language of the family: {languages}")
_AGAIN = N_("Write again to replace the words. What you send besides is added.")
_SENT = N_("Sent. The family gets a notice without names.")
_SENT_LATER = N_("It is kept, and leaves as soon as its files are stored.")
_ASKED = N_("Asked. Until the family answers, the case waits for them.")
_UNREACHED = N_("It is written down. No chat of the family can be reached: please tell them in another way.")
_NOBODY = N_("No chat can open this request any more: there is nobody to write to.")


def _current(turn: Turn, places: Places) -> Thread:
    """Return the conversation of the screen; who may write in it is asked by the screen."""
    if places is OF_CASE:
        return Thread(turn.state.get("case", 0))
    return Thread(None, turn.state.get("writer", 0))


def _show(turn: Turn, thread: Thread, _rest: str) -> None:
    chats, places = conversations.chats(turn.connection, thread), places_of(thread)
    if not chats:
        turn.note(turn.t(_NOBODY))
        turn.go(places.thread)
        return
    draft = draft_of(turn, thread)
    fresh(turn, thread, draft)
    keep(turn, thread, draft)
    to = recipients(turn, thread, draft, chats)
    families = families_of(turn, to)
    languages = turn.locale.listed(dict.fromkeys(each.own_name for each in families))
    written = bool(draft.text or draft.files)
    text = paragraphs(
        bold(heading(turn, thread)),
        joined([turn.t(_THEY_GET), preview(turn, families, draft)]) if written else turn.t(_WRITE),
        turn.t(_OWES) if draft.asks else None,
        joined([turn.t(_IN, languages=languages), *whom_in_words(turn, chats, to)]),
        turn.t(_AGAIN) if written else None,
    )
    rows = _rows(turn, thread, draft, chats, to)
    turn.show(places.reply, desk_screen(turn, text, rows, back="thread"))


def _rows(turn: Turn, thread: Thread, draft: Draft, chats: list[Chat], to: list[Chat]) -> list[list[Button]]:
    case = caseload.lock(turn.connection, thread.request_id) if thread.request_id is not None else None
    may_ask = thread.request_id is not None and may_do(turn, thread, Action.ASK, case)
    send = turn.button(N_("Send it"), "send_question" if draft.asks else "send", style="success")
    rows = [[send]] if draft.text or draft.files else []
    if may_ask:
        asks = N_("It needs no answer") if draft.asks else N_("Ask them to answer")
        rows.append([turn.button(asks, "asks")])
    if len(chats) > 1:
        chosen = {each.account_id for each in to}
        rows += [[chat_button(turn, chats, each, chosen)] for each in chats]
    saved = [turn.button(N_("Saved replies"), "saved")]
    return [
        *rows,
        [*saved, *([turn.button(N_("Start again"), "again")] if draft.text or draft.files else [])],
    ]


def _written(places: Places) -> Guarded:
    def written(turn: Turn, _rest: str) -> None:
        thread = _current(turn, places)
        put_words(turn, thread, turn.incoming.text)
        turn.go(places.reply)

    return leading(written)


def _came(places: Places) -> Guarded:
    """Take a voice message, photo or file; a later part of an album without a word."""

    def came(turn: Turn, _rest: str) -> None:
        if put_file(turn, _current(turn, places)):
            turn.go(places.reply)

    return leading(came)


def _asks(turn: Turn, thread: Thread, _rest: str) -> None:
    draft = draft_of(turn, thread)
    draft.asks = not draft.asks
    keep(turn, thread, draft)
    turn.go(places_of(thread).reply)


def _to_whom(turn: Turn, thread: Thread, account: str) -> bool | None:
    """Add one of the family's chats to those it goes to, or leave it out; one of them is left in any case."""
    chats, draft = conversations.chats(turn.connection, thread), draft_of(turn, thread)
    chosen = {each.account_id for each in recipients(turn, thread, draft, chats)}
    named = id_in(account)
    if named is None or all(each.account_id != named for each in chats):
        return False
    left = chosen ^ {named} or chosen
    draft.to = [each.account_id for each in chats if each.account_id in left]
    keep(turn, thread, draft)
    turn.go(places_of(thread).reply)
    return None


def _again(turn: Turn, thread: Thread, _rest: str) -> None:
    keep(turn, thread, Draft("", [], draft_of(turn, thread).asks, [], None))
    turn.go(places_of(thread).reply)


def _send(turn: Turn, thread: Thread, _rest: str) -> bool | None:
    """Send what the screen shows, if nobody has written in the conversation since it was shown."""
    draft, places = draft_of(turn, thread), places_of(thread)
    if not (draft.text or draft.files):
        return False
    if not fresh(turn, thread, draft):
        keep(turn, thread, draft)
        turn.go(places.reply)
        return None
    to = recipients(turn, thread, draft, conversations.chats(turn.connection, thread))
    if not to:
        turn.go(places.reply)
        return None
    accounts = tuple(each.account_id for each in to)
    letter = Letter(draft.text, tuple(draft.files), accounts, asks=draft.asks)
    written = letters.write(turn.connection, turn.keys, thread, letter, turn.account_id, turn.now)
    deed = letters.ASKED if draft.asks else letters.SENT
    record(turn, deed, thread.request_id, written[0].message_id)
    reached = {each.account_id for each in to if not each.unreachable}
    if not draft.files:
        tell_of_letters(turn, [each for each in written if each.account_id in reached])
    turn.note(turn.t(_outcome(draft, reached)))
    for key in ("reply", "thread_at"):
        turn.state.pop(key, None)
    turn.go(places.thread)
    return None


def _outcome(draft: Draft, reached: set[int]) -> str:
    if not reached:
        return _UNREACHED
    if draft.files:
        return _SENT_LATER
    return _ASKED if draft.asks else _SENT


def _send_plain(turn: Turn, thread: Thread, rest: str) -> bool | None:
    """A question is sent by its own button, which asks whether one may ask."""
    return False if draft_of(turn, thread).asks else _send(turn, thread, rest)


def _send_question(turn: Turn, thread: Thread, rest: str) -> bool | None:
    return _send(turn, thread, rest) if draft_of(turn, thread).asks else False


def _begin(turn: Turn, thread: Thread, words: str) -> None:
    _start(turn, thread, words, asks=False)


def _begin_question(turn: Turn, thread: Thread, words: str) -> None:
    _start(turn, thread, words, asks=True)


def _start(turn: Turn, thread: Thread, words: str, *, asks: bool) -> None:
    """Begin, or go on with what was begun."""
    draft = draft_of(turn, thread)
    draft.asks = asks
    keep(turn, thread, draft)
    if words:
        put_words(turn, thread, words)
    turn.go(places_of(thread).reply)


def answers(turn: Turn) -> bool:
    """Take a reply, in Telegram's sense, to a message about a case as words to its family: shown before it is sent."""
    if turn.role is Role.FAMILY or turn.incoming.answers is None:
        return False
    about = request_of_message(turn.connection, turn.account_id, turn.incoming.answers)
    if about is None:
        return False
    turn.state["case"] = about
    _ANSWER(turn, "")
    return True


def _answer(turn: Turn, thread: Thread, _rest: str) -> None:
    """Begin anew: what was written to this family before and not sent is replaced, but for parts of the same album."""
    album = turn.incoming.album
    if not album or all(each.album != album for each in draft_of(turn, thread).files):
        keep(turn, thread, Draft("", [], asks=False, to=[], seen=None))
    if turn.incoming.text:
        put_words(turn, thread, turn.incoming.text)
        turn.go(Desk.REPLY)
    elif put_file(turn, thread):
        turn.go(Desk.REPLY)


_ANSWER = on_thread(OF_CASE, Action.REPLY, _answer)
REPLY = on_thread(OF_CASE, Action.REPLY, _begin)
ASK = on_thread(OF_CASE, Action.ASK, _begin_question)
_TO_WRITER = on_thread(WITH_WRITER, Action.ANSWER_WRITER, _begin)


def _writing(places: Places, more: dict[str, Guarded]) -> Step:
    """Make the screen on which one writes."""
    out = FROM_CASE if places is OF_CASE else FROM_DESK
    return Step(
        places.reply,
        on_thread(places, places.answers, _show),
        _written(places),
        {
            "send": on_thread(places, places.answers, _send_plain),
            "to": on_thread(places, places.answers, _to_whom),
            "again": on_thread(places, places.answers, _again),
            "saved": leading(leading_to(places.saved)),
            "thread": leading(leading_to(places.thread)),
            **more,
            **out,
        },
        _came(places),
    )


_WRITING = (
    _writing(
        OF_CASE,
        {
            "asks": on_thread(OF_CASE, Action.ASK, _asks),
            "send_question": on_thread(OF_CASE, Action.ASK, _send_question),
        },
    ),
    _writing(WITH_WRITER, {}),
)
# What is forwarded here is taken too: whatever it is, it is looked at before it is sent.
TAKES: frozenset[TurnHandler] = frozenset(
    taker for step in _WRITING for taker in (step.typed, step.other) if taker is not None
)
STEPS = (
    *steps_of(OF_CASE, {"reply": REPLY, "ask": ASK}),
    *steps_of(WITH_WRITER, {"reply": _TO_WRITER}),
    *_WRITING,
)
