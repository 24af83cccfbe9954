"""Times of day and time zones as people write them."""

from zoneinfo import ZoneInfo

import pytest

from casework.times import read_time
from casework.zones import OFFERED, zone_name, zone_of


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("22", 22, 0), ("22:00", 22, 0), ("22.30", 22, 30), ("9 05", 9, 5), ("24", 0, 0), ("0", 0, 0),
        ("10 вечера", 22, 0), ("в 7 утра", 7, 0), ("11 ночи", 23, 0), ("4 ночи", 4, 0), ("12 ночи", 0, 0),
        ("12 дня", 12, 0), ("22 часа", 22, 0), ("8 pm", 20, 0), ("10:30 am", 10, 30), ("12am", 0, 0),
        ("٢٢:٣٠", 22, 30), ("٨ مساءً", 20, 0), ("۷", 7, 0),
    ],
)  # fmt: skip
def test_a_time_of_day(text: str, hour: int, minute: int) -> None:
    assert read_time(text) == hour * 60 + minute


@pytest.mark.parametrize(
    "text", ["", "late", "25", "7:60", "24:30", "22-8", "с 22 до 8", "2200", "-5", "13 pm", "22 мая", "7 лет"]
)
def test_what_is_no_time_of_day_is_not_taken_for_one(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Moscow", "Europe/Moscow"), ("москва", "Europe/Moscow"), ("Грозный", "Europe/Moscow"),
        ("санкт-петербург", "Europe/Moscow"), ("بغداد", "Asia/Baghdad"), ("الموصل", "Asia/Baghdad"),
        ("العراق", "Asia/Baghdad"), ("Сирия", "Asia/Damascus"), ("Türkiye", "Europe/Istanbul"),
        ("Нью-Йорк", "America/New_York"), ("asia/baghdad", None), ("Asia/Baghdad", "Asia/Baghdad"),
        ("+3", "Etc/GMT-3"), ("UTC+05:30", "Asia/Kolkata"), ("gmt-4", "Etc/GMT+4"), ("+٣", "Etc/GMT-3"),
        ("мск+2", "Etc/GMT-5"), ("мск", "Europe/Moscow"), ("utc", "Etc/GMT"),
        ("Россия", None), ("5", None), ("+15", None), ("+3:20", None), ("дома", None), ("", None),
    ],
)  # fmt: skip
def test_a_zone_by_city_country_or_offset(text: str, zone: str | None) -> None:
    assert zone_of(text) == zone
    assert zone is None or ZoneInfo(zone)


@pytest.mark.parametrize("zone", OFFERED)
@pytest.mark.parametrize("language", ["ru", "ar", "ce"])
def test_the_cities_offered_have_names_in_the_language(zone: str, language: str) -> None:
    assert not zone_name(zone, (language,)).isascii()
    assert zone_of(zone_name(zone, (language,))) == zone


def test_a_city_without_a_name_in_the_language_is_said_in_the_next() -> None:
    assert zone_name("Asia/Qostanay", ("ce", "ru", "en")) == "Костанай"


def test_an_offset_is_named_as_people_say_it() -> None:
    """The tz database has its sign the other way round."""
    assert zone_name("Etc/GMT-3", ("ru",)) == "UTC+3"
    assert zone_name("Etc/GMT", ("ru",)) == "UTC"
