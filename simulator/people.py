"""A person's side: writing, pressing, sending files, blocking.

Each act becomes an update in Telegram's own form.
"""

from itertools import pairwise

from simulator import media
from simulator.answers import Json
from simulator.entities import with_found
from simulator.markup import clean, trimmed, units
from simulator.records import Bot, Chat, Person, Query, Stored, Upload
from simulator.state import State

LONGEST_TEXT = 4096


class Impossible(Exception):
    """Something that a messenger would not let the person do."""


class PeopleSide(State):
    """What people do. `bot_id` may be left out everywhere: then the only or first bot is meant."""

    def meet(
        self,
        person_id: int,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
    ) -> Person:
        """Make or rename a person."""
        person = self.person(person_id)
        person.first_name = person.first_name if first_name is None else first_name
        person.last_name = person.last_name if last_name is None else last_name
        person.username = person.username if username is None else username
        person.language_code = person.language_code if language_code is None else language_code
        self.tell("state")
        return person

    def write(
        self, person_id: int, text: str, *, bot_id: int | None = None, reply_to: int | None = None
    ) -> Json:
        """Write to the bot.

        A text over 4096 units goes as several messages, as messengers do; the last one is answered.
        """
        bot, chat, person = self._line(person_id, bot_id)
        sent: Json = {}
        for part in _parts(clean(text)):
            part_text, _ = trimmed(part, [])
            if not part_text:
                raise Impossible("an empty message cannot be sent")
            content = {**self._text(part_text), **_quote(chat, reply_to)}
            sent = self._send(bot, chat, person, content, text=part_text)
        return sent

    def edit(self, person_id: int, message_id: int, text: str, *, bot_id: int | None = None) -> Json:
        """Edit an own message."""
        bot, chat, person = self._line(person_id, bot_id)
        stored = chat.messages.get(message_id)
        if stored is None or stored.outgoing or not {"text", "caption"} & stored.message.keys():
            raise Impossible("only an own message with text can be edited")
        kept = {k: v for k, v in stored.message.items() if k not in {"text", "entities", "caption"}}
        words = self._text(text) if "text" in stored.message else {"caption": text}
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

        `data` need not be on the keyboard: presses can be forged or stale.

        A link answers `{"url"}` and a copy button `{"copied"}`, since the bot hears nothing of them.
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

    def send_file(
        self,
        person_id: int,
        kind: str,
        upload: Upload,
        *,
        caption: str = "",
        album: str = "",
        bot_id: int | None = None,
    ) -> Json:
        """Send a photo, document, voice or video_note. Files with the same `album` belong together."""
        bot, chat, person = self._line(person_id, bot_id)
        content = media.content(self, kind, upload)
        if caption:
            content["caption"] = clean(caption)
        if album:
            content["media_group_id"] = album
        return self._send(bot, chat, person, content, text=caption)

    def send_photo(
        self,
        person_id: int,
        content: bytes,
        *,
        filename: str = "photo.jpg",
        caption: str = "",
        album: str = "",
        bot_id: int | None = None,
    ) -> Json:
        upload = Upload(filename, content, "image/jpeg")
        return self.send_file(person_id, "photo", upload, caption=caption, album=album, bot_id=bot_id)

    def send_contact(
        self,
        person_id: int,
        phone_number: str,
        first_name: str,
        *,
        own: bool = True,
        bot_id: int | None = None,
    ) -> Json:
        """Share a contact; an own one carries the person's id, as sharing by the keyboard's button does."""
        bot, chat, person = self._line(person_id, bot_id)
        contact: Json = {"phone_number": phone_number, "first_name": first_name}
        if own:
            contact["user_id"] = person.id
        return self._send(bot, chat, person, {"contact": contact}, text=phone_number)

    def send_location(
        self, person_id: int, latitude: float, longitude: float, *, bot_id: int | None = None
    ) -> Json:
        bot, chat, person = self._line(person_id, bot_id)
        place = {"latitude": latitude, "longitude": longitude}
        return self._send(bot, chat, person, {"location": place})

    def send_sticker(self, person_id: int, *, bot_id: int | None = None) -> Json:
        bot, chat, person = self._line(person_id, bot_id)
        file = self.keep_file("sticker", Upload("sticker.webp", b"RIFF", "image/webp"))
        looks = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send(bot, chat, person, {"sticker": {**media.of_file(file), **looks}})

    def forward(self, person_id: int, text: str, from_name: str, *, bot_id: int | None = None) -> Json:
        """Forward a made-up message of somebody who hides their account."""
        bot, chat, person = self._line(person_id, bot_id)
        origin = {"type": "hidden_user", "sender_user_name": from_name, "date": self.now() - 60}
        return self._send(bot, chat, person, {"forward_origin": origin, **self._text(text)}, text=text)

    def block(self, person_id: int, *, bot_id: int | None = None) -> Json:
        """Block the bot: it gets a my_chat_member update, and 403 from then on."""
        return self._set_blocked(person_id, bot_id, blocked=True)

    def unblock(self, person_id: int, *, bot_id: int | None = None) -> Json:
        return self._set_blocked(person_id, bot_id, blocked=False)

    def deactivate(self, person_id: int) -> Json:
        """Delete the person's account: nobody tells the bot, it is refused from then on."""
        self.person(person_id).deactivated = True
        return {}

    def _line(
        self, person_id: int, bot_id: int | None, group_id: int | None = None
    ) -> tuple[Bot, Chat, Person]:
        """Who talks where; Impossible where the person cannot."""
        bot, person = self.meant_bot(bot_id), self.person(person_id)
        if group_id is not None:
            return bot, self.groups[group_id], person
        chat = self.private_chat(bot, person)
        if chat.blocked:
            raise Impossible("the person has blocked the bot")
        if person.deactivated:
            raise Impossible("the account is deleted")
        return bot, chat, person

    def _text(self, text: str) -> Json:
        found = with_found(text, [])
        return {"text": text, "entities": found} if found else {"text": text}

    def _send(self, bot: Bot, chat: Chat, person: Person, content: Json, *, text: str = "") -> Json:
        chat.started = True
        stored = self.say(bot, chat, content, by=person.user())
        update_id = self.queue(bot, "message", stored.message, person=person, text=text)
        return {"message_id": stored.id, "update_id": update_id}

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


def _quote(chat: Chat, reply_to: int | None) -> Json:
    if reply_to is None or reply_to not in chat.messages:
        return {}
    quoted = chat.messages[reply_to].message
    return {"reply_to_message": {k: v for k, v in quoted.items() if k != "reply_to_message"}}


def _parts(text: str) -> list[str]:
    """Text cut into messages of at most 4096 units, never inside a character."""
    if units(text) <= LONGEST_TEXT:
        return [text]
    cuts, length = [0], 0
    for i, character in enumerate(text):
        length += units(character)
        if length > LONGEST_TEXT:
            cuts.append(i)
            length = units(character)
    return [text[a:b] for a, b in pairwise([*cuts, len(text)])]


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
