"""What became of the files somebody sent: told once they are stored, with an offer to take them out of the chat."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.i18n import Html, Locale, joined, paragraphs
from bot.incoming import id_in
from bot.notices import notify
from bot.screen import Button, Screen
from bot.turn import Surroundings, Turn
from casework import letters, submissions
from casework.files import Purpose
from casework.paper_kinds import KINDS
from casework.refusals import SENTENCES
from casework.submissions import Submitted
from casework.telling import Outcome
from casework.words import N_
from handlers.family.file_words import files_in_words
from handlers.staff.news import notify_holder, notify_of_letters

# Bot API, deleteMessage: a message can only be deleted if it was sent less than 48 hours ago.
_DELETABLE = timedelta(hours=47)
_VOICE = ("voice",)
_STORED = N_("✓ Received and stored safely: {what} ({files}).")
_STORED_SOMEHOW = N_("✓ What you sent is stored safely ({files}).")
_STORED_AS: dict[str, str] = {
    Purpose.PORTRAIT: N_("✓ Received and stored safely: photo of the person ({files})."),
    Purpose.ANSWER: N_("✓ Your answer is stored safely ({files})."),
    Purpose.TALK: N_("✓ What you sent to staff is stored safely ({files})."),
}
_VOICE_STORED = N_("✓ Your voice message is stored safely.")
_OFFER = N_("It is still in this chat too. You can delete it here; the office keeps its own.")
_DELETE, _LEAVE = N_("Delete it from this chat"), N_("Leave it")
_DELETED = N_("✓ Stored safely, and deleted from this chat.")
_LEFT = N_("✓ Stored safely. It stays in this chat.")
_TOO_OLD = N_(
    "Telegram lets a bot delete messages for two days only. To delete it yourself, hold your finger on it."
)
_NOT_SENT = N_("The family does not get what was not kept.")
_NOT_THERE = N_("It was removed and is no longer stored.")


def tell(connection: Connection, around: Surroundings, outcome: Outcome, now: datetime) -> None:
    """Write to the family what became of a submission; of a paper, to whoever works on the case that it came.

    What the office sends is told to the family it goes to, and to the office only where it was not kept.
    """
    if outcome.purpose == Purpose.REPLY:
        tell_of_reply(connection, around, outcome, now)
        return

    def words(locale: Locale) -> Screen:
        return _words(locale, outcome)

    notify(connection, around, outcome.account_id, words, now, answers=outcome.message_id)
    of_papers = outcome.purpose in KINDS or outcome.purpose == Purpose.PORTRAIT
    if outcome.stored and of_papers and outcome.request_id is not None:
        notify_holder(connection, around, outcome.request_id, now)


def tell_of_reply(connection: Connection, around: Surroundings, outcome: Outcome, now: datetime) -> None:
    """Let a letter with files leave, now that they are settled; tell who wrote it what was not kept."""
    about = letters.request_of(connection, outcome.submission_id)
    if outcome.stored or not letters.drop_if_empty(connection, around.keys, outcome.submission_id):
        notify_of_letters(connection, around, letters.settled(connection, outcome.submission_id), now)

    def words(locale: Locale) -> Screen:
        return Screen(paragraphs(_not_kept(locale, outcome), locale.t(_NOT_SENT)))

    if outcome.refused:
        notify(connection, around, outcome.account_id, words, now, answers=outcome.message_id, about=about)


def _words(locale: Locale, outcome: Outcome) -> Screen:
    if not outcome.stored:
        return Screen(_not_kept(locale, outcome))
    offer = [
        [_button(locale, _DELETE, f"delete_sent:{outcome.submission_id}")],
        [_button(locale, _LEAVE, f"leave_sent:{outcome.submission_id}")],
    ]
    return Screen(paragraphs(_stored(locale, outcome), _not_kept(locale, outcome), locale.t(_OFFER)), offer)


def _button(locale: Locale, label: str, action: str) -> Button:
    return Button(locale.plain(label), action, anywhere=True)


def _stored(locale: Locale, outcome: Outcome) -> Html:
    if outcome.stored == _VOICE and outcome.purpose in {Purpose.TALK, Purpose.ANSWER}:
        return locale.t(_VOICE_STORED)
    files = files_in_words(locale, outcome.stored)
    kind = KINDS.get(outcome.purpose)
    if kind is not None:
        return locale.t(_STORED, what=locale.t(kind.label), files=files)
    return locale.t(_STORED_AS.get(outcome.purpose, _STORED_SOMEHOW), files=files)


def _not_kept(locale: Locale, outcome: Outcome) -> Html:
    """Say how many files were not kept, and for each reason how that is mended."""
    if not outcome.refused:
        return Html()
    number = sum(outcome.refused.values())
    reasons = [locale.t(SENTENCES[refusal]) for refusal in outcome.refused]
    return joined([locale.plural("{n} file was not kept.", "{n} files were not kept.", number), *reasons])


def delete_from_chat(turn: Turn) -> None:
    """Delete the person's own messages that carried the files; the stored copies stay."""
    submitted = _pressed(turn)
    if submitted is None:
        turn.rewrite_pressed(turn.t(_NOT_THERE))
        return
    deletable = [
        file.message_id
        for file in submitted.stored
        if file.message_id is not None and file.created_at > turn.now - _DELETABLE
    ]
    if deletable:
        turn.delete_messages(deletable)
    too_old = len(deletable) < len(submitted.stored)
    turn.rewrite_pressed(turn.t(_TOO_OLD if too_old else _DELETED))


def leave_in_chat(turn: Turn) -> None:
    turn.rewrite_pressed(turn.t(_NOT_THERE if _pressed(turn) is None else _LEFT))


def _pressed(turn: Turn) -> Submitted | None:
    """Return the submission that the button names, if it is this person's and still stored."""
    _, _, named = turn.incoming.action.partition(":")
    submitted = submissions.one(turn.connection, turn.keys, id_in(named) or 0, turn.account_id)
    return submitted if submitted is not None and submitted.stored else None
