"""Moments as people write them, in four languages: understood, asked back, or told why not; nothing is guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from casework.reminding.heard import Meant, Problem, Unsure
from casework.reminding.said import split, understand

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 28, 7, 10, tzinfo=UTC)  # a Saturday, ten past ten in Moscow


def shown(moment: datetime) -> str:
    return moment.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("завтра в 10", "29.11.2026 10:00"),
        ("غدا الساعة 10", "29.11.2026 10:00"),
        ("غداً الساعة ١٠ مساءً", "29.11.2026 22:00"),
        ("tomorrow at 10", "29.11.2026 10:00"),
        ("кхана 10 сахьт", "29.11.2026 10:00"),
        ("п1ераска 12:00", "04.12.2026 12:00"),
        ("2026-12-01 10:00", "01.12.2026 10:00"),
        ("1.12 в 9.30", "01.12.2026 09:30"),
        ("1 декабря 2026", "01.12.2026 10:00"),
        ("December 1st at 3 pm", "01.12.2026 15:00"),
        ("بعد يومين", "30.11.2026 10:00"),
        ("через неделю", "05.12.2026 10:00"),
        ("через 3 дня в 12", "01.12.2026 12:00"),
        ("in 2 hours", "28.11.2026 12:10"),
        ("через месяц", "28.12.2026 10:00"),
        ("в среду", "02.12.2026 10:00"),
        ("завтра в 5 вечера", "29.11.2026 17:00"),
        ("понедельник 30 ноября", "30.11.2026 10:00"),
        ("noon tomorrow", "29.11.2026 12:00"),
        ("29 февраля", "29.02.2028 10:00"),
    ],
)
def test_what_is_sure(text: str, moment: str) -> None:
    found = understand(text, NOW, MOSCOW)
    if text == "29 февраля":  # more than a year away: nobody is taken at their word for that
        assert isinstance(found, Unsure)
        assert [shown(each) for each in found.choices] == [moment]
    else:
        assert isinstance(found, Meant), found
        assert shown(found.moment) == moment


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("завтра в 5", ["29.11.2026 05:00", "29.11.2026 17:00"]),
        ("в 9:00", ["29.11.2026 09:00"]),  # that time has passed today
        ("20 ноября", ["20.11.2027 10:00"]),  # a week ago: a slip is likelier than next year
        ("12 ночи завтра", ["29.11.2026 00:00", "30.11.2026 00:00"]),
        ("в субботу в 12", ["28.11.2026 12:00", "05.12.2026 12:00"]),
    ],
)
def test_what_can_mean_several_things_is_asked_back(text: str, moments: list[str]) -> None:
    found = understand(text, NOW, MOSCOW)
    assert isinstance(found, Unsure), found
    assert [shown(each) for each in found.choices] == moments


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *(
            (text, Problem.NOT_READ)
            for text in ("soon", "вчера", "31.02.2027", "32 декабря", "at 25", "завтра завтра")
        ),
        *(
            (text, Problem.NOT_READ)
            for text in ("", "🙏", "завтра в 10 или в 11", "вторник 30 ноября", "x" * 5000)
        ),
        *((text, Problem.PAST) for text in ("today at 9", "1.1.2020 10:00", "сегодня в 08:00")),
        *((text, Problem.FAR) for text in ("2040-01-01", "через 999 недель")),
    ],
)
def test_what_is_no_moment_is_told_why(text: str, why: Problem) -> None:
    assert understand(text, NOW, MOSCOW) is why


def test_a_moment_is_told_from_the_words_behind_it() -> None:
    found, rest = split("2026-12-01 10:00 call them at 5", NOW, MOSCOW)
    assert isinstance(found, Meant)
    assert (shown(found.moment), rest) == ("01.12.2026 10:00", "call them at 5")
    found, rest = split("tomorrow 10 boxes", NOW, MOSCOW)  # the number belongs to what follows
    assert isinstance(found, Meant)
    assert (shown(found.moment), found.timed, rest) == ("29.11.2026 10:00", False, "10 boxes")
    assert split("call them", NOW, MOSCOW) == (Problem.NOT_READ, "call them")


def test_a_moment_that_a_spring_skips_is_the_next_there_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = understand("29.03.2026 02:30", datetime(2026, 3, 1, tzinfo=UTC), berlin)
    assert isinstance(found, Meant)
    assert found.moment == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
