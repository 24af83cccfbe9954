"""What families are reminded of, in words: one line a kind. They may light up a lock screen: no name, no place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.dialog import TurnHandler
from bot.i18n import Html, Locale
from bot.turn import Turn
from casework.reminding.rules import Kind
from casework.reminding.ticking import Given
from casework.words import N_
from handlers.family.consent import file_pressed

Say = Callable[[Locale, ZoneInfo, Given], Html]


@dataclass(frozen=True)
class Saying:
    """One kind of reminder.

    Attributes:
        say: the sentence.
        label: what the button that does it now says.
        lead: goes where it is done.
    """

    say: Say
    label: str
    lead: TurnHandler


def _draft(locale: Locale, _zone: ZoneInfo, _given: Given) -> Html:
    return locale.t(N_("What you began here is not finished. Your answers are kept."))


def _to_draft(turn: Turn) -> None:
    file_pressed(turn)


FAMILIES: Mapping[Kind, Saying] = {
    Kind.DRAFT: Saying(_draft, N_("Go on where I stopped"), _to_draft),
}
