"""The essential path: what every request must say, as a table.

At most seven questions, easy ones first. A new question is one entry here and its translations; the engine
(handlers/family/asking.py)
asks, checks, saves, summarises and lets people change whatever stands in this list.

What is never asked, by the rules of the house: how contact is kept, money sent, telephones in a camp, the
husband's activity,
ideology, religion, ethnicity, DNA results.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from casework.words import N_

UNKNOWN = "unknown"  # the stored answer "I don't know"


class About(StrEnum):
    REQUESTER = "requester"
    PERSON = "person"
    ENTRY = "entry"  # something of its own that belongs to the request: a relative, a guardian, a wish


class Kind(StrEnum):
    NAME = "name"
    BIRTH = "birth"
    CHOICE = "choice"
    COUNTRY = "country"
    TEXT = "text"  # a few words
    STORY = "story"  # as many words and voice messages as somebody wants
    PHONE = "phone"
    WHEN = "when"  # a day, a month or a year in the past
    PLACE = "place"  # one of the list that staff keep, or free words


# Where a voice message or a photo of a paper is an answer too: staff listen, look, and write it down.
SPOKEN = frozenset({Kind.NAME, Kind.BIRTH, Kind.TEXT, Kind.STORY, Kind.WHEN, Kind.PLACE})


@dataclass(frozen=True)
class Choice:
    """One answer of a list; `also` are other words for it that people write."""

    code: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Question:
    """One question.

    `label` names the answer on the page "Check your answers"; `button` names it on the Change button.
    `prompt` may use `{name}`, the
    name of the person it is about. `why` is said where it is not obvious why we ask. `only_if` names an earlier
    answer of the same block, and the value it must have for this question to be asked. An answer to a `sensitive`
    one is not repeated outside the summary.
    """

    about: About
    key: str
    kind: Kind
    prompt: str
    label: str
    button: str
    why: str | None = None
    choices: tuple[Choice, ...] = ()
    accepts_unknown: bool = False
    only_if: tuple[str, str] | None = None
    sensitive: bool = False

    @cached_property
    def labels(self) -> dict[str, str]:
        """The words of each choice, by its code."""
        return {choice.code: choice.label for choice in self.choices}


# Chechen words too, whatever the interface speaks. Left out on purpose: "дада", a father to some families and a
# grandfather to others; "да" and "ваша", which are Russian words: they are taken where the label says them.
RELATIONS = (
    Choice("mother", N_("Mother"), ("mom", "mum", "мама", "мать", "أم", "والدة", "أمها", "нана")),
    Choice("father", N_("Father"), ("dad", "папа", "отец", "أب", "والد")),
    Choice(
        "grandmother",
        N_("Grandmother"),
        ("grandma", "granny", "бабушка", "баба", "جدة", "денана", "ненана", "ден нана", "ненан нана"),
    ),
    Choice(
        "grandfather", N_("Grandfather"), ("grandpa", "дедушка", "дед", "جد", "деда", "ден да", "ненан да")
    ),
    Choice("aunt", N_("Aunt"), ("тётя", "тетка", "عمة", "خالة", "деца", "неца", "ден йиша", "ненан йиша")),
    Choice("uncle", N_("Uncle"), ("дядя", "عم", "خال", "деваша", "ненаваша", "ден ваша", "ненан ваша")),
    Choice("sister", N_("Sister"), ("сестра", "أخت", "йиша")),
    Choice("brother", N_("Brother"), ("брат", "أخ")),
    Choice("other_family", N_("Other family")),
    Choice("acting_for", N_("I act for them")),
)

# Offered as buttons; any other country can be written by name (casework/countries.py). Names come from CLDR,
# not from here.
COUNTRIES_OFFERED = ("IQ", "SY", "TR")

ESSENTIAL = (
    Question(
        About.REQUESTER,
        "name",
        Kind.NAME,
        prompt=N_("What should we call you?"),
        why=N_("Your own name, or another name you choose. We use it when we write to you."),
        label=N_("Your name"),
        button=N_("Your name"),
    ),
    Question(
        About.REQUESTER,
        "relation",
        Kind.CHOICE,
        prompt=N_("Who are you to the people you are asking about?"),
        why=N_("If you are several things at once, choose the closest."),
        label=N_("You are their"),
        button=N_("Who you are"),
        choices=RELATIONS,
    ),
    Question(
        About.PERSON,
        "name",
        Kind.NAME,
        prompt=N_("What is the full name of the person you are asking about?"),
        why=N_(
            "Write it as in the documents, or as your family says it. Any alphabet is fine. "
            "One person now; you can add others afterwards."
        ),
        label=N_("Name"),
        button=N_("Name"),
    ),
    Question(
        About.PERSON,
        "birth",
        Kind.BIRTH,
        prompt=N_("When was {name} born?"),
        why=N_(
            "A date, a year or an age is enough, and “about” is fine. "
            "For example: 12.03.2017, March 2017, about 2015, 7 years."
        ),
        label=N_("Birth date or age"),
        button=N_("Born"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "country",
        Kind.COUNTRY,
        prompt=N_("In which country is {name} now, as far as you know?"),
        why=N_("Press a button, or write the name of the country."),
        label=N_("Country now"),
        button=N_("Country"),
        accepts_unknown=True,
    ),
)
