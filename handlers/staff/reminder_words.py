"""What the team is reminded of, in words: one line a kind, however many cases it is about.

They may light up a lock screen: cases are named on the buttons alone, and what somebody wrote stands behind a tap.
"""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.i18n import Html, Locale, bold, joined, safe
from bot.turn import Turn
from casework import dossiers
from casework.reminding import setting
from casework.reminding.contents import Counts
from casework.reminding.rows import Reminder
from casework.reminding.rules import Kind
from casework.reminding.ticking import Given
from casework.words import N_
from handlers.family.reminder_words import Saying
from handlers.staff.steps import Desk

_MORNING, _WEEK = N_("This morning"), N_("How the office stands this week")
_CAME = N_("New requests in seven days: {n}")
_DUE, _NEW = N_("Due today: {n}"), N_("New, and nobody's: {n}")
_UNANSWERED = N_("Families who wait for an answer: {n}")
_OVERDUE = N_("Overdue: {n}")
_APPROVALS = N_("Waiting for a second person: {n}")


def _unanswered(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return locale.plural("{n} family waits for an answer.", "{n} families wait for an answer.", len(given))


def _writer(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return locale.plural(
        "{n} person without a request waits for an answer.",
        "{n} persons without a request wait for an answer.",
        len(given),
    )


def _new(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return locale.plural("{n} new request is nobody's yet.", "{n} new requests are nobody's yet.", len(given))


def _overdue(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return locale.plural(
        "{n} case stands at its stage longer than it should.",
        "{n} cases stand at their stages longer than they should.",
        len(given),
    )


def _approval(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return locale.plural(
        "{n} thing waits for a second person.", "{n} things wait for a second person.", len(given)
    )


def _ignored(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return locale.plural(
        "A colleague was reminded several times, and nothing has happened: {n} case.",
        "Colleagues were reminded several times, and nothing has happened: {n} cases.",
        len(given),
    )


def _note(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return locale.plural(
        "You wanted to be reminded of {n} case.", "You wanted to be reminded of {n} cases.", len(given)
    )


def _digest(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return _table(locale, _MORNING, given[-1].about, _NEW)


def _week(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    return _table(locale, _WEEK, given[-1].about, _CAME)


def _table(locale: Locale, title: str, counts: Counts, new: str) -> Html:
    lines = (
        (_DUE, counts.due),
        (_UNANSWERED, counts.unanswered),
        (_OVERDUE, counts.overdue),
        (new, counts.new),
        (_APPROVALS, counts.approvals),
    )
    return joined([bold(locale.t(title)), *(locale.t(words, n=n) for words, n in lines if n)])


def _to_case(turn: Turn, reminder: Reminder) -> None:
    turn.state["case"] = reminder.request_id
    turn.go(Desk.CASE)


def _to_note(turn: Turn, reminder: Reminder) -> None:
    """Open the case, with what this person wrote for themselves above it."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, reminder.request_id or 0)
    text = setting.written(dossier.data_key(turn.keys), reminder).get("text") if dossier is not None else None
    if text:
        turn.note(bold(safe(text)))
    _to_case(turn, reminder)


def _to(step: Desk) -> Callable[[Turn, Reminder], None]:
    def lead(turn: Turn, _reminder: Reminder) -> None:
        turn.go(step)

    return lead


TO_DESK = N_("Open my desk")
TEAM: Mapping[Kind, Saying] = {
    Kind.NOTE: Saying(N_("Your own reminder"), _note, "", _to_note),
    Kind.UNANSWERED: Saying(N_("The family waits for an answer"), _unanswered, "", _to_case),
    Kind.WRITER: Saying(
        N_("Somebody without a request waits for an answer"), _writer, N_("Messages"), _to(Desk.MESSAGES)
    ),
    Kind.NEW: Saying(N_("Nobody has taken it"), _new, "", _to_case),
    Kind.OVERDUE: Saying(N_("The stage lasts too long"), _overdue, "", _to_case),
    Kind.APPROVAL: Saying(
        N_("Waits for a second person"), _approval, N_("See what waits"), _to(Desk.APPROVALS)
    ),
    Kind.IGNORED: Saying(N_("Reminded several times"), _ignored, "", _to_case),
    Kind.DIGEST: Saying(N_("The morning's list"), _digest, TO_DESK, _to(Desk.DESK)),
    Kind.WEEK: Saying(N_("The week's list"), _week, TO_DESK, _to(Desk.DESK)),
}
