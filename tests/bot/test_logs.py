"""Logs hold internal ids, kinds and places; no token, no name, no word of anybody."""

import logging
import re
import warnings
from io import StringIO

import pytest
import structlog

from tests.bot.stage import deliver_due, fail, put
from tests.bot.test_bad_updates import Dice
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question
from tests.machine import TOKEN, Machine

PLANTED = ("Хадижат-Канарейка", "Amina-Canary", "my secret words to the office")
SECRET = TOKEN.partition(":")[2]


class TestForeignLoggers:
    """At DEBUG they quote tokens and what people wrote."""

    @pytest.mark.parametrize(
        "name", ["telegram.ext.ExtBot", "aiohttp.client", "httpx", "sqlalchemy.engine.Engine", "x"]
    )
    def test_their_words_are_not_printed(self, logged: StringIO, name: str) -> None:
        logger = logging.getLogger(name)
        logger.debug("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logger.info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        assert logged.getvalue() == ""
        logger.warning("could not send %s", PLANTED[0])
        logger.error("could not send %s", PLANTED[0], exc_info=ValueError(PLANTED[1]))
        lines = logged.getvalue().splitlines()
        assert len(lines) == 2
        assert f'"of": "{name.partition(".")[0]}"' in lines[0]
        assert "ValueError" in lines[1]
        assert not any(word in logged.getvalue() for word in (*PLANTED, SECRET))

    def test_warnings_are_not_quoted_either(self, logged: StringIO) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn(PLANTED[0], UserWarning, stacklevel=1)
        assert PLANTED[0] not in logged.getvalue()


class TestOurOwn:
    def test_an_exception_is_its_kind_and_its_place(self, logged: StringIO) -> None:
        try:
            dict[str, int]()[PLANTED[0]]
        except LookupError as error:
            structlog.get_logger("bot").error("something.failed", exc_info=True)
            structlog.get_logger("bot").error("something.failed", exc_info=error)
        for line in logged.getvalue().splitlines():
            assert re.search(r'"error": "KeyError at test_logs.py:\d+"', line)
            assert PLANTED[0] not in line

    async def test_a_whole_conversation_with_every_kind_of_failure_leaves_no_word(
        self, machine: Machine, family: Family, logged: StringIO
    ) -> None:
        """Threat 1, at DEBUG."""
        await to_confirmation(family, *PLANTED[:2])
        for kind in ("429", "500", "502", "drop", "garbage", "outage"):
            fail(machine, kind, "sendMessage", "editMessageText", count=1)
            await family.say(PLANTED[0])
            fail(machine, kind, "answerCallbackQuery", count=1)
            await family.press("No, delete it")
        await family.say("/talk")
        await family.say(PLANTED[2])
        put(machine, family, PLANTED[0])
        machine.world.block(family.id)
        await deliver_due(machine)
        written = logged.getvalue()
        assert "outbox" in written, "there was something to log"
        for word in (*PLANTED, SECRET, str(family.id), "Zainab"):
            assert word not in written

    async def test_neither_do_mistakes_and_damaged_updates(
        self, machine: Machine, family: Family, logged: StringIO
    ) -> None:
        await to_first_question(family)
        dice = Dice(3)
        await machine.take([dice.update(1000 + number) for number in range(100)])
        assert "intake.set_aside" in logged.getvalue()
        assert "canary" not in logged.getvalue()


def test_nothing_that_is_shown_of_the_settings_holds_the_token(machine: Machine) -> None:
    homeward = machine.homeward
    for part in (
        homeward,
        homeward.settings,
        homeward.api,
        homeward.around,
        homeward.outbox,
        homeward.intake,
    ):
        assert SECRET not in repr(part)
        assert SECRET not in str(part)
