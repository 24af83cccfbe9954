"""Words that promise a day or a return. Whoever writes to many families is shown them before anything is sent.

A hint, no ban: the office may have to say that a deadline for papers ends on a day. But a family reads every date as
the date, so none shall slip in unseen (domain: never a date or a probability of return).
"""

import re

_MONTHS = {
    "ru": "январ|феврал|март|апрел|ма[йяе]|июн|июл|август|сентябр|октябр|ноябр|декабр",
    "en": "january|february|march|april|may|june|july|august|september|october|november|december",
    "ar": "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
    "|كانون|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين",
}
_DIGITS = r"[0-9٠-٩]"
# By language: stems, each of which makes a whole word or phrase suspicious. A new language: a line here.
_STEMS: dict[str, tuple[str, ...]] = {
    "ru": (
        r"верн[ёеу]\w*",
        r"возвра[тщ]\w*",
        r"привез\w*",
        r"доставим",
        r"обеща\w*",
        r"гаранти\w*",
        r"обязательно",
        r"скоро",
        r"завтра",
        r"на (?:этой|следующей|будущей) неделе",
        r"в (?:этом|следующем|будущем) (?:месяце|году)",
        rf"через (?:{_DIGITS}+ |несколько |пару )?(?:дн|недел|месяц|год|лет)\w*",
        r"до конца \w+",
    ),
    "en": (
        r"will (?:be )?(?:return|come home|come back|brought|bring)\w*",
        r"return(?:s|ed|ing)?",
        r"promis\w*",
        r"guarant\w*",
        r"certainly",
        r"soon",
        r"tomorrow",
        r"(?:this|next) (?:week|month|year)",
        rf"in (?:{_DIGITS}+ |a few |some )?(?:day|week|month|year)s?",
        r"by the end of \w+",
    ),
    "ar": (
        r"\w*سيعود\w*",
        r"\w*ستعود\w*",
        r"\w*سنعيد\w*",
        r"\w*عودة\w*",
        r"\w*نعد\w*كم",
        r"\w*وعد\w*",
        r"\w*نضمن\w*",
        r"\w*مضمون\w*",
        r"\w*قريبا\w*",
        r"غد[اًا]+",
        r"(?:الأسبوع|الشهر|العام|السنة) (?:القادم|المقبل|القادمة|المقبلة)",
        rf"(?:بعد|خلال) (?:{_DIGITS}+ )?\w*(?:يوم|أيام|أسبوع|أسابيع|شهر|أشهر|سنة|سنوات)\w*",
    ),
}
_DAYS = (
    rf"{_DIGITS}{{1,2}}[./-]{_DIGITS}{{1,2}}(?:[./-]{_DIGITS}{{2,4}})?",
    rf"{_DIGITS}{{4}}-{_DIGITS}{{2}}-{_DIGITS}{{2}}",
    *(rf"{_DIGITS}{{1,2}} ?(?:{names})\w*" for names in _MONTHS.values()),
    rf"(?:{_MONTHS['en']}) {_DIGITS}{{1,2}}",
    *(rf"(?:в|in|by|к|في) (?:{names})\w*" for names in _MONTHS.values()),
)
_SIGNS_OF_VOWELS = re.compile("[\u064b-\u0652\u0640]")


def promises_in(text: str) -> list[str]:
    """Return the words of a text that may be read as a promise, as they stand there, each once.

    Every language's words are looked for, whatever the text's language: people mix them.
    """
    bare = _SIGNS_OF_VOWELS.sub("", text)
    found = sorted(_PATTERN.finditer(bare), key=lambda each: each.start())
    return list(dict.fromkeys(" ".join(each.group().split()) for each in found))


_PATTERN = re.compile(
    rf"(?<!\w)(?:{'|'.join([*_DAYS, *(stem for stems in _STEMS.values() for stem in stems)])})(?!\w)",
    re.IGNORECASE,
)
