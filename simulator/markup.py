"""Telegram's HTML → text and entities in UTF-16 units; refuses what the server does (tdlib, parse_html)."""

import re
from dataclasses import dataclass, field

from simulator.answers import Json
from simulator.text import units

TAGS = {
    "b": "bold", "strong": "bold",
    "i": "italic", "em": "italic",
    "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "tg-emoji": "custom_emoji",
    "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
MENTION = re.compile(r"tg://user/?\?id=(\d+)$")
LAST_CHARACTER = 0x10FFFF


class MarkupError(ValueError):
    """The server's words for text that it cannot parse."""


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities of an HTML message; raises MarkupError in the server's words."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source).parse()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    piece: int


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._text()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.pieces), _in_order(self.entities)

    def _text(self) -> None:
        end = self.source.find("<", self.at)
        end = len(self.source) if end < 0 else end
        piece = REFERENCE.sub(_character, self.source[self.at : end])
        self.pieces.append(piece)
        self.offset += units(piece)
        self.at = end

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until_space_or(">").lower()
        if self.at == len(self.source):
            raise self._error("Unclosed start tag", begin)
        if tag not in TAGS:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, argument, self.offset, len(self.pieces)))
        self.at += 1

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self._skip_spaces()
            if self._here() == ">":
                return argument
            name = self._until_space_or("=>" if tag == "blockquote" else "=")
            if not name:
                raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_spaces()
            if tag == "blockquote" and name == "expandable" and self._here() != "=":
                argument = "expandable"
                continue
            argument = _argument(tag, name, self._attribute_value(tag, begin)) or argument

    def _attribute_value(self, tag: str, begin: int) -> str:
        if self._here() != "=":
            raise self._error(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        self.at += 1
        self._skip_spaces()
        if not self._here():
            raise self._error(f'Unclosed start tag "{tag}"', begin)
        value = self._quoted() if self._here() in "'\"" else self._name_token()
        if not self._here():
            raise self._error("Unclosed start tag", begin)
        return value

    def _quoted(self) -> str:
        end = self.source.find(self._here(), self.at + 1)
        end = len(self.source) if end < 0 else end
        value = REFERENCE.sub(_character, self.source[self.at + 1 : end])
        self.at = min(end + 1, len(self.source))
        return value

    def _name_token(self) -> str:
        begin = self.at
        token = NAME_TOKEN.match(self.source, begin)
        value = token.group().lower() if token else ""
        self.at += len(value)
        if self._here() and not self._here().isspace() and self._here() != ">":
            raise self._error("Unexpected end of name token", begin)
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        self.at += 2
        tag = self._until_space_or(">").lower()
        self._skip_spaces()
        if self._here() != ">":
            raise self._error("Unclosed end tag", begin)
        expected = self.open[-1].tag
        if tag and tag != expected:
            where = f"Unmatched end tag at byte offset {self._byte(begin)}"
            raise MarkupError(f'{where}, expected "</{expected}>", found "</{tag}>"')
        self.at += 1
        self._close(self.open.pop())

    def _close(self, opened: _Open) -> None:
        length = self.offset - opened.offset
        if length == 0:
            return
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            target = opened.argument or "".join(self.pieces[opened.piece :])
            if not _link(entity, target):
                return
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "code" and opened.argument:
            # <pre><code class="language-…"> is one block with a language.
            entity["language"] = opened.argument
        elif opened.tag == "pre" and self._inner_code(entity):
            return
        self.entities.append(entity)

    def _inner_code(self, pre: Json) -> bool:
        last = self.entities[-1] if self.entities else {}
        if last.get("type") != "code" or (last["offset"], last["length"]) != (pre["offset"], pre["length"]):
            return False
        last["type"] = "pre"
        return True

    def _until_space_or(self, stops: str) -> str:
        begin = self.at
        while (here := self._here()) and not here.isspace() and here not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def _skip_spaces(self) -> None:
        while self._here().isspace():
            self.at += 1

    def _here(self) -> str:
        return self.source[self.at : self.at + 1]

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    def _error(self, words: str, at: int) -> MarkupError:
        return MarkupError(f"{words} at byte offset {self._byte(at)}")


def _character(found: re.Match[str]) -> str:
    sixteen, ten, name = found.groups()
    if name:
        return NAMED[name]
    code = int(sixteen, 16) if sixteen else int(ten)
    return chr(code) if 0 < code < LAST_CHARACTER else found.group()


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) == ("a", "href") or (tag, name) == ("tg-emoji", "emoji-id"):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "expandable" if (tag, name) == ("blockquote", "expandable") else ""


def _link(entity: Json, target: str) -> bool:
    """Complete a link; False where the target is no link, which Telegram shows as plain text."""
    if mention := MENTION.match(target):
        entity |= {"type": "text_mention", "mentioned": int(mention.group(1))}
        return True
    if not re.match(r"(?i)(https?|tg|ton|tonsite)://|mailto:|tel:", target):
        if "." not in target or re.search(r"\s", target):
            return False
        target = f"http://{target}"
    host_end = target.find("/", target.find("://") + 3)
    # The server writes an address without a path with one.
    entity["url"] = f"{target}/" if host_end < 0 and target.lower().startswith("http") else target
    return True


def _in_order(entities: list[Json]) -> list[Json]:
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
