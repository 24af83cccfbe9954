"""Fills the demo's database with the made-up office: a team, and families whose requests stand anywhere on the way.

Everything is written by the same functions of casework that the bot calls, each at its day, so that histories,
papers and seals are those of real requests. `python -m bot.made_up_office config.toml`, before the bot is started.
"""

import sys
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count, pairwise
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy import Connection, select

from bot.clock import SystemClock
from bot.config import Settings, read_config
from bot.i18n import Locales
from bot.made_up_cases import (
    BROADCAST,
    BROADCAST_READ_IN,
    CASES,
    CROWD,
    FLIGHTS,
    HELD_AT,
    OFFICE,
    SAVED_REPLIES,
    WRITERS,
    MadeUpCase,
    MadeUpMember,
    Sought,
)
from bot.store import Came, load, save_language
from casework import (
    broadcasts,
    case_notes,
    caseload,
    consent,
    dossiers,
    fetches,
    files,
    flights,
    letters,
    messages,
    moves,
    places,
    requests,
    saved_replies,
    team,
    telling,
    whereabouts,
)
from casework.answers import Understood, understand
from casework.audience import Audience, Term
from casework.broadcasts import REQUEST, Words
from casework.conversations import Thread
from casework.drafts import Draft
from casework.fetches import Kept
from casework.files import Belongs, Sent
from casework.letters import Letter
from casework.messages import Said
from casework.moves import Move
from casework.permissions import Role
from casework.questions import UNKNOWN, Kind
from casework.reminding import planning
from casework.reminding.reasons import Look
from casework.reminding.rows import Habits
from casework.reminding.rules import table
from casework.stages import Stage
from casework.transitions import FORWARD, TRANSITIONS
from casework.whereabouts import At
from db.blobs import Blobs
from db.engine import make_engine
from db.keys import read_key_file
from db.models import Request
from db.sealed import DataKey, KeyRing
from db.upgrade import bring_up_to_date

_DAY = timedelta(days=1)
_OPENED = 600  # days ago
_REASON = "–"


class MadeUpOffice:
    """Writes the table of bot/made_up_cases.py into an empty database."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._settings, self._now = settings, now
        self._keys: KeyRing = read_key_file(settings.security.key_file)
        self._locales = Locales(settings.languages.offered)
        self._blobs = Blobs(settings.files.folder)
        self._accounts: dict[int, tuple[int, DataKey]] = {}
        self._updates = count(1)
        self._known: dict[str, tuple[int, int]] = {}  # a request somebody works on, and the person, by name

    def fill(self) -> None:
        engine = make_engine(self._settings.database.url)
        bring_up_to_date(engine, self._keys)
        with engine.begin() as connection:
            places.plant(connection)
            for member in OFFICE:
                self._welcome(connection, member)
            for case in CASES:
                self._file(connection, case)
            for writer in WRITERS:
                account, key = self._meet(connection, writer.id, writer.language, 1)
                messages.receive(connection, key, account, Said(writer.writes), self._ago(1))
            for language, called, text in SAVED_REPLIES:
                by = self._accounts[OFFICE[0].id][0]
                saved_replies.add(connection, language, called, text, by, self._ago(30))
            for called, names in FLIGHTS.items():
                self._put_on_flight(connection, called, names)
            self._begin_broadcast(connection)
            telling.settled(connection, self._keys, self._now)  # they were told long ago
            self._remind(connection)
        engine.dispose()

    def _remind(self, connection: Connection) -> None:
        """Let everybody have been reminded of all that lies before today."""
        reminders = self._settings.reminders
        look = Look(table(reminders.intervals), self._now, connection.scalars(select(Request.id)).all())
        planning.let_be(connection, Habits(self._settings.zone, reminders.quiet_hours), look)

    def _welcome(self, connection: Connection, member: MadeUpMember) -> None:
        """Give somebody their role: the first as the settings would, everybody else by a link."""
        account, key = self._meet(connection, member.id, member.language, _OPENED)
        first, at = self._accounts[OFFICE[0].id][0], self._ago(_OPENED)
        if account == first:
            team.appoint(connection, self._keys, account, at)
        else:
            role = Role.ADMIN if member.admin else Role.STAFF
            token = team.invite(connection, self._keys, role, first, at)
            team.accept(connection, self._keys, token, account, at)
        team.call(connection, key, account, member.first_name)

    def _begin_broadcast(self, connection: Connection) -> None:
        """Leave a broadcast to all families for a visitor to look at, to finish and to send."""
        for each in CROWD:
            self._meet(connection, each.id, each.language, 30)
        by, at = self._accounts[OFFICE[0].id][0], self._ago(0)
        draft = broadcasts.get(connection, self._keys, broadcasts.begin(connection, self._keys, by, at))
        if draft is None:
            return
        draft.details.audience = Audience((Term("role", (Role.FAMILY.value,)),))
        draft.details.instead, draft.details.link = dict(BROADCAST_READ_IN), REQUEST
        broadcasts.save(connection, self._keys, draft)
        for language, text in BROADCAST.items():
            length = len(text.partition(".")[0])
            bold = {"type": "bold", "offset": 0, "length": length}
            broadcasts.write(connection, self._keys, draft.id, language, Words(text, (bold,)), at)

    def _meet(self, connection: Connection, person: int, language: str, days: int) -> tuple[int, DataKey]:
        if person not in self._accounts:
            came, at = Came(person, next(self._updates)), self._ago(days)
            loaded = load(connection, self._keys, came, at)
            save_language(connection, loaded.account_id, language)
            consent.record(connection, loaded.account_id, language, given=True, now=at)
            self._accounts[person] = loaded.account_id, loaded.key
        return self._accounts[person]

    def _ago(self, days: int) -> datetime:
        return self._now - days * _DAY

    def _file(self, connection: Connection, case: MadeUpCase) -> None:
        account, key = self._meet(connection, case.id, case.language, case.filed)
        draft = self._draft(case)
        filed = requests.file(connection, self._keys, account, case.language, draft, self._ago(case.filed))
        self._work(connection, case, filed.request_id, draft.person_ids)
        for sought, person_id in zip(case.persons, draft.person_ids, strict=True):
            for code in sought.papers:
                self._send_paper(connection, account, Belongs(code, filed.request_id, person_id), case)
        self._talk(connection, case, filed.request_id, key, account)

    def _talk(
        self, connection: Connection, case: MadeUpCase, request_id: int, key: DataKey, account: int
    ) -> None:
        """Write what the family and the office wrote to each other, and what staff noted."""
        if case.answered is not None:
            said, answer = case.answered
            messages.receive(connection, key, account, Said(said, request_id), self._ago(20))
            self._write(connection, case, request_id, account, Letter(answer, (), (account,)))
        if case.asked:
            self._write(connection, case, request_id, account, Letter(case.asked, (), (account,), asks=True))
        if case.writes:
            at = self._ago(min(case.filed, 1))
            messages.receive(connection, key, account, Said(case.writes, request_id), at)
        if case.note and case.holder is not None:
            dossier = dossiers.open_for_staff(connection, self._keys, request_id)
            if dossier is not None:
                of_request, by = dossier.data_key(self._keys), self._accounts[case.holder][0]
                case_notes.write(connection, of_request, request_id, case.note, by, self._ago(15))

    def _write(
        self, connection: Connection, case: MadeUpCase, request_id: int, account: int, letter: Letter
    ) -> None:
        """Let the office write, and everybody have read all that was written so far."""
        by, at = self._accounts[case.holder or OFFICE[0].id][0], self._ago(18)
        letters.write(connection, self._keys, Thread(request_id), letter, by, at)
        read = messages.thread(connection, self._keys, account, request_id)
        messages.mark_read(connection, [each.message_id for each in read], at)

    def _draft(self, case: MadeUpCase) -> Draft:
        draft = Draft()
        draft.requester |= {"name": case.first_name, "relation": case.relation}
        for _ in case.persons[1:]:
            draft.add_person()
        today = self._ago(case.filed).date()
        label = self._locales.get(case.language).plain
        for at in draft.way():
            if draft.answer(at) is not None:
                continue
            told = _told(case.persons[at.person], at.question.kind)
            taken = understand(at.question, told, today=today, language=case.language, label=label)
            draft.put(at, taken.value if isinstance(taken, Understood) else told)
        return draft

    def _work(self, connection: Connection, case: MadeUpCase, request_id: int, persons: list[int]) -> None:
        """Take the case, and move each of its persons to where they stand."""
        if case.holder is None:
            return
        holder, second = (self._accounts[each][0] for each in (case.holder, _another(case.holder)))
        taken = caseload.lock(connection, request_id)
        if taken is not None:
            caseload.take(connection, taken, holder, self._ago(case.filed - 1))
        for sought, person_id in zip(case.persons, persons, strict=True):
            way = _way_to(sought.stage)
            spent = case.filed - 1 - sought.since
            for step, (before, to) in enumerate(pairwise(way), 1):
                at = self._ago(case.filed - 1 - spent * step // max(1, len(way) - 1))
                what = Move(to, holder, _REASON, approved_by=second)
                moves.move(connection, self._keys, {person_id: before}, what, at)
            self._known.setdefault(sought.name, (request_id, person_id))
            self._say_where(connection, sought, request_id, person_id, self._ago(case.filed - 1))

    def _say_where(
        self, connection: Connection, sought: Sought, request_id: int, person_id: int, at: datetime
    ) -> None:
        """Say at which place an official has seen somebody."""
        seen = whereabouts.now_at(connection, request_id, person_id)
        found = (each for each in places.known(connection) if each.called == HELD_AT.get(sought.name))
        for place in found:
            said = whereabouts.Said(seen or At(), At(place.country, place.id), "official", "likely")
            by = self._accounts[OFFICE[0].id][0]
            whereabouts.say(connection, self._keys, request_id, person_id, said, by, at)

    def _put_on_flight(self, connection: Connection, called: str, names: tuple[str, ...]) -> None:
        by, at = self._accounts[OFFICE[0].id][0], self._ago(2)
        flight_id = flights.make(connection, self._keys, called, by, at)
        for request_id, person_id in (self._known[name] for name in names):
            flights.put_on(connection, self._keys, request_id, person_id, flight_id or 0, by, at)

    def _send_paper(self, connection: Connection, account: int, about: Belongs, case: MadeUpCase) -> None:
        at = self._ago(max(0, case.filed - 2))
        files.receive(connection, self._keys, account, Sent("photo", "made up", None), about, at)
        job = fetches.take(connection, self._keys, "demo", (), at)
        if job is not None:
            content = _paper(about.purpose)
            name = self._blobs.write(job.key, job.file_id, content, at)
            fetches.keep(connection, job, Kept(name, "image/png", len(content)), at)


def _another(member: int) -> int:
    return next(each.id for each in OFFICE if each.id != member)


def _told(sought: Sought, kind: Kind) -> str:
    return {Kind.NAME: sought.name, Kind.BIRTH: sought.born or UNKNOWN, Kind.COUNTRY: sought.country}[kind]


def _way_to(stage: Stage) -> list[Stage]:
    """Return the stages from the first one to this one: along the way home, and sideways at its end."""
    ways = [[Stage.RECEIVED]]
    while ways:
        way = ways.pop(0)
        if way[-1] is stage or (stage in TRANSITIONS[way[-1]] and stage not in FORWARD):
            return way if way[-1] is stage else [*way, stage]
        ways += [[*way, to] for to in FORWARD.get(way[-1], ())]
    raise LookupError(stage)


def _paper(code: str) -> bytes:
    """Draw a sheet that says what it stands for."""
    sheet = Image.new("RGB", (420, 594), "#fbf7ec")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((24, 24, 396, 570), outline="#8a7f66", width=3)
    pen.text((210, 96), "MADE UP", fill="#8a3b2e", font_size=34, anchor="mm")
    pen.text((210, 150), code.replace("_", " "), fill="#40392b", font_size=26, anchor="mm")
    for line in range(210, 540, 36):
        pen.line((64, line, 356, line), fill="#cfc6ae", width=4)
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    MadeUpOffice(read_config(Path(sys.argv[1])), SystemClock().now()).fill()
