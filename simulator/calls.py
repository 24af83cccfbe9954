"""One call of the Bot API on its way: who calls, with which parameters, and what every method asks first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.answers import Json, Refused, bad_request, forbidden
from simulator.entities import with_found
from simulator.markup import MarkupError, parse_html
from simulator.posting import LONGEST_TEXT
from simulator.records import Bot, Chat, Upload
from simulator.text import clean, trimmed, units

if TYPE_CHECKING:
    from simulator.world import World

LONGEST_CAPTION = 1024
LONGEST_SOURCE_BYTES = 1 << 15


@dataclass(slots=True)
class Call:
    world: "World"
    bot: Bot
    params: Json
    files: Mapping[str, Upload]

    def chat(self) -> Chat:
        """The chat that the call names, whether or not the bot may write there."""
        return self.world.chat_of(self.bot, self.params["chat_id"])

    def writable_chat(self) -> Chat:
        """The chat that the call names; refused where the bot may not write."""
        chat = self.chat()
        if chat.person is None:
            self._check_group(chat)
        elif chat.person.deactivated:
            raise forbidden("user is deactivated")
        elif chat.blocked:
            raise forbidden("bot was blocked by the user")
        elif not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def _check_group(self, chat: Chat) -> None:
        if chat.migrated_to is not None:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, words, migrate_to_chat_id=chat.migrated_to)
        if self.bot.id not in chat.members:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")

    def text(self) -> Json:
        """`text` and `entities` of a Message; refused where empty, too long or not parseable."""
        text, entities = self._formatted("text", "entities")
        if not text:
            raise bad_request("text must be non-empty")
        if units(text) > LONGEST_TEXT:
            raise bad_request("message is too long")
        return {"text": text, "entities": entities} if entities else {"text": text}

    def caption(self) -> Json:
        """`caption` and `caption_entities` of a Message, or nothing."""
        if "caption" not in self.params:
            return {}
        caption, entities = self._formatted("caption", "caption_entities")
        if units(caption) > LONGEST_CAPTION:
            raise bad_request("message caption is too long")
        if not caption:
            return {}
        return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}

    def _formatted(self, name: str, entities_name: str) -> tuple[str, list[Json]]:
        source = clean(self.params[name])
        if len(source.encode("utf-8", "surrogatepass")) > LONGEST_SOURCE_BYTES:
            raise bad_request("text is too long")
        mode = str(self.params.get("parse_mode", "")).lower()
        if mode == "html":
            try:
                text, entities = parse_html(source)
            except MarkupError as error:
                raise bad_request(f"can't parse entities: {error}") from error
        elif mode in {"markdown", "markdownv2"}:
            raise Refused(501, "Not Implemented: the simulator reads HTML only")
        elif mode not in {"", "none"}:
            raise bad_request("unsupported parse_mode")
        else:
            text, entities = source, self.params.get(entities_name, [])
        text, entities = trimmed(text, entities)
        return text, with_found(text, self._with_people(entities))

    def _with_people(self, entities: list[Json]) -> list[Json]:
        """Mentions by id become mentions of a User; of somebody unknown they vanish, as on Telegram."""
        known = []
        for entity in entities:
            if "mentioned" not in entity:
                known.append(entity)
            elif entity["mentioned"] in self.world.people:
                person = self.world.people[entity["mentioned"]]
                plain = {k: v for k, v in entity.items() if k != "mentioned"}
                known.append({**plain, "user": person.user()})
        return known


def language_of(call: Call) -> str:
    """The language that the call names, or "" for every other one."""
    code: str = call.params.get("language_code", "")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("LANG_CODE_INVALID")
    return code
