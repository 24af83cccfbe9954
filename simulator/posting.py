"""Everything a person can put into a chat: words, files, a contact, a place, something forwarded."""

from itertools import pairwise

from simulator import media
from simulator.answers import Json
from simulator.entities import with_found
from simulator.markup import MarkupError, parse_html
from simulator.recordings import as_voice
from simulator.records import Bot, Chat, Person, Upload
from simulator.state import State
from simulator.text import clean, trimmed, units

LONGEST_TEXT = 4096


class Impossible(Exception):
    """Something that a messenger would not let the person do."""


class Posting(State):
    """`bot_id` may be left out everywhere: then the only or first bot is meant."""

    def write(
        self,
        person_id: int,
        text: str,
        *,
        bot_id: int | None = None,
        reply_to: int | None = None,
        formatted: bool = False,
    ) -> Json:
        """Write to the bot.

        A text over 4096 units goes as several messages, as messengers do; the last one is answered. `formatted` text
        is HTML, which stands for what a messenger's own buttons do to words that are marked.
        """
        if formatted:
            return self._write_formatted(person_id, text, bot_id)
        bot, chat, person = self._line(person_id, bot_id)
        sent: Json = {}
        for part in _parts(clean(text)):
            part_text, _ = trimmed(part, [])
            if not part_text:
                raise Impossible("an empty message cannot be sent")
            content = {**self._words(part_text), **_quote(chat, reply_to)}
            sent = self._send(bot, chat, person, content, text=part_text)
        return sent

    def _write_formatted(self, person_id: int, source: str, bot_id: int | None) -> Json:
        bot, chat, person = self._line(person_id, bot_id)
        try:
            text, entities = trimmed(*parse_html(clean(source)))
        except MarkupError as error:
            raise Impossible(str(error)) from error
        if not text:
            raise Impossible("an empty message cannot be sent")
        content = {"text": text, "entities": with_found(text, entities)}
        return self._send(bot, chat, person, content, text=text)

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
        content = media.content(self, kind, as_voice(upload) if kind == "voice" else upload)
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
        return self._send(bot, chat, person, {"forward_origin": origin, **self._words(text)}, text=text)

    def _line(
        self, person_id: int, bot_id: int | None, group_id: int | None = None
    ) -> tuple[Bot, Chat, Person]:
        """Who talks where; Impossible where the person cannot."""
        bot, person = self.meant_bot(bot_id), self.person(person_id)
        if group_id is not None:
            if bot.id not in self.groups[group_id].members:
                raise Impossible("the bot is not in the group")
            return bot, self.groups[group_id], person
        chat = self.private_chat(bot, person)
        if chat.blocked:
            raise Impossible("the person has blocked the bot")
        if person.deactivated:
            raise Impossible("the account is deleted")
        return bot, chat, person

    def _words(self, text: str) -> Json:
        found = with_found(text, [])
        return {"text": text, "entities": found} if found else {"text": text}

    def _send(self, bot: Bot, chat: Chat, person: Person, content: Json, *, text: str = "") -> Json:
        chat.started = True
        stored = self.say(bot, chat, content, by=person.user())
        update_id = self.queue(bot, "message", stored.message, person=person, text=text)
        return {"message_id": stored.id, "update_id": update_id}


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
