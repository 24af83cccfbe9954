"""An answer as people read it: in the echo, in the summaries, in the file with one's own data."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import Connection

from bot.i18n import Html, Locale, joined, safe
from casework import places
from casework.countries import country_name
from casework.partial_dates import from_json
from casework.phones import phone_in_words
from casework.questions import UNKNOWN, Kind, Question
from casework.words import N_
from handlers.family.birth_words import birth_in_words
from handlers.family.place_words import place_called

_NOT_GIVEN = N_("not given")
_NOT_KNOWN = N_("not known")
_AS_A_FILE = {
    "voice": N_("voice message"),
    "video_note": N_("video message"),
    "photo": N_("picture"),
    "document": N_("file"),
}
_LONGEST_PIECE = 300  # characters of a story that a summary shows


class Reader(Protocol):
    """For whom something is put into words: every turn is one."""

    @property
    def locale(self) -> Locale: ...

    @property
    def connection(self) -> Connection: ...

    @property
    def t(self) -> Callable[..., Html]: ...


def answer_in_words(turn: Reader, question: Question, value: Any) -> Html:
    """Say an answer as people read it; a missing one as "not given"."""
    if value is None:
        return turn.t(_NOT_GIVEN)
    if value == UNKNOWN:
        return turn.t(_NOT_KNOWN)
    if isinstance(value, dict) and "file" in value:
        return turn.t(_AS_A_FILE[value["as"]])
    return _IN_WORDS.get(question.kind, _as_written)(turn, question, value)


def _as_written(turn: Reader, question: Question, value: Any) -> Html:  # noqa: ARG001 - one form for all
    return safe(value)


def _date(turn: Reader, question: Question, value: Any) -> Html:  # noqa: ARG001
    return safe(birth_in_words(turn.locale, from_json(value)))


def _country(turn: Reader, question: Question, value: Any) -> Html:  # noqa: ARG001
    return safe(country_name(value, turn.locale.chain))


def _choice(turn: Reader, question: Question, value: Any) -> Html:
    return turn.t(question.labels[value])


def _place(turn: Reader, question: Question, value: Any) -> Html:  # noqa: ARG001
    """Name a place: one of the list by its name there, any other in the family's words."""
    if isinstance(value, dict):
        name = places.name_of(turn.connection, value["site"])
        return safe(place_called(turn.locale, name)) if name is not None else turn.t(_NOT_KNOWN)
    return safe(value)


def _phone(turn: Reader, question: Question, value: Any) -> Html:  # noqa: ARG001
    return safe(phone_in_words(value))


def _story(turn: Reader, question: Question, value: Any) -> Html:
    return joined(_piece(turn, question, piece) for piece in value)


def _piece(turn: Reader, question: Question, piece: Any) -> Html:
    if isinstance(piece, dict):
        return Html(f"• {answer_in_words(turn, question, piece)}")
    return Html(f"• {safe(piece if len(piece) <= _LONGEST_PIECE else piece[:_LONGEST_PIECE] + '…')}")


_IN_WORDS: Mapping[Kind, Callable[[Reader, Question, Any], Html]] = MappingProxyType(
    {
        Kind.BIRTH: _date,
        Kind.WHEN: _date,
        Kind.COUNTRY: _country,
        Kind.CHOICE: _choice,
        Kind.PLACE: _place,
        Kind.PHONE: _phone,
        Kind.STORY: _story,
    }
)
