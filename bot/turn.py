"""A turn: one update of one person, from the loaded dialog row to the rows that are written.

Handlers get a `Turn` and are plain functions. They read what is loaded, call casework, and say what the
person shall see; the messages
become outbox rows of the same transaction. Nothing is sent here and nothing is committed here.
"""

import hashlib
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.i18n import Html, Locale, Locales, joined
from bot.incoming import Incoming, Kind
from bot.outgoing import LEASE, Courtesy, Lane, Outgoing, Parting, Settled
from bot.pages import Pages
from bot.screen import Button, Rows, Screen
from bot.store import (
    Loaded,
    Other,
    add_to_outbox,
    deletable_messages,
    deletable_of_rows,
    other,
    others,
    reachable_again,
    save_dialog,
    save_language,
)
from casework.expiry import Periods
from casework.name_index import NameIndex
from casework.permissions import Role
from casework.preferences import QuietHours
from casework.reading import NotReadYet
from casework.reminding.rules import Rules
from db.randomness import random_letters
from db.sealed import DataKey, KeyRing
from db.shared import is_shared

T = TypeVar("T")
_TOKEN_LETTERS = string.ascii_letters + string.digits + "_-"
_TOKEN_LENGTH = 6
_PRESSED_TWICE = 10  # seconds; on a slow network the two presses are that far apart
_A_FEW = 10  # accounts that are told the same; more of them let conversations go first
_DELETED_AT_ONCE = 100  # Bot API, deleteMessages


@dataclass
class Surroundings:
    """What every turn of this process shares. The bot's name is known once Telegram has told it."""

    keys: KeyRing
    locales: Locales
    pages: Pages
    zone: ZoneInfo
    quiet: QuietHours
    instance: str
    rules: Rules
    admins: frozenset[int] = frozenset()  # Telegram ids that the config names
    names: NameIndex = field(
        default_factory=NameIndex
    )  # what /find looks in; read when somebody searches first
    bot_username: str = ""
    second_above: int = 50  # recipients of a broadcast, above whom a second person has to agree
    largest_in_broadcast: int = 5 * 1024 * 1024  # bytes of a file that goes with a broadcast
    periods: Periods = field(default_factory=Periods)  # how long what is kept


@dataclass
class Turn:
    """What a handler gets.

    Attributes:
        incoming: what the person did.
        connection: the open transaction, for casework.
        loaded: the person's account and dialog as they were when the lock was taken; changes to it are saved.
        now: the moment this turn began.
        about: at the office's side, the request that what is said now is about (`Outgoing.request_id`).
    """

    incoming: Incoming
    connection: Connection
    loaded: Loaded
    around: Surroundings
    now: datetime
    found: Mapping[str, Any] = field(default_factory=dict)  # what was read beside the writer for it
    locale: Locale = field(init=False)
    _outgoing: list[Outgoing] = field(default_factory=list)
    _to_others: list[tuple[Outgoing, DataKey]] = field(default_factory=list)
    _courtesies: list[Courtesy] = field(default_factory=list)
    _toast: str | None = None
    _notes: list[Html] = field(default_factory=list)
    _erased: bool = False
    _anew: bool = False
    _parting: Parting | None = None
    _kept_until_out: bool = False
    next_step: str | None = None
    about: int | None = None

    def __post_init__(self) -> None:
        self.locale = self.around.locales.get(self.loaded.language)

    @property
    def account_id(self) -> int:
        return self.loaded.account_id

    @property
    def role(self) -> Role:
        """What this person is to the office, as it stands in the database now."""
        return Role(self.loaded.role)

    @property
    def keys(self) -> KeyRing:
        return self.around.keys

    @property
    def own_key(self) -> DataKey:
        """The key that seals this account's own rows."""
        return self.loaded.key

    @property
    def state(self) -> dict[str, Any]:
        """What the dialog remembers between turns; JSON-able, stored sealed."""
        return self.loaded.state

    @property
    def zone(self) -> ZoneInfo:
        """The zone this person reads days and times in: the one they chose, or the office's."""
        return ZoneInfo(self.loaded.zone) if self.loaded.zone else self.around.zone

    @property
    def t(self) -> Callable[..., Html]:
        return self.locale.t

    def beside(self, name: str, read: Callable[[Connection], T]) -> T:
        """Return what this reads. It may take long: it is read beside the writer (bot/beside.py), and sees nothing of
        what this turn has changed.

        Args:
            name: what is read, by a name of its own within the turn.

        Raises:
            NotReadYet: it has to be read first; the turn is undone and runs again.
        """
        if name not in self.found:
            raise NotReadYet(name, read)
        found: T = self.found[name]
        return found

    def button(self, label: str, action: str, *, anywhere: bool = False, style: str | None = None) -> Button:
        """Make a button whose words are a sentence of the catalogue."""
        return Button(self.locale.plain(label), action, anywhere=anywhere, style=style)

    def choose_language(self, code: str) -> None:
        self.locale = self.around.locales.get(code)
        self.loaded.language = code
        save_language(self.connection, self.account_id, code)

    def go(self, step: str) -> None:
        """Show this step once the handler returns. Handlers name where to go; they do not call each other."""
        self.next_step = step

    def show_anew(self) -> None:
        """Show the step where the person stands below everything else; nothing of it has changed."""
        self._anew = True
        self.go(self.loaded.step)

    def note(self, text: Html) -> None:
        """Say this above the next screen that is shown."""
        self._notes.append(text)

    def toast(self, text: str) -> None:
        """Answer a press with a line above the chat; other kinds of input have no such line."""
        self._toast = text

    def say(self, text: Html, rows: Any = ()) -> None:
        """Send a message that stays as it is: no screen, its buttons (if any) work from anywhere."""
        extra = {"reply_markup": Screen(text, rows).keyboard("")} if rows else {}
        self._send("sendMessage", {"text": self.locale.in_line(text), "parse_mode": "HTML", **extra})

    def send_as_is(self, method: str, parameters: Mapping[str, Any]) -> int:
        """Send a message exactly as it will be sent to others; return the id of its outbox row."""
        return self._send(method, dict(parameters))

    def tell(
        self,
        account_id: int,
        words: Callable[[Locale], Html],
        label: str,
        action: str,
        *,
        about: int | None = None,
    ) -> int:
        """Tell another account something, in its own language, with a button that works from anywhere.

        What it says may light up a lock screen: no name, no place.

        Args:
            about: to staff, the request it is about: a reply to the message goes to that request's family.

        Returns:
            The id of the outbox row, by which one learns how far it came.
        """
        who = other(self.connection, self.keys, account_id)
        row = self._to_other(account_id, who, words, label, action)
        row.request_id = about
        return row.id

    def tell_all(self, actions: Mapping[int, str], words: Callable[[Locale], Html], label: str) -> None:
        """Tell many accounts the same, each in its own language: one query, and behind what is said to one person.

        Args:
            actions: by account, what the button means to it.
        """
        for account_id, who in others(self.connection, self.keys, actions).items():
            row = self._to_other(account_id, who, words, label, actions[account_id])
            row.lane = Lane.BULK if len(actions) > _A_FEW else Lane.CONVERSATION

    def _to_other(
        self, account_id: int, who: Other, words: Callable[[Locale], Html], label: str, action: str
    ) -> Outgoing:
        locale = self.around.locales.get(who.language)
        button = Button(locale.plain(label), action, anywhere=True)
        content = {
            "text": locale.in_line(words(locale)),
            "parse_mode": "HTML",
            "reply_markup": Screen(Html(), [[button]]).keyboard(""),
        }
        row = Outgoing.reply(account_id, who.chat_id, "sendMessage", content)
        self._to_others.append((row, who.key))
        return row

    def picture(self, render: str, about: dict[str, str], caption: Html) -> None:
        """Send a picture that is drawn when it is sent (bot/uploads.py): `render` names how, `about` holds
        what it shows.
        """
        self.upload("sendPhoto", {"render": render, **about}, caption)

    def upload(
        self, method: str, recipe: dict[str, str], caption: Html | None = None, *, protected: bool = False
    ) -> int:
        """Send a file that is made when it is sent (bot/uploads.py); `method` is sendPhoto, sendDocument …

        Args:
            protected: as of a screen: what staff see can be neither forwarded nor saved.

        Returns:
            The id of the outbox row, by which it can be taken out of the chat (`take_out`).
        """
        return self._send(method, _with(caption, protected=protected), draw=recipe)

    def hand(self, account_id: int, recipe: dict[str, str], caption: Callable[[Locale], Html]) -> None:
        """Send another account a file that is made when it is sent, protected, with words in its own language."""
        who = other(self.connection, self.keys, account_id)
        words = caption(self.around.locales.get(who.language))
        row = Outgoing.reply(account_id, who.chat_id, "sendDocument", _with(words, protected=True), recipe)
        self._to_others.append((row, who.key))

    def list_commands(self, described: Mapping[str, str]) -> None:
        """Say which commands this chat's own list shows (Bot API, BotCommandScopeChat)."""
        commands = [{"command": each, "description": words} for each, words in described.items()]
        scope = {"type": "chat", "chat_id": self.incoming.user_id}
        self._send("setMyCommands", {"commands": commands, "scope": scope})

    def delete_messages(self, message_ids: Sequence[int]) -> None:
        """Delete messages of this chat, the person's own too.

        Telegram deletes what is younger than 48 hours and passes over the rest (Bot API, deleteMessages).
        """
        for start in range(0, len(message_ids), _DELETED_AT_ONCE):
            some = list(message_ids[start : start + _DELETED_AT_ONCE])
            self._send("deleteMessages", {"message_ids": some})

    def take_out(self, rows: Sequence[int]) -> bool:
        """Delete messages of this chat by their outbox rows; False where Telegram lets us delete none of them."""
        found = deletable_of_rows(self.connection, self.account_id, rows, self.now)
        self.delete_messages(found)
        return bool(found)

    def empty_chat_of(self, account_id: int) -> None:
        """Delete what the bot wrote to somebody else, as far as Telegram lets us, and the list of their own commands.

        For who does not belong to the team any more: what still stands there shows families.
        """
        who = other(self.connection, self.keys, account_id)
        known = sorted(deletable_messages(self.connection, account_id, self.now), reverse=True)
        calls: list[tuple[str, dict[str, Any]]] = [
            ("deleteMessages", {"message_ids": known[start : start + _DELETED_AT_ONCE]})
            for start in range(0, len(known), _DELETED_AT_ONCE)
        ]
        calls.append(("deleteMyCommands", {"scope": {"type": "chat", "chat_id": who.chat_id}}))
        for method, parameters in calls:
            self._to_others.append((Outgoing.reply(account_id, who.chat_id, method, parameters), who.key))

    def delete_chat(self) -> None:
        """Delete every message of this chat that Telegram still lets us delete, the person's own too."""
        own = [self.incoming.message_id] if self.incoming.kind is not Kind.PRESS else []
        known = deletable_messages(self.connection, self.account_id, self.now)
        if self.incoming.kind is Kind.PRESS and self.incoming.message_id not in known:
            self.clear_pressed()  # it is too old to go, so at least nothing on it asks for a press
        self.delete_messages(sorted({*known, *(each for each in own if each)}, reverse=True))

    def clear_traces(self) -> None:
        """Something is erased in this turn: once it is committed, take it out of the database's log as well."""
        self._erased = True

    def part(self, *, keep_address: bool = False) -> None:
        """Take leave of an account that is erased in this turn: nothing more of it is written.

        What is said goes out from memory only, and a restart loses it.

        Args:
            keep_address: write what is said all the same, and keep the address until it is out: for what must not be
                lost. Casework has to leave key and address in place until then.
        """
        self.clear_traces()
        self._parting = Parting(self.account_id)
        self._kept_until_out = keep_address

    def show(self, step: str, screen: Screen) -> None:
        """Make this the live screen: in place where its own button was pressed, otherwise as a new message
        below, and the old keyboard goes away.

        Where something else came below it meanwhile, it moves down: nobody should look for the next question.
        """
        self.loaded.step = step
        as_protected = self._as_protected(screen)
        in_place = self._pressed_live_screen() and not self._something_below() and as_protected
        if not in_place:
            self.retire()
        token = self._named(step, screen, in_place=in_place)
        text = self.locale.in_line(joined([*self._notes, screen.text], "\n\n"))
        self._notes.clear()
        content: dict[str, Any] = {
            "text": text,
            "parse_mode": "HTML",
            "reply_markup": screen.keyboard(token),
        }
        if in_place:
            self._send("editMessageText", {**content, "message_id": self.incoming.message_id})
        else:
            protected = {"protect_content": True} if screen.protected else {}
            self.loaded.screen_id = self._send("sendMessage", {**content, **protected})

    def _named(self, step: str, screen: Screen, *, in_place: bool) -> str:
        """Give the screen a token of its own; the one it has, where it is shown anew as it was.

        Otherwise a press that is on its way from a slow telephone would find an old button again and again. What the
        screen before had is remembered for a moment: it may have been pressed twice (`was_just_left`).
        """
        looks = hashlib.blake2s(
            f"{step}\n{screen.looks}".encode(errors="surrogatepass"), digest_size=6
        ).hexdigest()
        same = self._anew and looks == self.state.get("looks")
        self.state.pop("copied", None)
        if same and not in_place:
            self.state["copied"] = True
        if not same or self.loaded.token is None:
            self._leave()
            self.loaded.token = random_letters(_TOKEN_LETTERS, _TOKEN_LENGTH)
        self.state["looks"] = looks
        return self.loaded.token

    def _leave(self) -> None:
        self.state["left"] = [self.loaded.token, int(self.now.timestamp())]

    @property
    def was_just_left(self) -> bool:
        """Whether a button was pressed of the screen that this one followed a moment ago, as a trembling finger does.

        What it was pressed for is there, or on its way: shown anew it would come below what is written meanwhile, and
        be answered a second time.
        """
        token, at = self.state.get("left", (None, 0))
        pressed = self.incoming.kind is Kind.PRESS and self.incoming.token is not None
        return pressed and self.incoming.token == token and self.now.timestamp() - at < _PRESSED_TWICE

    def _as_protected(self, screen: Screen) -> bool:
        """Whether the live screen is as protected as this one has to be: a message cannot become so later."""
        before = bool(self.state.pop("protected", False))
        if screen.protected:
            self.state["protected"] = True
        return before or not screen.protected

    def close(self, text: Html) -> bool:
        """Turn the live screen whose button was pressed into a plain text without buttons; False where it cannot be."""
        if self._pressed_live_screen():
            closed = {
                "text": self.locale.in_line(text),
                "parse_mode": "HTML",
                "message_id": self.incoming.message_id,
            }
            self._send("editMessageText", closed)
            self._leave()
            self.loaded.screen_id, self.loaded.token = None, None
            return True
        self.retire()
        return False

    def rewrite_pressed(self, text: Html, rows: Rows = ()) -> None:
        """Put this text in the place of the message whose button was pressed; its own buttons go.

        For messages that are no screens; those that are, `close` them.

        Args:
            rows: other buttons, which have to work from anywhere.
        """
        if self.incoming.message_id is not None:
            words: dict[str, Any] = {"text": self.locale.in_line(text), "parse_mode": "HTML"}
            if rows:
                words["reply_markup"] = Screen(text, rows).keyboard("")
            self._send("editMessageText", {**words, "message_id": self.incoming.message_id})

    def rewrite_for(self, account_id: int, method: str, parameters: Mapping[str, Any]) -> None:
        """Edit a message in somebody's chat, be it this one: one that several people can change from elsewhere."""
        if account_id == self.account_id:
            self._send(method, dict(parameters))
            return
        who = other(self.connection, self.keys, account_id)
        row = Outgoing.reply(account_id, who.chat_id, method, dict(parameters))
        self._to_others.append((row, who.key))

    def retire(self) -> None:
        """Take the keyboard off the live screen, if there is one, once this turn's messages are out.

        A screen whose delivery was in doubt may stand in the chat twice; if the copy was pressed, it goes too.
        """
        if self.incoming.kind is Kind.PRESS and self.incoming.token == self.loaded.token:
            self.clear_pressed()
        if self.loaded.screen_id is not None:
            self._courtesies.append(Courtesy(self.loaded.screen_id, self.loaded.screen_message_id))
        self.loaded.screen_id, self.loaded.screen_message_id = None, None

    def clear_pressed(self) -> None:
        """Take the keyboard off the message whose button was pressed: it belongs to a screen that is gone."""
        if self.incoming.message_id is not None:
            self._courtesies.append(Courtesy(None, self.incoming.message_id))

    def _pressed_live_screen(self) -> bool:
        return (
            self.incoming.kind is Kind.PRESS
            and self.incoming.message_id is not None
            and self.loaded.screen_id is not None
            and self.incoming.token == self.loaded.token
            and self._stands_in_pressed()
            and not any(row.method.startswith("send") for row in self._outgoing)
        )

    def _stands_in_pressed(self) -> bool:
        """Whether the pressed message is the live screen. Who presses faster than we learn where it stands presses it,
        unless it was shown anew: then an older message has the same buttons.
        """
        where = self.loaded.screen_message_id
        return where == self.incoming.message_id or (where is None and not self.state.get("copied"))

    def _something_below(self) -> bool:
        screen, newest = self.loaded.screen_message_id, self.loaded.newest_message_id
        return screen is not None and newest is not None and newest > screen

    def _send(self, method: str, parameters: dict[str, Any], draw: dict[str, str] | None = None) -> int:
        row = Outgoing.reply(self.account_id, self.incoming.user_id, method, parameters, draw)
        row.request_id = self.about
        self._outgoing.append(row)
        return row.id

    def settle(self) -> Settled:
        """Write everything this turn has changed; return what to do once it is committed."""
        if self._parting is None:
            save_dialog(self.connection, self.loaded, self.now)
            if self.loaded.unreachable:
                reachable_again(self.connection, self.account_id)
        own = [(row, self.own_key) for row in self._outgoing]
        kept = [*(own if self._parting is None or self._kept_until_out else ()), *self._to_others]
        waiting = self._coming_after_others({row.id for row, _ in kept})
        if kept:
            add_to_outbox(self.connection, [self._as_row(row, key, waiting) for row, key in kept])
        return Settled(
            self.incoming.user_id,
            [row for row, _ in [*own, *self._to_others] if row.id not in waiting],
            self._courtesies,
            self.incoming.callback_id,
            self._toast,
            self._erased,
            self._parting,
            waiting,
        )

    def _coming_after_others(self, kept: set[int]) -> frozenset[int]:
        """Return which rows to leave to whoever delivers what comes before them, where that may be another process.

        This turn holds the lock of its own person's dialog, so it knows what is on its way there; of others it
        does not.
        """
        if not is_shared(self.connection):
            return frozenset()
        if self.loaded.is_served_by_others(self.around.instance):
            return frozenset(kept)
        return frozenset(row.id for row, _ in self._to_others)

    def _as_row(self, row: Outgoing, key: DataKey, waiting: frozenset[int]) -> dict[str, Any]:
        if row.id in waiting:
            return row.as_waiting(key, self.now)
        if is_shared(self.connection):
            row.leased_until = self.now + LEASE
        return row.as_columns(key, self.around.instance, self.now)


def _with(caption: Html | None, *, protected: bool) -> dict[str, Any]:
    words = {"caption": caption, "parse_mode": "HTML"} if caption else {}
    return {**words, "protect_content": True} if protected else words
