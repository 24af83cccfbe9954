"""Which commands a person sees (Bot API, "Determining list of commands")."""

import pytest

from simulator.answers import Json
from tests.simulator.conftest import Bot


def command(name: str) -> list[Json]:
    return [{"command": name, "description": f"About {name}"}]


def seen(bot: Bot, person_id: int) -> str:
    (shown,) = bot.world.screen(person_id)["commands"] or [{"command": ""}]
    return str(shown["command"])


def test_the_narrowest_scope_and_the_person_s_language_win(bot: Bot, khadizhat: int) -> None:
    steps: list[tuple[str, Json]] = [
        ("default", {}),
        ("default_ru", {"language_code": "ru"}),
        ("private", {"scope": {"type": "all_private_chats"}}),
        ("private_ru", {"scope": {"type": "all_private_chats"}, "language_code": "ru"}),
        ("chat", {"scope": {"type": "chat", "chat_id": khadizhat}}),
        ("chat_ru", {"scope": {"type": "chat", "chat_id": khadizhat}, "language_code": "ru"}),
    ]
    assert seen(bot, khadizhat) == ""
    for name, where in steps:
        bot("setMyCommands", commands=command(name), **where)
        assert seen(bot, khadizhat) == name
    bot.world.meet(khadizhat, language_code="ar-IQ")
    assert seen(bot, khadizhat) == "chat"
    for name, where in reversed(steps):
        assert bot("getMyCommands", **where) == command(name)
        bot("deleteMyCommands", **where)
    assert seen(bot, khadizhat) == ""


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "Start", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "a" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "a"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ([{"command": "a"}], "can't parse commands: Can't find field \"description\""),
    ],
)
def test_commands_that_are_refused(bot: Bot, commands: list[Json], words: str) -> None:
    assert bot.refused("setMyCommands", commands=commands) == f"Bad Request: {words}"


def test_a_chat_s_own_menu_button_wins_over_the_default(bot: Bot, khadizhat: int) -> None:
    assert bot.world.screen(khadizhat)["menu_button"] == {"type": "commands"}
    app = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.org"}}
    bot("setChatMenuButton", menu_button=app)
    assert bot.world.screen(khadizhat)["menu_button"] == app
    bot("setChatMenuButton", chat_id=khadizhat, menu_button={"type": "commands"})
    assert bot("getChatMenuButton", chat_id=khadizhat) == {"type": "commands"}
    assert bot("getChatMenuButton") == app
