"""What there is in the world, and the few moves that all else is made of: say, replace, remove, queue, tell."""

import random
import re
from collections.abc import Callable
from typing import Any

from simulator.answers import Json, Refused, bad_request
from simulator.clock import Clock
from simulator.records import Bot, CallLog, Chat, Input, Person, Query, Stored, StoredFile, Upload
from simulator.updates import NOT_BY_DEFAULT, UpdateQueue, Waiting

SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")
Listener = Callable[[Json], None]


class State:
    """People, bots, chats, messages, files. Ids come from the seed and the order of events alone."""

    def __init__(self, clock: Clock | None = None, seed: int = 0) -> None:
        self.clock = clock or Clock()
        self.seed = seed
        self.dice = random.Random(seed)  # noqa: S311 - made-up ids that have to be the same each time
        self.listeners: list[Listener] = []
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.private: dict[tuple[int, int], Chat] = {}
        self.groups: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.inputs: list[Input] = []
        self.said: list[Json] = []
        self.log = CallLog()

    def now(self) -> int:
        """Unix time, whole seconds, as Telegram dates things."""
        return int(self.clock.timestamp())

    def tell(self, event: str, **fields: Any) -> None:
        """Let the listeners know."""
        if self.listeners:
            message = {"event": event, **fields}
            for listener in tuple(self.listeners):
                listener(message)

    def bot(self, token: str) -> Bot:
        """The bot of a token, made by first mention; refused with 401 where the form is not the usual one."""
        number, _, secret = token.partition(":")
        if not (number.isdecimal() and number.isascii() and secret):
            raise Refused(401, "Unauthorized")
        bot = self.bots.get(int(number))
        if bot is None:
            bot = Bot(int(number), token, UpdateQueue(100_000_001 + self.seed * 1000))
            self.bots[bot.id] = bot
            self.tell("state")
        elif bot.token != token:
            raise Refused(401, "Unauthorized")
        return bot

    def meant_bot(self, bot_id: int | None = None) -> Bot:
        """The bot with this id, or else the first seen; LookupError where no bot has called yet."""
        if bot_id is not None:
            return self.bots[bot_id]
        for bot in self.bots.values():
            return bot
        raise LookupError("no bot has called yet")

    def person(self, person_id: int) -> Person:
        """A person, made by first mention."""
        person = self.people.get(person_id)
        if person is None:
            if person_id <= 0:
                raise LookupError(f"a person's id is a positive integer, not {person_id}")
            person = self.people[person_id] = Person(person_id, f"Person {person_id}")
            self.tell("state")
        return person

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        chat = self.private.get((bot.id, person.id))
        if chat is None:
            chat = self.private[bot.id, person.id] = Chat(person.id, "private", person)
        return chat

    def chat_of(self, bot: Bot, chat_id: int | str) -> Chat:
        """The chat that a call names; refused where there is none such. Names (@…) lead nowhere here."""
        if isinstance(chat_id, int):
            if chat_id in self.people:
                return self.private_chat(bot, self.people[chat_id])
            if chat_id in self.groups:
                return self.groups[chat_id]
        raise bad_request("chat not found")

    def say(self, bot: Bot, chat: Chat, content: Json, *, by: Json, markup: Json | None = None) -> Stored:
        """Put a new message into a chat. `by` is the User who sends it."""
        message: Json = {
            "message_id": chat.next_message_id,
            "from": by,
            "chat": chat.chat(),
            "date": self.now(),
            **content,
        }
        if markup is not None and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        chat.next_message_id += 1
        stored = Stored(message, outgoing=bool(by["is_bot"]), markup=markup)
        self._show(chat, stored)
        self.tell("message", person=chat.id, bot=bot.id, message=stored.shown())
        return stored

    def replace(self, bot: Bot, chat: Chat, message: Json, markup: Json | None = None) -> Stored:
        """Put an edited message in the old one's place.

        Messages are never changed where they stand: answers and logs keep them.
        """
        old = chat.messages[message["message_id"]]
        stored = Stored(message, old.outgoing, markup)
        self._show(chat, stored)
        self.tell("edited", person=chat.id, bot=bot.id, message=stored.shown())
        return stored

    def _show(self, chat: Chat, stored: Stored) -> None:
        chat.messages[stored.id] = stored
        if stored.outgoing:
            self.said.append(stored.shown())

    def remove(self, bot: Bot, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        self.tell("deleted", person=chat.id, bot=bot.id, message_id=message_id)

    def queue(self, bot: Bot, kind: str, content: Json, *, person: Person, text: str = "") -> int:
        """Queue an update for the bot and answer its id; 0 where the bot asked not to get this kind."""
        if kind not in bot.allowed if bot.allowed else kind in NOT_BY_DEFAULT:
            return 0
        entry = bot.queue.put(kind, content, self.clock.timestamp())
        self.inputs.append(Input(person.id, bot.id, entry.update_id, kind, text))
        self.announce(bot, entry)
        return entry.update_id

    def announce(self, bot: Bot, entry: Waiting) -> None:
        self.tell("update", bot=bot.id, entry=entry)

    def keep_file(self, kind: str, upload: Upload) -> StoredFile:
        """Store a file under new ids."""
        number = len(self.files) + 1
        unique = f"AgAD{number:06d}{self.dice.getrandbits(32):08x}"
        suffix = SUFFIX.search(upload.filename)
        path = f"{kind}s/file_{number}{suffix.group() if suffix else '.bin'}"
        file = StoredFile(f"BQACAgIAAxkB{unique}{self.dice.getrandbits(64):016x}", unique, path, kind, upload)
        self.files[file.file_id] = file
        return file
