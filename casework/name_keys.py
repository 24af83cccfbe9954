"""One name in many spellings: what makes Хадижат, Khadizhat and خديجة look alike to a search.

Each word gets three keys, from strict to loose: as it is written, in common Latin letters, and its consonants alone,
since Arabic writes no short vowels. How close two words are is decided here and nowhere else.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rapidfuzz.distance import Levenshtein


class Script(StrEnum):
    LATIN = "latin"
    CYRILLIC = "cyrillic"
    ARABIC = "arabic"
    OTHER = "other"


class Likeness(StrEnum):
    """Why two words count as one name."""

    EXACT = "exact"
    SIMILAR = "similar"
    OTHER_SCRIPT = "other_script"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name.

    Attributes:
        plain: as it is written, without case, marks and invisible signs.
        latin: its sound in common Latin letters; š, č, c and j are one sound each.
        bones: the consonants of that, an `a` in front where it begins with a vowel.
    """

    plain: str
    script: Script
    latin: str
    bones: str


@dataclass(frozen=True, slots=True)
class Close:
    """How close two words are, from 0 to 1, and in what they are alike."""

    score: float
    likeness: Likeness


CLOSE_ENOUGH = 0.75
FEWEST_BEGINNING = 4  # letters by which the beginning of a word finds it
_BEGINNING = Close(0.8, Likeness.SIMILAR)
_SHORT = 3  # so few letters say little: they have to be the same
_NEAR_BONES = 0.75


def _pairs(table: str) -> dict[str, str]:
    """Read a table of `sign:sound` pairs; a sign without a sound is silent."""
    return {sign: sound for sign, _, sound in (pair.partition(":") for pair in table.split())}


_CYRILLIC = str.maketrans(
    _pairs(
        "а:a б:b в:v г:g д:d е:e ж:j з:z и:i й:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:h ц:c ч:č ш:š "
        "щ:š ъ: ы:i ь: э:e ю:iu я:ia "
        "і:i ї:i є:e ґ:g ә:a ғ:g қ:k ң:n ө:o ұ:u ү:u һ:h ӣ:i ӯ:u ҷ:j ҳ:h ў:o"  # of neighbouring languages
    )
)
_CYRILLIC_TWO = _pairs("дж:ж кх:к хь:х аь:а оь:о уь:у яь:я")  # Chechen letters of two signs
_ARABIC = str.maketrans(
    _pairs(
        "ا:a ب:b ت:t ث:t ج:j ح:h خ:h د:d ذ:d ر:r ز:z س:s ش:š ص:s ض:d ط:t ظ:z ع:a غ:g ف:f ق:k ك:k ل:l م:m ن:n "
        "ه:h و:u ي:i ى:a ة:a ء: ئ:i ؤ:u ٱ:a ـ: "
        "پ:p چ:č ژ:j گ:g ک:k ی:i ە:a ۆ:o ێ:e ڤ:v ھ:h ہ:h ۀ:a ڕ:r ڵ:l"  # Persian and Kurdish
    )
)
_LATIN_SOUNDS = _pairs(
    "shch:š tsch:č dzh:j sch:š tch:č dj:j zh:j sh:š ch:č kh:h gh:g th:t dh:d ph:f ck:k ts:c tz:c oo:u ou:u ee:i "
    "c:k q:k x:ks w:v y:i ş:š ç:č ı:i ə:a ğ:g đ:d ø:o æ:e ß:s"
)
# The longest first, so that "shch" is not read as "sh" and "ch".
_LATIN = re.compile("|".join(sorted(_LATIN_SOUNDS, key=len, reverse=True)))
_VOWELS = "aeiou"
_TWICE = re.compile(r"(.)\1+")
_PALOCHKA = re.compile(r"[1il|ӏ]")  # what is typed for the Chechen letter Ӏ, which few keyboards have
_LAST_H = re.compile(r"(?<=[ae])h$")  # Aminah, Khadijeh
_LAST_T = re.compile(r"(?<=a)t$")  # Аминат beside Амина, Хадижат beside خديجة
_LETTERS_OF_THEIR_OWN = frozenset("şçğй")  # they must not lose their marks
_PARTICLES = frozenset({"al", "el", "аль", "эль", "ال"})
_SEPARATE = re.compile(r"[^\w’'ʼ`]+|_+")


def words_of(name: str, known: dict[str, Word | None] | None = None) -> list[Word]:
    """Return the words of a name that tell anything, in their order; an article is none.

    Args:
        known: pieces that were read before; those of this name are put into it. Names repeat, and reading them is most
            of what it takes to open them all.
    """
    known = {} if known is None else known
    words = (_read(piece, known) for piece in _SEPARATE.split(name))
    return [word for word in words if word is not None]


def likeness(word: Word, other: Word) -> Close | None:
    """Return how close another word is to one that is looked for, which may be its beginning; None where it is not."""
    close = closeness(word, other)
    begins = len(word.plain) >= FEWEST_BEGINNING and other.plain.startswith(word.plain)
    return _BEGINNING if close is None and begins else close


def closeness(one: Word, other: Word) -> Close | None:
    """Return how close two words are; None where they are two names."""
    if one.plain == other.plain:
        return Close(1.0, Likeness.EXACT)
    likeness = Likeness.SIMILAR if one.script is other.script else Likeness.OTHER_SCRIPT
    score = _score(one, other)
    return Close(score, likeness) if score >= CLOSE_ENOUGH else None


def _score(one: Word, other: Word) -> float:
    if one.latin == other.latin:
        return 0.97
    if _without_vowels(one, other):
        return _by_bones(one.bones, other.bones)
    if min(len(one.latin), len(other.latin)) <= _SHORT:
        return 0.0
    by_sound = Levenshtein.normalized_similarity(one.latin, other.latin)
    same_bones = one.bones == other.bones and len(one.bones) >= _SHORT
    return max(by_sound, 0.75 + 0.2 * by_sound) if same_bones else by_sound


def _without_vowels(one: Word, other: Word) -> bool:
    return (one.script is Script.ARABIC) != (other.script is Script.ARABIC)


def _by_bones(one: str, other: str) -> float:
    if one == other:
        return 0.92 if len(one) >= _SHORT else 0.8
    near = Levenshtein.normalized_similarity(one, other) if min(len(one), len(other)) > _SHORT else 0.0
    return near if near >= _NEAR_BONES else 0.0


def _read(piece: str, known: dict[str, Word | None]) -> Word | None:
    if piece not in known:
        plain = _folded(piece)
        known[piece] = _word(plain) if plain and plain not in _PARTICLES else None
    return known[piece]


def _word(plain: str) -> Word:
    script = script_of(plain)
    latin = _TWICE.sub(r"\1", _sound(plain, script))
    return Word(plain, script, latin, _bones(latin, script))


def _folded(piece: str) -> str:
    """Fold what people vary when they write one word: case, marks, hamza, the apostrophe."""
    kept = piece.casefold().replace("ё", "е")
    if kept.isascii():
        decomposed = kept
    elif _LETTERS_OF_THEIR_OWN.isdisjoint(kept):
        decomposed = unicodedata.normalize("NFKD", kept)
    else:
        decomposed = "".join(
            sign if sign in _LETTERS_OF_THEIR_OWN else unicodedata.normalize("NFKD", sign) for sign in kept
        )
    folded = decomposed if decomposed.isalnum() else "".join(filter(str.isalnum, decomposed))
    return folded.removeprefix("ال") if len(folded) > len("ال") + 2 else folded


@cache
def _script_of(sign: str) -> Script | None:
    name = unicodedata.name(sign, "")
    scripts = (Script.CYRILLIC, Script.ARABIC, Script.LATIN)
    return next((each for each in scripts if name.startswith(each.value.upper())), None)


def script_of(plain: str) -> Script:
    """Return the script of a word's first letter that has one of ours."""
    return next(filter(None, map(_script_of, plain)), Script.OTHER)


def _sound(plain: str, script: Script) -> str:
    match script:
        case Script.CYRILLIC:
            for pair, sound in _CYRILLIC_TWO.items():
                plain = plain.replace(pair, sound)
            return _PALOCHKA.sub("", plain).translate(_CYRILLIC)
        case Script.ARABIC:
            # A last ه is how many write ة.
            return re.sub("ه$", "ة", plain).translate(_ARABIC)
        case Script.LATIN:
            return _LAST_H.sub("", _LATIN.sub(lambda found: _LATIN_SOUNDS[found[0]], plain))
        case _:
            return plain


def _bones(latin: str, script: Script) -> str:
    if not latin:
        return ""
    shortened = _LAST_T.sub("", latin) if len(latin) > _SHORT + 1 else latin
    first = "a" if shortened[0] in _VOWELS else shortened[0]
    if script is Script.ARABIC and latin.startswith("u"):
        first = "v"  # و in front is a consonant: وليد
    bones = first + "".join(sign for sign in shortened[1:] if sign not in _VOWELS)
    return bones.replace("v", "f")  # a Russian в comes back from Arabic as ف: علييفا
