from simulator.answers import Answer
from tests.simulator.conftest import TOKEN, Bot


def send(bot: Bot, person: int) -> Answer:
    return bot.world.call(TOKEN, "sendMessage", {"chat_id": person, "text": "a"})


def test_nothing_is_limited_until_asked_for(bot: Bot, khadizhat: int) -> None:
    assert all(send(bot, khadizhat).ok for _ in range(100))


def test_one_chat_takes_a_short_burst_and_then_one_a_second(bot: Bot, khadizhat: int) -> None:
    bot.world.limits.set()
    assert [send(bot, khadizhat).status for _ in range(4)] == [200, 200, 200, 429]
    refusal = send(bot, khadizhat).body
    assert refusal["description"] == "Too Many Requests: retry after 1"
    assert refusal["parameters"] == {"retry_after": 1}
    bot.world.clock.advance(1)
    assert [send(bot, khadizhat).status for _ in range(2)] == [200, 429]


def test_thirty_a_second_overall(bot: Bot) -> None:
    people = range(1, 62)
    for person in people:
        bot.world.write(person, "/start")
    bot.world.limits.set()
    assert [send(bot, person).status for person in people].count(200) == 30
    bot.world.clock.advance(1)
    assert [send(bot, person).status for person in people].count(200) == 30


def test_groups_take_twenty_a_minute(bot: Bot) -> None:
    bot.world.add_to_group(-5, 1)
    bot.world.limits.set()
    assert [send(bot, -5).status for _ in range(21)] == [200] * 20 + [429]
    assert send(bot, -5).body["parameters"] == {"retry_after": 3}


def test_other_calls_are_not_counted(bot: Bot, khadizhat: int) -> None:
    bot.world.limits.set(per_chat=0.01)
    message_id = bot.says(khadizhat, "a")
    assert [send(bot, khadizhat).status for _ in range(3)] == [200, 200, 429]
    bot("editMessageText", chat_id=khadizhat, message_id=message_id, text="b")
    bot("sendChatAction", chat_id=khadizhat, action="typing")


def test_a_clock_set_back_keeps_what_was_saved_up(bot: Bot, khadizhat: int) -> None:
    bot.world.clock.advance(1000)
    bot.world.limits.set()
    assert send(bot, khadizhat).ok
    bot.world.clock.reset()
    assert send(bot, khadizhat).ok
