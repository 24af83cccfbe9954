"""A broadcast as it stands in a family's chat: the writer's words, how to check that they are ours, the way to mute.

The words are as the writer formatted them in Telegram. What stands below them is in the reader's language. Nothing of
a case can get in: there is nothing here that knows one (privacy rule 13).
"""

from typing import Any

from sqlalchemy import Connection

from bot.broadcast_rows import Content, Contents
from bot.i18n import Html, Locale, Locales
from bot.screen import TEXT_LIMIT, Button, Screen
from bot.turn import Surroundings
from casework import broadcasts
from casework.broadcast_runs import Kind
from casework.broadcast_texts import units
from casework.broadcasts import REQUEST, Broadcast, Words
from casework.words import N_

CAPTION_LIMIT = 1024  # UTF-16 units; Bot API, sendPhoto
_CHECK = N_("To check that this is really from us, send here:")
MUTE = N_("No more news")
_OPEN = N_("Open my request")
_PAGE = N_("Open the page")
_KEPT = 500  # calls held ready
_METHODS = {"photo": "sendPhoto", "document": "sendDocument", "voice": "sendVoice"}


def room(locales: Locales, broadcast: Broadcast) -> int:
    """Return how long a text may be, in UTF-16 units, so that what stands below it fits in every language."""
    limit = CAPTION_LIMIT if broadcast.details.media is not None else TEXT_LIMIT
    return limit - max(units(_below(each, broadcast)[0]) for each in locales)


def message_of(broadcast: Broadcast, words: Words, locale: Locale, kind: Kind = Kind.SEND) -> Content:
    """Return the call that sends it to readers of a language, or that corrects or deletes what was sent."""
    if kind is Kind.RECALL:
        return Content("deleteMessages", {})
    below, code_at, code_length = _below(locale, broadcast)
    code = {"type": "code", "offset": units(words.text) + code_at, "length": code_length}
    text, entities = words.text + below, [*words.entities, code]
    keyboard = Screen(Html(), _buttons(broadcast, locale)).keyboard("")
    media = broadcast.details.media
    if media is None:
        method = "editMessageText" if kind is Kind.CORRECT else "sendMessage"
        quiet = {"link_preview_options": {"is_disabled": True}}
        return Content(method, {"text": text, "entities": entities, "reply_markup": keyboard, **quiet})
    said: dict[str, Any] = {"caption": text, "caption_entities": entities, "reply_markup": keyboard}
    if kind is Kind.CORRECT:
        return Content("editMessageCaption", said)
    return Content(_METHODS[media.kind], {media.kind: media.file_id, **said})


def contents(around: Surroundings) -> Contents:
    """Return what makes the calls of rows: a text is opened and put together once for all readers of a language."""
    held: dict[tuple[Kind, int, str], Content] = {}

    def content(connection: Connection, kind: Kind, text_id: int, language: str | None) -> Content:
        locale = around.locales.get(language)
        at = (kind, text_id, locale.code)
        if at not in held:
            if len(held) >= _KEPT:
                held.clear()
            broadcast, text = broadcasts.text_of(connection, around.keys, text_id)
            held[at] = message_of(broadcast, text.body, locale, kind)
        return held[at]

    return content


def _below(locale: Locale, broadcast: Broadcast) -> tuple[str, int, int]:
    """Return what stands below the words, and where in it the code stands, in UTF-16 units."""
    before = f"\n\n{locale.plain(_CHECK)}\n"
    command = f"/verify {broadcast.details.code}"
    return before + command, units(before), units(command)


def _buttons(broadcast: Broadcast, locale: Locale) -> list[list[Button]]:
    link = broadcast.details.link
    rows = []
    if link == REQUEST:
        rows.append([Button(locale.plain(_OPEN), "mine", anywhere=True)])
    elif link:
        rows.append([Button(locale.plain(_PAGE), url=link)])
    if not broadcast.urgent:
        rows.append([Button(locale.plain(MUTE), "mute_news", anywhere=True)])
    return rows
