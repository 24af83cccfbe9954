"""Everything that is held about somebody, as one value: what /my_data gives (privacy rule 9).

Plain JSON: times in ISO 8601 and UTC, codes as they are stored. Other people's accounts appear as days only.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework import access, checking, documents, expiry, messages, retention, submissions, team
from casework.events import OWN_CHANGES, for_families
from casework.expiry import Periods
from casework.stages import Stage, as_told
from db.models import Access, Account, Consent, Event, Person, Reminder, Request
from db.sealed import DataKey, KeyRing, Place

Held = dict[str, Any]


def everything(
    connection: Connection,
    keys: KeyRing,
    account_id: int,
    draft: Mapping[str, Any] | None,
    periods: Periods,
) -> Held:
    """Return what is held about an account, and every request it may open.

    Args:
        draft: the unfinished request, which lies in the dialog and not in tables of its own.
        periods: how long what is kept.
    """
    linked = connection.scalars(
        select(Access.request_id).where(Access.account_id == account_id).order_by(Access.since)
    ).all()
    return {
        "account": _account(connection, keys, account_id),
        "consents": _consents(connection, account_id),
        "draft": dict(draft) if draft is not None else None,
        "requests": [_request(connection, keys, request_id, periods) for request_id in linked],
        "removed_requests": [_iso(each.at) for each in retention.removed_from(connection, account_id)],
        "messages": [_message(each) for each in messages.thread(connection, keys, account_id)],
        "files": [_submission(each) for each in submissions.of_account(connection, keys, account_id)],
        "reminders": _reminders(connection, keys, account_id),
    }


def _reminders(connection: Connection, keys: KeyRing, account_id: int) -> list[Held]:
    """Return what the account is reminded of, with what staff wrote of its appointments."""
    rows = connection.execute(
        select(Reminder, Request.data_key)
        .outerjoin(Request, Request.id == Reminder.request_id)
        .where(Reminder.account_id == account_id)
        .order_by(Reminder.due_at)
    ).all()
    found = []
    for row in rows:
        held: Held = {
            "kind": row.kind,
            "since": _iso(row.since),
            "due_at": _iso(row.due_at),
            "state": row.state,
        }
        if row.details is not None and row.data_key:
            key = keys.data_key(row.data_key, Place("request", "data_key", row.request_id))
            held |= key.open(row.details, Place("reminder", "details", row.id))
        found.append(held)
    return found


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _account(connection: Connection, keys: KeyRing, account_id: int) -> Held:
    row = connection.execute(select(Account).where(Account.id == account_id)).one()
    return {
        "id": row.id,
        "since": _iso(row.created_at),
        "language": row.language,
        "zone": row.zone,
        "quiet_from": row.quiet_from,
        "quiet_until": row.quiet_until,
        "news": row.news,
        "urgent_news": row.urgent_news,
        "called_by_colleagues": row.staff_name and team.name_of(connection, keys, account_id),
    }


def _consents(connection: Connection, account_id: int) -> list[Held]:
    rows = connection.execute(
        select(Consent).where(Consent.account_id == account_id).order_by(Consent.at)
    ).all()
    return [
        {
            "text_version": row.text_version,
            "language": row.language,
            "given": row.given,
            "at": _iso(row.at),
            "withdrawn_at": _iso(row.withdrawn_at),
        }
        for row in rows
    ]


def _request(connection: Connection, keys: KeyRing, request_id: int, periods: Periods) -> Held:
    row = connection.execute(select(Request).where(Request.id == request_id)).one()
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    persons = connection.execute(
        select(Person).where(Person.request_id == row.id).order_by(Person.position)
    ).all()
    events = connection.execute(select(Event).where(Event.request_id == row.id).order_by(Event.id)).all()
    return {
        **key.open(row.details, Place("request", "details", row.id)),
        "sent": _iso(row.created_at),
        "kept_until": _iso(_kept_until(row, persons, events, periods)),
        "withdrawn": _iso(row.withdrawn_at),
        "open_in_chats_since": [_iso(each.since) for each in access.holders(connection, row.id)],
        "persons": [
            {
                "id": person.id,
                "stage": as_told(Stage(person.stage)),
                "stage_since": _iso(person.stage_since),
                "answers": key.open(person.details, Place("person", "details", person.id)),
            }
            for person in persons
        ],
        "papers": _papers(connection, key, row.id),
        "history": [
            {
                "kind": event.kind,
                "at": _iso(event.at),
                "details": key.open(event.details, Place("event", "details", event.id))
                if event.details and event.kind in OWN_CHANGES
                else None,
            }
            for event in events
            if for_families(event.kind)
        ],
    }


def _kept_until(row: Any, persons: Sequence[Any], events: Sequence[Any], periods: Periods) -> datetime:
    """Return until when the request is kept at least: reckoned from what the family knows of, and from nothing else."""
    known: list[datetime] = [row.created_at, *(event.at for event in events if for_families(event.kind))]
    stages = [person.stage for person in persons]
    return max(known) + expiry.period_of(stages, periods, withdrawn=row.withdrawn_at is not None)


def _papers(connection: Connection, key: DataKey, request_id: int) -> list[Held]:
    said = checking.remarks(connection, key, request_id)
    return [
        {
            "of": owner,
            "kind": kind,
            "state": paper.state,
            "since": _iso(paper.since),
            "asked_for_since": _iso(paper.asked_at),
            "rejected_for": paper.rejected_for,
            "remark": said.get(paper.document_id),
        }
        for (owner, kind), paper in documents.of_request(connection, request_id).items()
    ]


def _message(written: messages.Written) -> Held:
    return {
        "from": "office" if written.from_office else "you",
        "at": _iso(written.at),
        "text": written.text,
        "forwarded": written.forwarded,
        "files": [part.kind for part in written.files],
    }


def _submission(submitted: submissions.Submitted) -> Held:
    return {
        "for": submitted.purpose,
        "at": _iso(submitted.created_at),
        "files": [
            {
                "kind": file.kind,
                "state": file.state.value,
                "caption": file.caption,
                "media_type": file.media_type,
                "bytes": file.size,
            }
            for file in submitted.files
        ],
    }
