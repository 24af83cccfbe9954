from typing import Any

import pytest

from tests.simulator.conftest import BOT_ID, Bot


def test_a_bot_knows_itself(bot: Bot) -> None:
    me = bot("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (BOT_ID, True, f"made_up_{BOT_ID}_bot")


@pytest.mark.parametrize(
    ("method", "field"),
    [("MyName", "name"), ("MyDescription", "description"), ("MyShortDescription", "short_description")],
)
def test_names_are_kept_per_language(bot: Bot, method: str, field: str) -> None:
    names: list[dict[str, Any]] = [{field: "Homeward"}, {field: "Домой", "language_code": "ru"}]
    for name in names:
        bot(f"set{method}", **name)
    assert bot(f"get{method}") == {field: "Homeward"}
    assert bot(f"get{method}", language_code="ru") == {field: "Домой"}


def test_the_bot_signs_with_its_name(bot: Bot, khadizhat: int) -> None:
    bot("setMyName", name="Homeward")
    assert bot("sendMessage", chat_id=khadizhat, text="a")["from"]["first_name"] == "Homeward"


def test_a_private_chat_can_be_looked_at_but_not_left(bot: Bot, khadizhat: int) -> None:
    assert bot("getChat", chat_id=khadizhat)["first_name"] == "Хадижат"
    refusal = bot.refused("leaveChat", chat_id=khadizhat)
    assert refusal == "Bad Request: chat member status can't be changed in private chats"


def test_logging_out_and_closing_are_taken(bot: Bot) -> None:
    assert bot("logOut") is True
    assert bot("close") is True
