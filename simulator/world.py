"""The whole made-up Telegram in memory: `World` answers the bot's calls and does what people do. No I/O."""

import time
from collections.abc import Mapping

from simulator import commands, strictness
from simulator.answers import Answer, Json, Refused, done
from simulator.calls import Call
from simulator.clock import Clock
from simulator.faults import Faults, instead_of_work, spoilt
from simulator.groups import GroupSide
from simulator.limits import Limits
from simulator.methods import METHODS
from simulator.records import Upload


class World(GroupSide):
    """One Telegram. The same seed and the same events give the same ids."""

    def __init__(self, clock: Clock | None = None, seed: int = 0) -> None:
        super().__init__(clock, seed)
        self.faults = Faults(self.dice, self.clock)
        self.limits = Limits()

    def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, object] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Answer:
        """Answer one call of the Bot API. Parameters may be typed or text, as in a form.

        Never raises for what a bot does wrong: refusals are answers. getUpdates answers at once, however long
        its timeout is.
        """
        started = time.perf_counter()
        params, files = params or {}, files or {}
        entry: Json = {
            "at": self.clock.timestamp(),
            "bot_id": 0,
            "method": method,
            "params": _shown(params, files),
        }
        try:
            answer = self._answer(token, params, files, entry)
        except Refused as refusal:
            answer = refusal.answer()
        entry["answer"] = answer.body
        entry["ms"] = round((time.perf_counter() - started) * 1000, 3)
        self.tell("call", call=self.log.add(entry))
        return answer

    def _answer(
        self, token: str, params: Mapping[str, object], files: Mapping[str, Upload], entry: Json
    ) -> Answer:
        """What faults allow of the method's work; `entry` learns for the log who called what."""
        bot = self.bot(token)
        entry["bot_id"] = bot.id
        shape = strictness.shape_of(entry["method"])
        entry["method"] = shape.name
        fault = self.faults.strike(shape.name)
        if fault is not None:
            entry["fault"] = fault.kind
            if (instead := instead_of_work(fault)) is not None:
                return instead
        function = METHODS.get(shape.name.lower())
        if function is None:
            raise Refused(501, f"Not Implemented: the simulator does not do {shape.name}")
        values, unknown = strictness.checked(shape, params, files)
        if unknown:
            entry["unknown"] = unknown
        answer = done(function(Call(self, bot, values, files)))
        return answer if fault is None else spoilt(fault, answer)

    def take_updates(
        self, bot_id: int, offset: int = 0, limit: int = 100, allowed: list[str] | None = None
    ) -> list[Json]:
        """Updates for the bot, after confirming those below `offset`.

        `allowed` holds from the next update on, until changed.
        """
        bot = self.bots[bot_id]
        if allowed is not None:
            bot.allowed = frozenset(allowed)
        bot.queue.forget_stale(self.clock.timestamp())
        return bot.queue.take(offset, limit)

    def put_update(self, update: Json, *, bot_id: int | None = None) -> Json:
        """Queue a raw update as it is; an `update_id` is added where there is none."""
        bot = self.meant_bot(bot_id)
        entry = bot.queue.put_raw(update, self.clock.timestamp())
        self.announce(bot, entry)
        return {"update_id": entry.update.get("update_id")}

    def chat(self, person_id: int, *, bot_id: int | None = None) -> list[Json]:
        """The messages that the person sees, oldest first."""
        messages: list[Json] = self.screen(person_id, bot_id=bot_id)["messages"]
        return messages

    def screen(self, person_id: int, *, bot_id: int | None = None) -> Json:
        """All that the person's messenger shows: messages, commands, toasts, menu button, reply keyboard."""
        person, bot = self.person(person_id), self.meant_bot(bot_id)
        chat = self.private_chat(bot, person)
        return {
            "messages": [stored.shown() for stored in chat.messages.values()],
            "commands": commands.commands_shown(bot, chat, person.language_code),
            "toasts": list(chat.toasts),
            "menu_button": commands.menu_button_shown(bot, chat.id),
            "reply_keyboard": chat.reply_keyboard,
        }

    def toasts(self, person_id: int, *, bot_id: int | None = None) -> list[Json]:
        """The lines above the chat by which presses were answered, oldest first."""
        return list(self.private_chat(self.meant_bot(bot_id), self.person(person_id)).toasts)

    def people_listed(self, *, bot_id: int | None = None) -> list[Json]:
        bot = self.meant_bot(bot_id) if self.bots else None
        return [
            {
                "id": person.id,
                "first_name": person.first_name,
                "last_name": person.last_name,
                "username": person.username,
                "language_code": person.language_code,
                "blocked": bot is not None and self.private_chat(bot, person).blocked,
            }
            for person in self.people.values()
        ]

    def condition(self) -> Json:
        """What is in force: the clock, faults, limits, and what waits for each bot."""
        bots = [
            {
                "id": bot.id,
                "username": bot.username,
                "pending": len(bot.queue.waiting),
                "webhook": bot.webhook.url if bot.webhook else "",
            }
            for bot in self.bots.values()
        ]
        clock = {"offset": self.clock.offset, "now": self.clock.now().isoformat()}
        rest = {
            "faults": self.faults.listed(),
            "limits": self.limits.listed(),
            "people": self.people_listed(),
        }
        return {**clock, **rest, "bots": bots}

    def record(self) -> Json:
        """For checkers: all that people put in, whether it was confirmed, and all that the bot ever said.

        An edited message stands there once more for each edit; a deleted one stays.
        """
        inputs = [
            {
                "person": each.person_id,
                "bot": each.bot_id,
                "update_id": each.update_id,
                "kind": each.kind,
                "text": each.text,
                "confirmed": each.update_id in self.bots[each.bot_id].queue.confirmed,
            }
            for each in self.inputs
        ]
        return {"inputs": inputs, "messages": list(self.said)}

    def reset(self) -> None:
        """Forget everything but the bots, their webhooks, commands and menu buttons."""
        for bot in self.bots.values():
            bot.queue.forget()
            bot.queue.confirmed.clear()
            bot.queue.forgotten.clear()
        for kept in (self.people, self.private, self.groups, self.files, self.queries):
            kept.clear()
        self.inputs.clear()
        self.said.clear()
        self.log.entries.clear()
        self.faults.clear()
        self.limits.set(on=False)
        self.clock.reset()


def _shown(params: Mapping[str, object], files: Mapping[str, Upload]) -> Json:
    """Parameters for the log: of a file, its name and size."""
    about = {name: {"file": upload.filename, "size": len(upload.content)} for name, upload in files.items()}
    return {**params, **about}
