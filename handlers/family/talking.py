"""Talk to a person: what somebody writes, says or photographs is kept for staff, and the bot says so honestly."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import access, messages
from casework.files import Belongs, Purpose, Sent
from casework.messages import Said
from casework.words import N_
from handlers.family.everywhere import BACK
from handlers.family.receiving import ARRIVED, sent_in, take
from handlers.family.steps import At
from handlers.staff.news import tell_holder_of_words

_WRITE = N_("Write to the office")
_HOW = N_("Write your message now, or send a voice message, photos or PDF files.")
_THEY_READ = N_("Staff read it and answer in this chat.")
_WAIT = N_("A few people answer for many families, so it can take several days.")
_MORE = N_("You can write more now, or press “← Back”.")
_KEPT = N_("Your message is kept for staff. The answer will come in this chat; it can take several days.")
_KEPT_TOO = N_("This is kept for staff too.")
_THEN = N_("Staff look at it then. The answer will come in this chat; it can take several days.")
NOT_FOR_STAFF = N_("This was not kept: staff can be sent words, voice messages, photos and PDF files.")
WRITTEN = N_("What was written")
_ASKS = N_("The office asks you something")
_NEW = N_("New message from the office")
_SEVERAL_NEW = N_("New messages from the office: {n}")


def show(turn: Turn) -> None:
    """Ask for the message; once one has come, for more of it."""
    about = (
        (turn.t(_MORE),) if turn.state.get("talked") else (turn.t(_HOW), turn.t(_THEY_READ), turn.t(_WAIT))
    )
    rows = [new_from_office(turn), thread_button(turn), [turn.button(BACK, "back")]]
    turn.show(At.TALK, Screen(paragraphs(bold(turn.t(_WRITE)), *about), rows))


def thread_button(turn: Turn) -> list[Button]:
    """Make the row that leads to what was written so far; empty where there is nothing."""
    there = messages.count(turn.connection, turn.account_id)
    return [turn.button(WRITTEN, "written")] if there else []


def new_from_office(turn: Turn) -> list[Button]:
    """Make the row that leads to what the office asks, or has written since this person looked; empty without any."""
    fresh = messages.fresh(turn.connection, turn.account_id)
    if fresh.asked is not None:
        return [turn.button(_ASKS, f"letter:{fresh.asked}", anywhere=True, style="success")]
    if fresh.only is not None:
        return [turn.button(_NEW, f"letter:{fresh.only}", anywhere=True, style="success")]
    if fresh.unread:
        label = turn.locale.plain(_SEVERAL_NEW, n=fresh.unread)
        return [Button(label, "letters", anywhere=True, style="success")]
    return []


def written(turn: Turn) -> None:
    """Keep words for staff."""
    incoming = turn.incoming
    keep_words(turn, incoming.text, forwarded=incoming.forwarded)
    turn.go(At.TALK)


def sent(turn: Turn) -> None:
    """Keep a voice message, a photo or a file for staff; say what fits where it is something else."""
    file = sent_in(turn.incoming)
    if file is None:
        turn.note(turn.t(NOT_FOR_STAFF))
    else:
        keep_files(turn, [file], forwarded=turn.incoming.forwarded)
    turn.go(At.TALK)


def keep_words(turn: Turn, text: str, *, forwarded: bool) -> None:
    about = _about(turn)
    tell_holder_of_words(turn, about)
    _keep(turn, Said(text, about, forwarded=forwarded))
    turn.note(turn.t(_KEPT_TOO if turn.state.get("talked") else _KEPT))
    turn.state["talked"] = True


def keep_files(turn: Turn, waiting: list[Sent], *, forwarded: bool) -> None:
    """Keep files for staff, an album as one message; answer once for all of them."""
    about = _about(turn)
    tell_holder_of_words(turn, about)
    for file in waiting:
        received = take(turn, file, Belongs(Purpose.TALK, about))
        if received.first:
            _keep(turn, Said(file.caption, about, received.submission_id, forwarded))
    turn.note(turn.t(ARRIVED))
    if not turn.state.get("talked"):
        turn.note(turn.t(_THEN))
    turn.state["talked"] = True


def _keep(turn: Turn, said: Said) -> None:
    messages.receive(turn.connection, turn.own_key, turn.account_id, said, turn.now)


def _about(turn: Turn) -> int | None:
    """Return the request that this is about: the one it began from, if that is sent; or the only one there is, or the
    only one about which the office asks something.
    """
    request_id = turn.state.get("talk_of")
    if request_id is None:
        only = messages.sole_request(turn.connection, turn.account_id)
        request_id = messages.asked_about(turn.connection, turn.account_id) if only is None else only
    if request_id is None:
        return None
    return int(request_id) if access.opens(turn.connection, turn.account_id, request_id) else None


def _back(turn: Turn, _rest: str) -> None:
    for key in ("talked", "talk_of"):
        turn.state.pop(key, None)
    turn.go(turn.state.pop("before_talk", At.HOME))


def _to_thread(turn: Turn, _rest: str) -> None:
    turn.state["before_thread"] = At.TALK
    turn.go(At.THREAD)


STEPS = (Step(At.TALK, show, written, {"back": _back, "written": _to_thread}, sent),)
