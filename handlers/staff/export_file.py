"""The file of an export: its columns, and the table made at the moment it leaves."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from bot.i18n import Html, Locale, Locales, shown
from bot.spreadsheets import MEDIA_TYPE, Sheet, write_spreadsheet
from bot.uploads import Recipe, Upload
from casework.blocks import block_of
from casework.exporting import Line, Recipient, Wanted, lines_of
from casework.questions import Question
from casework.stages import STAFF_WORDS
from casework.words import N_
from db.sealed import KeyRing
from handlers.family.answer_words import answer_in_words
from handlers.staff.export_words import RECIPIENTS
from handlers.staff.place_words import at_in_words

EXPORT_FILE = "export"  # the renderer's name in a recipe


@dataclass(frozen=True)
class Speaker:
    """What putting an export into words needs where there is no turn any more: the file is made as it leaves."""

    locale: Locale
    connection: Connection
    zone: ZoneInfo

    @property
    def t(self) -> Callable[..., Html]:
        return self.locale.t


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what stands in it of a person."""

    heading: str
    cell: Callable[[Speaker, Line], str]


def _day(speaker: Speaker, moment: Any) -> str:
    return speaker.locale.date(moment, speaker.zone)


def _answered(question: Question, speaker: Speaker, value: Any) -> str:
    return plain(answer_in_words(speaker, question, value)) if value is not None else ""


def _of_person(question: Question) -> Column:
    return Column(
        question.label, lambda speaker, line: _answered(question, speaker, line.answers.get(question.key))
    )


def _of_requester(heading: str, key: str) -> Column:
    question = _questions("requester")[key]
    return Column(heading, lambda speaker, line: _answered(question, speaker, line.requester.get(key)))


def _questions(block: str) -> dict[str, Question]:
    found = block_of(block)
    return {each.key: each for each in (found.questions if found is not None else ())}


# In this order. Nothing sensitive, no telephone number: who needs more asks the office.
COLUMNS: tuple[Column, ...] = (
    Column(N_("Reference"), lambda _, line: line.reference),
    *(_of_person(each) for each in _questions("person").values() if not each.sensitive),
    *(_of_person(each) for each in _questions("whereabouts").values() if not each.sensitive),
    Column(
        N_("Where the office has them"),
        lambda speaker, line: plain(at_in_words(speaker, line.country, line.site)),
    ),
    Column(N_("Stage"), lambda speaker, line: speaker.locale.plain(STAFF_WORDS[line.stage])),
    Column(N_("Stage since"), lambda speaker, line: _day(speaker, line.since)),
    _of_requester(N_("Who asks"), "name"),
    _of_requester(N_("Relation"), "relation"),
    _of_requester(N_("Lives in"), "region"),
    Column(N_("Asked on"), lambda speaker, line: _day(speaker, line.filed)),
)


def sheet_of(speaker: Speaker, recipient: str, lines: Iterable[Line]) -> Sheet:
    """Put an export into words of this speaker's language."""
    return Sheet(
        speaker.locale.plain(RECIPIENTS[Recipient(recipient)]),
        [speaker.locale.plain(each.heading) for each in COLUMNS],
        [[each.cell(speaker, line) for each in COLUMNS] for line in lines],
        speaker.locale.right_to_left,
    )


def plain(words: Html) -> str:
    """Return what people read of a text with markup for Telegram; ours holds no tags here."""
    return shown(unescape(words))


def recipe_of(wanted: Wanted, request_ids: Sequence[int], language: str, day: date) -> Recipe:
    """Return what the outbox row holds: which requests leave, and nothing of what is in them.

    So what is erased, withdrawn or refused before the file is made is not in it, and a row that cannot be delivered
    keeps nobody's data.
    """
    return {
        "render": EXPORT_FILE,
        "wanted": json.dumps(wanted.to_json()),
        "requests": json.dumps(request_ids),
        "language": language,
        "filename": f"export-{day.isoformat()}.xlsx",
    }


class ExportFiles:
    """The renderer `EXPORT_FILE`."""

    def __init__(self, engine: Engine, keys: KeyRing, locales: Locales, zone: ZoneInfo) -> None:
        self._engine, self._keys, self._locales, self._zone = engine, keys, locales, zone

    def __call__(self, recipe: Recipe) -> Upload:
        """Open what may leave, and write it into a table."""
        wanted = Wanted.from_json(json.loads(recipe["wanted"]))
        locale = self._locales.get(recipe["language"])
        with self._engine.begin() as connection:
            lines = lines_of(connection, self._keys, wanted, json.loads(recipe["requests"]))
            sheet = sheet_of(Speaker(locale, connection, self._zone), wanted.recipient, lines)
        return Upload("document", recipe["filename"], write_spreadsheet(sheet), MEDIA_TYPE)
