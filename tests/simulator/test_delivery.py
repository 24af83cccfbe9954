import pytest

from simulator.answers import Json
from tests.simulator.conftest import TOKEN, Bot

CONFLICT = "Conflict: can't use getUpdates method while webhook is active; "
CONFLICT += "use deleteWebhook to delete the webhook first"
URL = "http://127.0.0.1:9/hook"


def test_offset_limit_and_what_was_confirmed(bot: Bot) -> None:
    first, second, third = (bot.world.write(1, text)["update_id"] for text in "abc")
    assert [u["update_id"] for u in bot("getUpdates", limit="2")] == [first, second]
    assert [u["update_id"] for u in bot("getUpdates", offset=str(second))] == [second, third]
    confirmed = {each["text"]: each["confirmed"] for each in bot.world.record()["inputs"]}
    assert confirmed == {"a": True, "b": False, "c": False}


def test_allowed_updates_hold_from_the_next_update_on(bot: Bot, khadizhat: int) -> None:
    bot("getUpdates", allowed_updates=["message"])
    assert bot.world.block(khadizhat)["update_id"] == 0
    assert [set(u) - {"update_id"} for u in bot("getUpdates")] == [{"message"}]
    bot("getUpdates", allowed_updates=[])
    assert bot.world.unblock(khadizhat)["update_id"] > 0


def test_a_webhook_ends_polling_until_it_is_deleted(bot: Bot) -> None:
    assert bot("setWebhook", url=URL, secret_token="s" * 256, max_connections=7) is True
    assert bot.refused("getUpdates") == CONFLICT
    info = bot("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (URL, 7)
    assert bot("deleteWebhook") is True
    assert bot("getUpdates") == []
    assert bot("getWebhookInfo")["url"] == ""


def test_an_empty_address_deletes_the_webhook(bot: Bot) -> None:
    bot("setWebhook", url=URL)
    bot("setWebhook")
    assert bot("getUpdates") == []


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook"])
def test_waiting_updates_are_dropped_only_on_request(bot: Bot, method: str) -> None:
    params: Json = {"url": URL} if method == "setWebhook" else {}
    bot.world.write(1, "a")
    bot(method, **params)
    assert bot("getWebhookInfo")["pending_update_count"] == 1
    bot(method, drop_pending_updates=True, **params)
    assert bot("getWebhookInfo")["pending_update_count"] == 0
    assert bot.world.record()["inputs"][0]["confirmed"] is False


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "ftp://a"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": URL, "secret_token": "with space"}, "secret token contains unallowed characters"),
        ({"url": URL, "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
def test_webhooks_that_are_refused(bot: Bot, params: Json, words: str) -> None:
    assert bot.refused("setWebhook", **params) == f"Bad Request: {words}"


def test_a_bot_that_was_away_for_a_day_misses_what_was_written(bot: Bot) -> None:
    bot.world.write(1, "lost")
    bot.world.clock.advance(3600)
    bot.world.write(1, "kept")
    bot.world.clock.advance(23 * 3600 + 1)
    assert [u["message"]["text"] for u in bot("getUpdates")] == ["kept"]


def test_raw_updates_are_handed_out_as_they_are(bot: Bot) -> None:
    odd = {"update_id": 5, "message": {"no": "message at all"}}
    bot.world.put_update(odd)
    assert bot.world.call(TOKEN, "getUpdates").result == [odd]
