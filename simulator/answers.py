"""What a call is answered with, and how a call is refused in Telegram's own words."""

import json
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the Bot API.

    `delay` is in seconds and comes before the answer. `dropped` means that the connection is closed instead
    of answering.
    `raw` replaces the JSON body where a fault asked for garbage.
    """

    status: int
    body: Json
    delay: float = 0.0
    dropped: bool = False
    raw: bytes | None = None

    @property
    def ok(self) -> bool:
        return self.raw is None and not self.dropped and self.body.get("ok") is True

    @property
    def result(self) -> Any:
        """What the call gave back; KeyError where it was refused."""
        return self.body["result"]

    def payload(self) -> bytes:
        """The bytes that go over the wire."""
        return json.dumps(self.body, separators=(",", ":")).encode() if self.raw is None else self.raw


class Refused(Exception):
    """A call that Telegram refuses; `description` holds its words."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def answer(self) -> Answer:
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return Answer(self.status, body)


def bad_request(words: str) -> Refused:
    """A 400.

    The server lowers the first letter of a sentence, but leaves codes such as BUTTON_DATA_INVALID alone.
    """
    is_code = len(words) > 1 and (words[1] == "_" or "A" <= words[1] <= "Z")
    return Refused(400, f"Bad Request: {words if is_code else words[:1].lower() + words[1:]}")


def forbidden(words: str) -> Refused:
    return Refused(403, f"Forbidden: {words}")


def conflict(words: str) -> Refused:
    return Refused(409, f"Conflict: {words}")


def too_many_requests(retry_after: int) -> Refused:
    """A 429; `retry_after` is in whole seconds, at least 1."""
    seconds = max(1, retry_after)
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def done(result: object) -> Answer:
    return Answer(200, {"ok": True, "result": result})
