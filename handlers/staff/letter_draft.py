"""What staff are writing to a family, until it is sent: kept in the dialog, one conversation's at a time."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.screen import units
from bot.turn import Turn
from casework import conversations, team
from casework.conversations import Chat, Thread
from casework.files import Sent
from casework.letters import LONGEST, MOST_FILES
from casework.words import N_
from handlers.family.receiving import sent_in

_TOO_LONG = N_("Words for the family may have {most} letters at most; yours have {n}.")
_NOT_FOR_FAMILIES = N_(
    "This was not taken: a family can be sent words, voice messages, photos and PDF files."
)
_TOO_MANY = N_("At most {most} files fit into one message to a family.")
_ANSWERED = N_("{name} has answered meanwhile. Look at it first; nothing was sent, and your words are kept.")
_MORE = N_("The family has written meanwhile. Look at it first; nothing was sent, and your words are kept.")


@dataclass
class Draft:
    """What is being written.

    Attributes:
        to: the accounts that were chosen; none as long as nobody chose.
        seen: the newest message of the conversation when the draft was last shown.
    """

    text: str
    files: list[Sent]
    asks: bool
    to: list[int]
    seen: int | None


def draft_of(turn: Turn, thread: Thread) -> Draft:
    """Return what is being written in this conversation; an empty one where it is another that was written in."""
    kept = turn.state.get("reply", {})
    if kept.get("in") != _name(thread):
        return Draft("", [], asks=False, to=[], seen=None)
    files = [Sent(**each) for each in kept["files"]]
    return Draft(kept["text"], files, kept["asks"], kept["to"], kept["seen"])


def keep(turn: Turn, thread: Thread, draft: Draft) -> None:
    """Remember it, in the place of what was being written elsewhere."""
    turn.state["reply"] = {"in": _name(thread), **asdict(draft)}


def _name(thread: Thread) -> list[Any]:
    return [thread.request_id, thread.account_id]


def recipients(turn: Turn, thread: Thread, draft: Draft, chats: list[Chat]) -> list[Chat]:
    """Return whom it goes to: those who were chosen; or those who wait for an answer, since they may have written what
    the others do not know; a question, or where nobody waits, to everybody.
    """
    wanted = set(draft.to)
    if not wanted and not draft.asks:
        wanted = conversations.who_wait(turn.connection, thread)
    return [each for each in chats if each.account_id in wanted] or chats


def fresh(turn: Turn, thread: Thread, draft: Draft) -> bool:
    """Whether the conversation is as it was when the draft was shown; otherwise say what has changed."""
    newest = conversations.newest(turn.connection, thread)
    before, draft.seen = draft.seen, newest
    if before is None or before == newest:
        return True
    by = conversations.answered_by(turn.connection, thread, before)
    if by is None:
        turn.note(turn.t(_MORE))
    else:
        turn.note(turn.t(_ANSWERED, name=team.name_of(turn.connection, turn.keys, by)))
    return False


def put_words(turn: Turn, thread: Thread, words: str) -> None:
    """Write these words instead of those so far; what is too long changes nothing, and is said."""
    draft, words = draft_of(turn, thread), words.strip()
    if units(words) > LONGEST:
        turn.note(turn.t(_TOO_LONG, most=LONGEST, n=units(words)))
    elif words:
        draft.text = words
    keep(turn, thread, draft)


def put_file(turn: Turn, thread: Thread) -> bool:
    """Add a file to what is being written; False for a later part of an album, which is shown with the first."""
    file, draft = sent_in(turn.incoming), draft_of(turn, thread)
    if file is None:
        turn.note(turn.t(_NOT_FOR_FAMILIES))
        return True
    later = bool(file.album) and any(each.album == file.album for each in draft.files)
    if len(draft.files) >= MOST_FILES:
        turn.note(turn.t(_TOO_MANY, most=MOST_FILES))
        return True
    draft.files.append(Sent(file.kind, file.remote_id, file.message_id, "", file.album))
    keep(turn, thread, draft)
    if file.caption:
        put_words(turn, thread, f"{draft.text}\n{file.caption}")
    return not later
