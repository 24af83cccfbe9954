"""Offices with many persons at once, for stories of flights, places and changes of many."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from bench.siege import statements
from casework.stages import Stage
from db.ids import new_id
from db.models import Event, Flight, Person, Request, Site
from tests.casework.seeded import Office as Seeds
from tests.family import Family
from tests.machine import Machine


def filed_at(machine: Machine, *stages: str, **more: Any) -> list[int]:
    """File a request for one person at each of these stages; return the persons."""
    seeds = Seeds(machine.homeward.engine, machine.homeward.around.keys)
    at = machine.homeward.clock.now()
    with machine.homeward.engine.begin() as connection:
        requests = [seeds.file(connection, {"stage": stage}, at=at, **more) for stage in stages]
        rows = connection.execute(select(Person.id, Person.request_id)).all()
    by_request = {row.request_id: row.id for row in rows}
    return [by_request[each] for each in requests]


def a_flight(machine: Machine, called: str, persons: Sequence[int]) -> int:
    """Make an open flight with these persons on it."""
    flight_id = new_id()
    now = machine.homeward.clock.now()
    with machine.homeward.engine.begin() as connection:
        connection.execute(insert(Flight), {"id": flight_id, "called": called, "created_at": now})
        connection.execute(update(Person).where(Person.id.in_(persons)).values(flight_id=flight_id))
    return flight_id


def site(machine: Machine, called: str) -> int:
    """Return the id of a place on the list."""
    with machine.homeward.engine.begin() as connection:
        return connection.scalars(select(Site.id).where(Site.name == called)).one()


def settle_at(machine: Machine, called: str, persons: Sequence[int]) -> None:
    """Let these persons be at a place of the list."""
    with machine.homeward.engine.begin() as connection:
        place = connection.execute(select(Site.id, Site.country).where(Site.name == called)).one()
        where = {"site_id": place.id, "country": place.country}
        connection.execute(update(Person).where(Person.id.in_(persons)).values(where))


def move(machine: Machine, to: Mapping[int, Stage]) -> None:
    """Let these persons stand there, as if they had long been moved."""
    with machine.homeward.engine.begin() as connection:
        for person, stage in to.items():
            connection.execute(update(Person).where(Person.id == person).values(stage=stage.value))


def rows_of(machine: Machine, persons: Sequence[int]) -> list[Any]:
    """Return these persons as they are in the database."""
    with machine.homeward.engine.begin() as connection:
        found = connection.execute(select(Person.__table__).where(Person.id.in_(persons))).all()
    return sorted(found, key=lambda row: persons.index(row.id))


def stages_of(machine: Machine, persons: Sequence[int]) -> list[Stage]:
    return [Stage(row.stage) for row in rows_of(machine, persons)]


def events_of(machine: Machine, kind: str) -> list[Any]:
    """Return the events of this kind, the oldest first."""
    with machine.homeward.engine.begin() as connection:
        return list(connection.execute(select(Event.__table__).where(Event.kind == kind).order_by(Event.id)))


def withdraw(machine: Machine, person: int) -> None:
    """Let the family of this person withdraw its whole request."""
    with machine.homeward.engine.begin() as connection:
        of = select(Person.request_id).where(Person.id == person).scalar_subquery()
        now = machine.homeward.clock.now()
        connection.execute(update(Request).where(Request.id == of).values(withdrawn_at=now))


@dataclass
class Counted:
    """How many statements were run."""

    statements: int = 0


@contextmanager
def counted(machine: Machine) -> Iterator[Counted]:
    """Count what is run meanwhile, but for the deliveries, which take place at the same time, and the name of each
    transaction (db/commits.py): in how many they do is a matter of chance.
    """
    found = Counted()
    with statements(machine.homeward.engine) as run:
        yield found
    by_chance = ("outbox", "SET unreachable_since", "pg_current_xact_id")
    found.statements = sum(not any(words in each for words in by_chance) for each in run)


async def open_approval(second: Family, words: str) -> None:
    """Look at the one thing of this kind that waits for a second person."""
    await second.say("/approvals")
    await second.press_with(words)
