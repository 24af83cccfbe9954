"""Families that write all the time, as many at once as a bench asks for."""

import asyncio
from random import Random

from bench.processes import Running
from bench.relatives import Relative
from bench.telephones import Exchange
from bot.i18n import Locales

_INPUTS_PER_SECOND = 80  # of all families together: enough that every kill meets work in every stage
_FIRST_PERSON = 1001


class Families:
    """As many people at a time as it is told; whoever has filed enough makes room for the next."""

    def __init__(self, seed: int, at_a_time: int, locales: Locales, exchange: Exchange, bot: Running) -> None:
        self._seed, self._pause = seed, at_a_time / _INPUTS_PER_SECOND
        self._locales, self._exchange, self._bot = locales, exchange, bot
        self._enough = False
        self._tasks = [asyncio.create_task(self._one_after_another()) for _ in range(at_a_time)]
        self.relatives: list[Relative] = []

    @property
    def gone(self) -> bool:
        """Whether nobody writes any more: each of them was stuck, or had found a mistake of this bench."""
        return all(task.done() for task in self._tasks)

    async def finish(self) -> None:
        """Let everybody finish what they have begun; keep the bot running meanwhile."""
        self._enough = True
        for relative in self.relatives:
            relative.enough = True
        while not self.gone:
            await self._bot.run_for(0.2)
        await asyncio.gather(*self._tasks)

    async def _one_after_another(self) -> None:
        while True:
            relative = self._next()
            self.relatives.append(relative)
            await relative.live()
            if relative.stuck or self._enough:
                return

    def _next(self) -> Relative:
        number = _FIRST_PERSON + len(self.relatives)
        dice = Random(f"{self._seed}:{number}")
        language = dice.choice([locale.code for locale in self._locales])
        telephone = self._exchange.telephone(number)
        relative = Relative(telephone, self._locales, language, self._bot, dice, self._pause)
        relative.enough = self._enough
        return relative
