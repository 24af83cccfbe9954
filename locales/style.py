"""The tone of the house (plain, short, no promise) in every language that has words for it here."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_WORDS = 25
_SENTENCE_ENDS = re.compile(r"(?<=[.?!…؟۔])[»”“)]*\s+|\n+")
_FACES = re.compile(
    "[\U0001f600-\U0001f64f\U0001f910-\U0001f917\U0001f920-\U0001f92f\U0001f970-\U0001f97a\U0001fae0-\U0001fae8☹☺☻]"
    r"|[:;]-?[()](?!\w)"
)
# Emoji as Unicode has them; plain signs such as ✎ and ✓ are none.
_EMOJI = re.compile("[\U0001f000-\U0001faff\ufe0f☀☎☝⚠⚡✅✉-✍✏✔✖✨❌❓-❗❤⭐]")
# Typed for the palochka, which has no key. To a search it is another letter.
_FOR_PALOCHKA = re.compile(r"[а-яё][1A-Za-z|]|[1A-Za-z|][а-яё]", re.IGNORECASE)


@dataclass(frozen=True)
class Phrases:
    """What a language does not say, as patterns of folded words (see `_folded`), each from its first letter.

    `honest` are phrases that use the words of a promise to say that there is none.
    """

    office: tuple[str, ...]
    promises: tuple[str, ...]
    honest: tuple[str, ...]
    before: str = ""  # what may stand before a word without a blank, as the Arabic "and"


_PHRASES = {
    "en": Phrases(
        office=(r"w?h?oops\b", "invalid", "please try again"),
        promises=(
            r"(?:we|they) (?:will|shall) (?:bring|return)",
            r"we'll (?:bring|return)",
            r"will (?:return|be returned|come home|come back|be home)",
            "guarantee",
            "promis",
        ),
        honest=(r"nobody can promise", r"can ?not promise", r"no promise"),
    ),
    "ru": Phrases(
        office=(
            r"ой\b", r"упс\b", "недействительн", "некорректн", "неверн", "недопустим",
            "сотрудник", "реестр", r"офис\w*\b",  # of the police, to many readers
            r"(?:пожалуйста,? )?(?:по)?пробуйте (?:еще раз|снова|заново)", r"повторите попытку", "попытайтесь",
        ),
        promises=(r"вернем(?!ся)", "гарант", "обеща", "пообеща", r"привезем\b", r"обязательно верн"),
        honest=(
            r"никто(?: \w+){0,3} не (?:\w+ ){1,3}(?:по)?(?:обеща|гарантир)\w*",
            r"(?:по)?(?:обеща|гарантир)ть(?: \w+){0,3} (?:никто|нельзя|невозможно)",
            r"(?:нельзя|невозможно|не (?:мож\w+|можем)) (?:\w+ )?(?:по)?(?:обеща|гарантир)\w*",
        ),
    ),
    "ar": Phrases(
        office=(
            r"عفوا\b", "اوبس", "غير صالح", "غير صحيح",
            r"(?:حاول\w*|المحاولة|اعادة المحاولة) (?:مرة|مجددا|ثانية|من جديد)", "اعد المحاولة",
        ),
        promises=(
            "سنعيد", "سنحضر", "سنرجع", "سنجلب", "سوف (?:نعيد|نحضر|نرجع|نجلب)", "سيعود", "ستعود",
            "(?:س|سوف )?نضمن", "مضمون", "(?:س|سوف )?نعدك", "نتعهد",
        ),
        honest=(r"لا (?:\w+ ){0,3}(?:نضمن|نعدك\w*|نتعهد)",),
        before="[وف]?",
    ),
}  # fmt: skip


def faults(language: str, text: str, *, on_button: bool = False) -> Iterator[tuple[str, str]]:
    """Return what is not in the tone of the house, and the mend."""
    if re.search("[!！¡]", text):
        yield "has an exclamation mark", "say it calmly"
    if _FACES.search(text):
        yield "has a face", "take it out"
    elif _EMOJI.search(text[1:] if on_button else text):
        yield "has an emoji", "only a button's words begin with one"
    for sentence in _SENTENCE_ENDS.split(text):
        words = sum(any(sign.isalnum() for sign in word) for word in sentence.split())
        if words > _MOST_WORDS:
            yield f"has a sentence of {words} words", f"make sentences of {_MOST_WORDS} at most"
    if language == "ce" and _FOR_PALOCHKA.search(re.sub(r"\{\w*\}", " ", text)):
        yield "has a sign of another script in a word", "write the palochka: Ӏ or ӏ"
    if language in _PHRASES:
        yield from _said(_PHRASES[language], _folded(text))


def _said(phrases: Phrases, folded: str) -> Iterator[tuple[str, str]]:
    office = _first(phrases.office, phrases.before, folded)
    if office:
        yield f"says “{office}”", "say what happened and how to mend it, plainly"
    promise = _first(phrases.promises, phrases.before, _pattern(phrases.honest).sub(" ", folded))
    if promise:
        yield f"promises: “{promise}”", "say what the office tries"


def _first(patterns: tuple[str, ...], before: str, folded: str) -> str | None:
    found = _pattern(patterns, before).search(folded)
    return found.group() if found else None


def _pattern(patterns: tuple[str, ...], before: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){before}(?:{'|'.join(map(_folded, patterns))})")


def _folded(text: str) -> str:
    """Fold what writers vary: case, vowel signs, ё and hamza, the Arabic stretch, tags, the apostrophe."""
    without_tags = re.sub(r"</?[a-z][^<>]*>", "", text)
    decomposed = unicodedata.normalize("NFKD", without_tags)
    letters = "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn" and sign != "ـ")
    return letters.casefold().replace("’", "'")
