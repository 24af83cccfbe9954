"""What families write to the office."""

from datetime import datetime

from sqlalchemy import Connection, insert

from db.ids import new_id
from db.models import Message
from db.sealed import DataKey, Place


def receive(connection: Connection, key: DataKey, account_id: int, text: str, now: datetime) -> int:
    """Keep a family's message for staff, sealed with the account's key. Return its id."""
    message_id = new_id()
    row = {"id": message_id, "account_id": account_id, "direction": "in", "at": now}
    body = key.seal({"text": text}, Place("message", "body", message_id))
    connection.execute(insert(Message), {**row, "body": body})
    return message_id
