"""What the world is made of."""

from collections import deque
from dataclasses import dataclass, field

from simulator.answers import Json
from simulator.updates import UpdateQueue


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a multipart body.

    `size` may claim more bytes than `content` holds, to try the limits cheaply.
    """

    filename: str
    content: bytes
    content_type: str = "application/octet-stream"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    unique_id: str
    path: str
    kind: str
    upload: Upload

    @property
    def size(self) -> int:
        return len(self.upload.content) if self.upload.size is None else self.upload.size


@dataclass(slots=True)
class Person:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    deactivated: bool = False

    def user(self) -> Json:
        """The Bot API's User."""
        names = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            **{k: v for k, v in names.items() if v},
        }


@dataclass(frozen=True, slots=True)
class Stored:
    """A message.

    `message` is the Bot API's object; `markup` is any reply markup, which only inline keyboards are part of
    there.
    """

    message: Json
    outgoing: bool = False
    markup: Json | None = None

    @property
    def id(self) -> int:
        return int(self.message["message_id"])

    def shown(self) -> Json:
        """As the person's messenger shows it."""
        shown = dict(self.message)
        if self.outgoing:
            shown["outgoing"] = True
        if self.markup is not None:
            shown["reply_markup"] = self.markup
        return shown


@dataclass(slots=True)
class Chat:
    """A private chat of a person with a bot, or a group: then `person` is None and `members` are its bots."""

    id: int
    kind: str
    person: Person | None = None
    title: str = ""
    messages: dict[int, Stored] = field(default_factory=dict)
    next_message_id: int = 1
    started: bool = False
    blocked: bool = False
    toasts: list[Json] = field(default_factory=list)
    reply_keyboard: Json | None = None
    members: set[int] = field(default_factory=set)
    migrated_to: int | None = None

    def chat(self) -> Json:
        """The Bot API's Chat."""
        if self.person is None:
            return {"id": self.id, "type": self.kind, "title": self.title}
        who = self.person
        names = {"first_name": who.first_name, "last_name": who.last_name, "username": who.username}
        return {"id": self.id, "type": self.kind, **{k: v for k, v in names.items() if v}}


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass(slots=True)
class Bot:
    id: int
    token: str
    queue: UpdateQueue
    name: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    webhook: Webhook | None = None

    @property
    def username(self) -> str:
        return f"made_up_{self.id}_bot"

    def user(self) -> Json:
        """The Bot API's User, as it stands in messages."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name.get("") or "Bot",
            "username": self.username,
        }


@dataclass(slots=True)
class Query:
    """A pressed button that waits for answerCallbackQuery."""

    id: str
    bot_id: int
    chat: Chat
    person: Person
    message_id: int
    asked_at: float


@dataclass(frozen=True, slots=True)
class Input:
    """Something a person did, for the record."""

    person_id: int
    bot_id: int
    update_id: int
    kind: str
    text: str


@dataclass(slots=True)
class CallLog:
    """The last calls of the Bot API, numbered from 1."""

    entries: deque[Json] = field(default_factory=lambda: deque(maxlen=2000))
    count: int = 0

    def add(self, entry: Json) -> Json:
        self.count += 1
        numbered = {"n": self.count, **entry}
        self.entries.append(numbered)
        return numbered

    def after(self, number: int) -> list[Json]:
        return [entry for entry in self.entries if entry["n"] > number]
