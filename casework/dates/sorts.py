"""What a word can do in an answer about a birth."""

from enum import StrEnum


class Sort(StrEnum):
    """What a word does in an answer. The letter spells shapes: "nMy" is a day, a month and a year."""

    NUMBER = "n"
    YEAR = "y"  # four digits, or the words for them
    LUNAR_YEAR = "l"
    HALVES = "z"  # so many and a half
    MONTH = "M"
    LUNAR_MONTH = "H"
    SEASON = "S"
    PART = "E"  # early, middle, late
    RELATIVE_YEAR = "R"  # this year, last year
    DECADE = "D"
    YEARS = "Y"
    YEAR_OR_YEARS = "g"  # Russian год: "2017 год" is a date, "1 год" an age
    IN_YEAR = "u"  # only ever a calendar year: году, г.р.
    MONTHS = "O"
    WEEKS = "W"
    DAYS = "T"
    HALF = "h"
    OR = "r"
    AND = "w"
    BETWEEN = "b"
    FROM = "f"
    TO = "t"
    DASH = "-"
    DOT = "."
    SLASH = "/"
    COMMA = ","
    OTHER_NUMBER = "x"  # digits that are no day, month, year or age: a phone number, an index
    # From here on the word colours the whole answer wherever it stands, and is not part of its shape.
    ABOUT = "~"
    LOOSE = "<"  # before, after, over: one end is open
    LESS = "v"  # less than: loose too, but of one year or one month it says all there is to know
    SOON = "k"  # the birthday that is meant has not come yet
    THEN = "p"  # an age at another time
    AGE = "a"
    BORN = "B"
    DONT_KNOW = "?"
    LUNAR_ERA = "e"
    NOISE = "_"
    UNKNOWN = "!"


# By sort the words, or by value the words of that value; "_" joins the words of a phrase.
Vocabulary = dict[Sort, str | dict[int, str]]
Meaning = tuple[tuple[Sort, int], ...]
