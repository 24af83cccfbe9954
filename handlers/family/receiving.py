"""Files as they come in: kept as rows at once, fetched and told about afterwards (casework/files.py)."""

from bot.incoming import Incoming
from bot.turn import Turn
from casework import files
from casework.files import Belongs, Received, Sent
from casework.words import N_

ARRIVED = N_("It has come in. We tell you here once it is stored safely.")


def sent_in(incoming: Incoming) -> Sent | None:
    """Return the file that came with a message, if one did."""
    attachment = incoming.attachment
    if attachment is None:
        return None
    return Sent(
        attachment.kind.value, attachment.file_id, incoming.message_id, attachment.caption, incoming.album
    )


def take(turn: Turn, sent: Sent, about: Belongs) -> Received:
    """Keep a file for what it belongs to."""
    return files.receive(turn.connection, turn.keys, turn.account_id, sent, about, turn.now)


def joins(turn: Turn) -> bool:
    """Add a later part of an album to the parts before it, wherever the conversation has gone since.

    Silent: the album was answered with its first part.
    """
    sent = sent_in(turn.incoming)
    return (
        sent is not None
        and files.join(turn.connection, turn.keys, turn.account_id, sent, turn.now) is not None
    )
