import pytest

from simulator.entities import with_found


def found(text: str) -> list[tuple[str, str]]:
    whole = text.encode("utf-16-le")
    return [
        (e["type"], whole[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in with_found(text, [])
    ]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start", [("bot_command", "/start")]),
        ("/start deep-link", [("bot_command", "/start")]),
        ("😀 /help@made_up_bot, пожалуйста", [("bot_command", "/help@made_up_bot")]),
        ("и/или 12/03/2017 1/2", []),
        ("@somebody и #поиск", [("mention", "@somebody"), ("hashtag", "#поиск")]),
        ("mail a.b@example.org.", [("email", "a.b@example.org")]),
        ("see https://example.org/a?b=1, or example.com", [
            ("url", "https://example.org/a?b=1"), ("url", "example.com"),
        ]),
        ("12.03.2017", []),
        ("No marks here", []),
    ],
)  # fmt: skip
def test_telegram_finds_these_by_itself(text: str, entities: list[tuple[str, str]]) -> None:
    assert found(text) == entities


def test_nothing_is_found_inside_code_or_links() -> None:
    code = {"type": "code", "offset": 0, "length": 6}
    assert with_found("/start", [code]) == [code]


def test_commands_are_found_inside_bold_text() -> None:
    bold = {"type": "bold", "offset": 0, "length": 6}
    assert with_found("/start", [bold]) == [bold, {"type": "bot_command", "offset": 0, "length": 6}]
