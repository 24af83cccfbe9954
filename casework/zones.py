"""Time zones as people name them: by a city, by a country that has only one, or by an offset.

Names come from CLDR through Babel. A zone is never guessed from a language.
"""

import re
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from casework.countries import country_of, plain

# Offered as buttons; any other can be written.
OFFERED = (
    "Europe/Moscow",
    "Asia/Baghdad",
    "Asia/Damascus",
    "Europe/Istanbul",
    "Asia/Almaty",
    "Asia/Tashkent",
)

_LANGUAGES = ("en", "ru", "ar", "tr", "fr", "de", "uk", "kk", "az", "uz", "ky", "tg", "ce")
# Cities that no zone is named for, in the spellings of the people who write to us.
_ALSO = {
    "Europe/Moscow": (
        "Grozny Грозный Соьлжа-ГӀала غروزني Makhachkala Махачкала Nazran Назрань Magas Магас Gudermes Гудермес "
        "Argun Аргун Khasavyurt Хасавюрт Derbent Дербент Kazan Казань Krasnodar Краснодар Stavropol Ставрополь "
        "Петербург Питер Санкт-Петербург Москва мск"
    ),
    "Asia/Baghdad": "Mosul Мосул الموصل Erbil Эрбиль أربيل Basra Басра البصرة Kirkuk Киркук كركوك",
    "Asia/Damascus": (
        "Aleppo Алеппо حلب Homs Хомс حمص Raqqa Ракка الرقة Hasakah Хасака الحسكة Qamishli Камышлы القامشلي "
        "Idlib Идлиб إدلب Roj Рож روج Hol Хол الهول"
    ),
    "Europe/Istanbul": "Ankara Анкара أنقرة Gaziantep Газиантеп Antalya Анталья Bursa Бурса",
}
_OFFSET = re.compile(r"(utc|gmt|мск|msk)?\s*(?:([+−–-])\s*(\d{1,2})(?::?(\d{2}))?)?")
_MOSCOW = 3 * 60  # "мск+2" is how offsets are named in Russia
# Zones that always stand at an offset of no whole hours, by minutes.
_ODD = {
    210: "Asia/Tehran",
    270: "Asia/Kabul",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    390: "Asia/Yangon",
    570: "Australia/Darwin",
}
_FURTHEST_WEST, _FURTHEST_EAST = -12 * 60, 14 * 60
_FIXED = "Etc/GMT"  # its sign is the other way round: Etc/GMT-3 is three hours ahead of Greenwich


known_zones = cache(available_timezones)  # it reads a folder of six hundred files each time it is asked


def zone_of(text: str) -> str | None:
    """Return the zone of the tz database that is meant; None when it is not surely one."""
    written = text.strip()
    if "/" in written and written in known_zones():
        return str(get_global("zone_aliases").get(written, written))
    return _cities().get(plain(written)) or _of_country(written) or _of_offset(written.casefold())


@cache
def zone_name(zone: str, languages: tuple[str, ...]) -> str:
    """Return what a zone is called in the first of these languages that has a name for its city; or its offset."""
    if zone.startswith(_FIXED):
        ahead = -int(zone.removeprefix(_FIXED) or 0)
        return f"UTC{ahead:+d}" if ahead else "UTC"
    earlier = [old for old, new in get_global("zone_aliases").items() if new == zone]  # CLDR keeps old names
    for spoken in map(Locale.parse, languages):
        for name in (zone, *earlier):
            if "city" in spoken.time_zones.get(name, {}):
                return str(spoken.time_zones[name]["city"])
    return get_timezone_location(zone, locale=Locale.parse(languages[0]), return_city=True)


@cache
def _cities() -> dict[str, str]:
    known = known_zones()
    index: dict[str, str] = {}
    for language in reversed(_LANGUAGES):
        for zone, names in Locale.parse(language).time_zones.items():
            if zone in known and "city" in names:
                index[plain(names["city"])] = zone
    for zone in known - set(get_global("zone_aliases")):
        if "/" in zone and not zone.startswith("Etc/"):
            index.setdefault(plain(zone.rpartition("/")[2].replace("_", " ")), zone)
    return index | {plain(name): zone for zone, names in _ALSO.items() for name in names.split()}


def _of_country(text: str) -> str | None:
    country = country_of(text)
    aliases = get_global("zone_aliases")
    zones = [
        zone
        for zone, territory in get_global("zone_territories").items()
        if territory == country and zone not in aliases
    ]
    return zones[0] if country is not None and len(zones) == 1 else None


def _of_offset(text: str) -> str | None:
    """Read "+3", "UTC+05:30", "мск+2"."""
    found = _OFFSET.fullmatch(text)
    if found is None or not text:
        return None
    base, sign, hours, minutes = found.groups()
    away = int(hours or 0) * 60 + int(minutes or 0)
    total = (_MOSCOW if base in {"мск", "msk"} else 0) + (away if sign == "+" else -away)
    if not _FURTHEST_WEST <= total <= _FURTHEST_EAST:
        return None
    whole, rest = divmod(total, 60)
    if rest:
        return _ODD.get(total)
    return f"{_FIXED}{-whole:+d}" if whole else _FIXED
