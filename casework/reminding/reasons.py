"""What is reminded of as long as it is so: each kind's reason as rows of the case. A kind that is not here was set by
somebody, and needs no other reason.

A reason is a query of account_id, subject_id, request_id, person_id and since. What it finds is reminded of, what it
finds no more is not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, null, select

from casework.reminding.rules import Kind, Rules
from db.models import Dialog

Found = Select[*tuple[Any, ...]]
_LONG_AGO = timedelta(days=60)  # what nobody was reminded of by then, because we were not there, is let be


@dataclass(frozen=True)
class Reason:
    """Where a reason stands.

    Attributes:
        find: the query, as things are now.
        in_portions: every request may have one: they are looked through a portion at a time, and not all at once.
    """

    find: Callable[[Rules, datetime], Found]
    in_portions: bool = False


def _drafts(rules: Rules, now: datetime) -> Found:
    """Begun and not sent. Looked for once the first day has passed: most are sent by then."""
    first = rules[Kind.DRAFT].times.after[0]
    return select(
        Dialog.account_id,
        Dialog.draft_id.label("subject_id"),
        null().label("request_id"),
        null().label("person_id"),
        Dialog.drafted_at.label("since"),
    ).where(Dialog.drafted_at > now - _LONG_AGO, Dialog.drafted_at <= now - first)


REASONS: Mapping[Kind, Reason] = {
    Kind.DRAFT: Reason(_drafts),
}
