"""What families are reminded of, in words: one line a kind. They may light up a lock screen: no name, no place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.i18n import Html, Locale, joined, paragraphs
from bot.turn import Turn
from casework.paper_kinds import KINDS
from casework.reminding.rows import Reminder
from casework.reminding.rules import Kind
from casework.reminding.ticking import Given
from casework.words import N_
from handlers.family import papers
from handlers.family.consent import file_pressed
from handlers.family.everywhere import talk
from handlers.family.letter import open_letter
from handlers.family.steps import At
from handlers.family.subject import choose

Say = Callable[[Locale, ZoneInfo, Sequence[Given]], Html]
_NOT_FINISHED = N_("What you began here is not finished. Your answers are kept.")
_MISSING = N_("Still missing:")
_SEND = N_("Send it here when you can. If you do not have it, you can say so.")
_ANOTHER = N_("Another paper")
_HOW_ARE_THINGS = N_("How are things? If anything is needed, write to us here.")
_NO_NEWS = N_("Nothing has changed since {day}. We look again on {following}.")
_NO_NEWS_SO_FAR = N_("Nothing has changed since {day}.")
_ASKED = N_("The office has asked you something, and waits for your answer.")
_APPOINTMENT = N_("You have an appointment: {moment}.")
_OWN = N_("You wanted to be reminded of your request.")
# What these are called tells nothing about anybody. Of others a lock screen shows only that there is one.
_NEUTRAL = frozenset(
    {"birth_certificate", "passport", "marriage_certificate", "requester_identity", "proof_of_kinship"}
)


@dataclass(frozen=True)
class Saying:
    """One kind of reminder.

    Attributes:
        title: what it is called in a list.
        say: the sentence, of all of this kind that come at once.
        label: what the button that does it now says; empty: the reference of the case.
        lead: goes where it is done.
    """

    title: str
    say: Say
    label: str
    lead: Callable[[Turn, Reminder], None]


def _draft(locale: Locale, _zone: ZoneInfo, _given: Sequence[Given]) -> Html:
    return locale.t(_NOT_FINISHED)


def _papers(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    """List what is missing, each once, a list a request."""
    lists = numbered([_listed(locale, each.about) for each in given])
    return paragraphs(*lists, locale.t(_SEND))


def _listed(locale: Locale, kinds: Sequence[str]) -> Html:
    names = [locale.t(KINDS[each].label) for each in kinds if each in _NEUTRAL]
    others = [locale.t(_ANOTHER)] if len(names) < len(kinds) else []
    return joined([locale.t(_MISSING), *(f"– {each}" for each in (*names, *others))])


def numbered(lines: Sequence[Html]) -> list[Html]:
    """Number what there are several of, as their buttons are numbered."""
    return [Html(f"({n}) {each}") for n, each in enumerate(lines, 1)] if len(lines) > 1 else list(lines)


def _arrival(locale: Locale, _zone: ZoneInfo, _given: Sequence[Given]) -> Html:
    return locale.t(_HOW_ARE_THINGS)


def _no_news(locale: Locale, zone: ZoneInfo, given: Sequence[Given]) -> Html:
    first = min(given, key=lambda each: each.reminder.since)
    day = locale.date(first.reminder.since, zone)
    if first.following is None:
        return locale.t(_NO_NEWS_SO_FAR, day=day)
    return locale.t(_NO_NEWS, day=day, following=locale.date(first.following, zone))


def _appointment(locale: Locale, _zone: ZoneInfo, given: Sequence[Given]) -> Html:
    moments = [locale.appointment(each.reminder.since, each.reminder.habits.zone) for each in given]
    return joined(numbered([locale.t(_APPOINTMENT, moment=each) for each in moments]))


def _own(locale: Locale, _zone: ZoneInfo, _given: Sequence[Given]) -> Html:
    return locale.t(_OWN)


def _to_draft(turn: Turn, _reminder: Reminder) -> None:
    file_pressed(turn)


def _to_papers(turn: Turn, reminder: Reminder) -> None:
    choose(turn, reminder.request_id or 0)
    papers.enter(turn)


def _to_card(turn: Turn, reminder: Reminder) -> None:
    turn.state["card"] = reminder.request_id
    turn.go(At.CARD)


def _question(locale: Locale, _zone: ZoneInfo, _given: Sequence[Given]) -> Html:
    return locale.t(_ASKED)


def _to_question(turn: Turn, reminder: Reminder) -> None:
    open_letter(turn, str(reminder.subject_id))


def _to_talk(turn: Turn, _reminder: Reminder) -> None:
    talk(turn)


def _to_appointment(turn: Turn, reminder: Reminder) -> None:
    turn.state["appointment"] = reminder.subject_id
    turn.go(At.APPOINTMENT)


_SEE = N_("See my request")
FAMILIES: Mapping[Kind, Saying] = {
    Kind.APPOINTMENT: Saying(N_("Appointment"), _appointment, N_("See where, and what for"), _to_appointment),
    Kind.OWN: Saying(N_("Your own reminder"), _own, _SEE, _to_card),
    Kind.QUESTION: Saying(N_("A question of the office"), _question, N_("Read and answer"), _to_question),
    Kind.DRAFT: Saying(N_("A request that is not finished"), _draft, N_("Go on where I stopped"), _to_draft),
    Kind.PAPERS: Saying(N_("Papers that are missing"), _papers, N_("Send a paper"), _to_papers),
    Kind.ARRIVAL: Saying(N_("How things are"), _arrival, N_("Write to the office"), _to_talk),
    Kind.NO_NEWS: Saying(N_("Whether anything has changed"), _no_news, _SEE, _to_card),
}
