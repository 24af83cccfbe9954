from typing import TYPE_CHECKING

import pytest

from simulator.posting import Impossible
from tests.simulator.conftest import TOKEN, Bot

if TYPE_CHECKING:
    from simulator.answers import Json

STAFF = -400


def test_being_added_to_a_group_and_leaving_it(bot: Bot) -> None:
    bot.world.add_to_group(STAFF, 41, title="Staff")
    change = bot.update()["my_chat_member"]
    assert change["chat"] == {"id": STAFF, "type": "group", "title": "Staff"}
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("left", "member")
    assert bot("getChat", chat_id=STAFF)["title"] == "Staff"
    assert bot("leaveChat", chat_id=STAFF) is True
    assert (
        bot.refused("sendMessage", chat_id=STAFF, text="a") == "Forbidden: bot was kicked from the group chat"
    )


def test_being_removed_by_somebody(bot: Bot) -> None:
    bot.world.add_to_group(STAFF, 41)
    bot.world.remove_from_group(STAFF, 41)
    assert bot.update()["my_chat_member"]["new_chat_member"]["status"] == "left"
    with pytest.raises(Impossible):
        bot.world.write_in_group(STAFF, 41, "anybody there?")
    assert bot.refused("leaveChat", chat_id=STAFF) == "Bad Request: chat not found"


def test_words_and_presses_in_a_group(bot: Bot) -> None:
    bot.world.add_to_group(STAFF, 41)
    bot.world.write_in_group(STAFF, 41, "hello")
    message = bot.update()["message"]
    assert (message["chat"]["type"], message["from"]["id"]) == ("group", 41)
    keyboard: Json = {"inline_keyboard": [[{"text": "Take", "callback_data": "t"}]]}
    message_id = bot.says(STAFF, "New request", reply_markup=keyboard)
    bot.world.press(42, message_id, label="Take", group_id=STAFF)
    query = bot.update()["callback_query"]
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (42, STAFF)


def test_a_group_that_became_a_supergroup_says_where_it_went(bot: Bot) -> None:
    bot.world.add_to_group(STAFF, 41)
    new = bot.world.upgrade_group(STAFF, 41)["chat_id"]
    kinds = [update["message"] for update in bot("getUpdates")[-2:]]
    assert (kinds[0]["migrate_to_chat_id"], kinds[1]["migrate_from_chat_id"]) == (new, STAFF)
    refusal = bot.world.call(TOKEN, "sendMessage", {"chat_id": STAFF, "text": "a"}).body
    assert refusal["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refusal["parameters"] == {"migrate_to_chat_id": new}
    bot.says(new, "a")
