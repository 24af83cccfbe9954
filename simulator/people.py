"""A person's side: who they are, what they write, edit and press, whom they block.

Each act becomes an update in Telegram's own form.
"""

from simulator.answers import Json
from simulator.posting import Impossible, Posting
from simulator.records import Bot, Chat, Person, Query, Stored


class PeopleSide(Posting):
    """What people do. `bot_id` may be left out everywhere: then the only or first bot is meant."""

    def meet(
        self,
        person_id: int,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        started: bool = False,
    ) -> Person:
        """Make or rename a person; `started` where every bot may write to them, as to who has written to it."""
        person = self.person(person_id)
        for bot in self.bots.values() if started else ():
            self.private_chat(bot, person).started = True
        person.first_name = person.first_name if first_name is None else first_name
        person.last_name = person.last_name if last_name is None else last_name
        person.username = person.username if username is None else username
        person.language_code = person.language_code if language_code is None else language_code
        self.tell("state")
        return person

    def edit(self, person_id: int, message_id: int, text: str, *, bot_id: int | None = None) -> Json:
        """Edit an own message."""
        bot, chat, person = self._line(person_id, bot_id)
        stored = chat.messages.get(message_id)
        if stored is None or stored.outgoing or not {"text", "caption"} & stored.message.keys():
            raise Impossible("only an own message with text can be edited")
        kept = {k: v for k, v in stored.message.items() if k not in {"text", "entities", "caption"}}
        words = self._words(text) if "text" in stored.message else {"caption": text}
        edited = self.replace(bot, chat, {**kept, "edit_date": self.now(), **words})
        update_id = self.queue(bot, "edited_message", edited.message, person=person, text=text)
        return {"message_id": message_id, "update_id": update_id}

    def press(
        self,
        person_id: int,
        message_id: int,
        data: str | None = None,
        label: str | None = None,
        *,
        bot_id: int | None = None,
        group_id: int | None = None,
    ) -> Json:
        """Press a button by its data or its label.

        `data` need not be on the keyboard: presses can be forged or stale. A link answers
        `{"url"}` and a copy button `{"copied"}`, since the bot hears nothing of them.
        """
        bot, chat, person = self._line(person_id, bot_id, group_id)
        if data is None:
            button = _button(chat.messages.get(message_id), label)
            if "callback_data" not in button:
                return _client_side(button)
            data = button["callback_data"]
        return self._ask(bot, chat, person, message_id, data)

    def tap(self, person_id: int, label: str, *, bot_id: int | None = None) -> Json:
        """Tap a button of the reply keyboard: sends its label, or the contact or place it asks for."""
        _, chat, person = self._line(person_id, bot_id)
        rows = (chat.reply_keyboard or {}).get("keyboard", [])
        for button in (each for row in rows for each in row):
            if button["text"] != label:
                continue
            if button.get("request_contact"):
                return self.send_contact(person_id, f"+7900{person_id:07d}", person.first_name, bot_id=bot_id)
            if button.get("request_location"):
                return self.send_location(person_id, 43.3, 45.7, bot_id=bot_id)
            return self.write(person_id, label, bot_id=bot_id)
        raise Impossible(f"the reply keyboard has no button {label!r}")

    def block(self, person_id: int, *, bot_id: int | None = None) -> Json:
        """Block the bot: it gets a my_chat_member update, and 403 from then on."""
        return self._set_blocked(person_id, bot_id, blocked=True)

    def unblock(self, person_id: int, *, bot_id: int | None = None) -> Json:
        return self._set_blocked(person_id, bot_id, blocked=False)

    def deactivate(self, person_id: int) -> Json:
        """Delete the person's account: nobody tells the bot, it is refused from then on."""
        self.person(person_id).deactivated = True
        return {}

    def _ask(self, bot: Bot, chat: Chat, person: Person, message_id: int, data: str) -> Json:
        query = Query(
            str(self.dice.getrandbits(63)), bot.id, chat, person, message_id, self.clock.timestamp()
        )
        self.queries[query.id] = query
        stored = chat.messages.get(message_id)
        # A press on a message that is gone arrives with what is left of it (Bot API, InaccessibleMessage).
        gone = {"chat": chat.chat(), "message_id": message_id, "date": 0}
        asked = {
            "id": query.id,
            "from": person.user(),
            "message": stored.message if stored else gone,
            "chat_instance": str(chat.id * 7919),
            "data": data,
        }
        update_id = self.queue(bot, "callback_query", asked, person=person, text=data)
        return {"callback_query_id": query.id, "update_id": update_id}

    def _set_blocked(self, person_id: int, bot_id: int | None, *, blocked: bool) -> Json:
        bot, person = self.meant_bot(bot_id), self.person(person_id)
        chat = self.private_chat(bot, person)
        if chat.blocked == blocked:
            return {"update_id": 0}
        chat.blocked = blocked
        self.tell("state")
        gone: Json = {"user": bot.user(), "status": "kicked", "until_date": 0}
        member: Json = {"user": bot.user(), "status": "member"}
        change = {
            "chat": chat.chat(),
            "from": person.user(),
            "date": self.now(),
            "old_chat_member": member if blocked else gone,
            "new_chat_member": gone if blocked else member,
        }
        return {"update_id": self.queue(bot, "my_chat_member", change, person=person)}


def _button(stored: Stored | None, label: str | None) -> Json:
    rows = (stored.markup or {}).get("inline_keyboard", []) if stored else []
    for button in (each for row in rows for each in row):
        if button["text"] == label:
            found: Json = button
            return found
    raise Impossible(f"the message has no button {label!r}")


def _client_side(button: Json) -> Json:
    if "copy_text" in button:
        return {"copied": button["copy_text"]["text"]}
    return {"url": button.get("url", "")}
