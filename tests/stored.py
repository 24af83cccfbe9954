"""What the database holds, opened for a test to look at."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from casework import letters, messages
from casework.conversations import Thread
from casework.letters import Letter
from db.models import Access, Dialog, File, Message, Person, Request, Submission
from db.models import Account as AccountRow
from db.sealed import Place
from tests.machine import Machine


@dataclass
class Stored:
    account_id: int
    requester: dict[str, Any]
    persons: list[dict[str, Any]]


def requests_in(machine: Machine) -> list[Stored]:
    """Return every request in the order it was filed."""
    keys = machine.homeward.around.keys
    found = []
    with machine.homeward.engine.begin() as connection:
        for row in connection.execute(select(Request).order_by(Request.id)).all():
            key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
            persons = connection.execute(
                select(Person).where(Person.request_id == row.id).order_by(Person.position)
            ).all()
            account = connection.scalar(select(Access.account_id).where(Access.request_id == row.id))
            details = key.open(row.details, Place("request", "details", row.id))
            opened = [key.open(person.details, Place("person", "details", person.id)) for person in persons]
            found.append(Stored(account or 0, details["requester"], opened))
    return found


def states_in(machine: Machine) -> list[dict[str, Any]]:
    """Return what every dialog remembers, but for the buttons of the screen before (bot/turn.py, `was_just_left`)."""
    keys = machine.homeward.around.keys
    with machine.homeward.engine.begin() as connection:
        rows = connection.execute(
            select(AccountRow.id, AccountRow.data_key, Dialog.state).join(
                Dialog, Dialog.account_id == AccountRow.id
            )
        ).all()
    opened = []
    for row in rows:
        key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
        opened.append(key.open(row.state, Place("dialog", "state", row.id)) if row.state else {})
    return [{name: value for name, value in each.items() if name != "left"} for each in opened]


def standing_of(machine: Machine, person_id: int) -> dict[str, Any]:
    """Return the step somebody stands at, and the question and the block where it is one; empty for a stranger."""
    keys = machine.homeward.around.keys
    with machine.homeward.engine.begin() as connection:
        row = connection.execute(
            select(AccountRow.id, AccountRow.data_key, Dialog.step, Dialog.state)
            .join(Dialog, Dialog.account_id == AccountRow.id)
            .where(AccountRow.telegram_key == keys.lookup("telegram", person_id))
        ).one_or_none()
    if row is None:
        return {}
    key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
    state = key.open(row.state, Place("dialog", "state", row.id)) if row.state else {}
    return {"step": row.step, **{name: state[name] for name in ("spot", "at", "block") if name in state}}


def messages_in(machine: Machine) -> list[str]:
    """Return what families wrote to the office."""
    keys = machine.homeward.around.keys
    with machine.homeward.engine.begin() as connection:
        rows = connection.execute(
            select(Message.id, Message.body, AccountRow.id.label("account"), AccountRow.data_key)
            .join(AccountRow, AccountRow.id == Message.account_id)
            .order_by(Message.id)
        ).all()
    return [
        keys.data_key(row.data_key, Place("account", "data_key", row.account)).open(
            row.body, Place("message", "body", row.id)
        )["text"]
        for row in rows
    ]


def office_writes(machine: Machine, person_id: int, text: str) -> None:
    """Write to somebody as the office does, without a notice."""
    keys, now = machine.homeward.around.keys, machine.homeward.clock.now()
    with machine.homeward.engine.begin() as connection:
        known = AccountRow.telegram_key == keys.lookup("telegram", person_id)
        account_id = connection.scalars(select(AccountRow.id).where(known)).one()
        about = messages.sole_request(connection, account_id)
        thread = Thread(about, None if about else account_id)
        letters.write(connection, keys, thread, Letter(text, (), (account_id,)), account_id, now)


@dataclass
class StoredSubmission:
    """What somebody sent in one go: what for, and which kinds of files."""

    purpose: str
    request_id: int | None
    person_id: int | None
    files: list[str]


def submissions_in(machine: Machine) -> list[StoredSubmission]:
    """Return everything that was sent and is not removed, the oldest first."""
    with machine.homeward.engine.begin() as connection:
        rows = connection.execute(
            select(Submission).where(Submission.removed_at.is_(None)).order_by(Submission.id)
        ).all()
        files = connection.execute(select(File.submission_id, File.kind).order_by(File.id)).all()
    return [
        StoredSubmission(
            row.purpose,
            row.request_id,
            row.person_id,
            [file.kind for file in files if file.submission_id == row.id],
        )
        for row in rows
    ]
