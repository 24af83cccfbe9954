"""The walk for the README and its test: a mother and two children, a killed bot, a changed answer, the card."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.phone import Phone


@dataclass(frozen=True)
class Words:
    """What this person types; made up."""

    language: str  # as its button in the picker says
    own_name: str
    mother: tuple[str, str]  # name and birth
    first_child: tuple[str, str]
    second_child: tuple[str, str]
    corrected_birth: str
    country: str


RUSSIAN = Words(
    "Русский",
    "Хадижат",
    ("Марьям Исаева", "12 марта 1991"),
    ("Амина Исаева", "ей 7 лет"),
    ("Юсуф Исаев", "около 2017"),
    "весной 2018",
    "Сирия",
)
ARABIC = Words(
    "العربية",
    "أم مريم",
    ("مريم العلي", "١٢ مارس ١٩٩١"),
    ("أمينة العلي", "عمرها سبع سنوات"),
    ("يوسف العلي", "حوالي 2017"),
    "آذار 2018",
    "سوريا",
)
CHECHEN = Words(
    "Нохчийн",
    "Марха",
    ("Хьава Исаева", "12 март 1991"),
    ("Амина Исаева", "ворхӏ шо"),
    ("Юсуф Исаев", "гергга 2017"),
    "бӏаьсте 2018",
    "Шема",
)
Keep = Callable[[str], None]


def file_a_request(phone: Phone, words: Words, kill_the_bot: Callable[[], None], keep: Keep) -> None:
    """Walk from /start to the card; `keep` is called with the name of each moment worth a picture."""
    phone.start()
    phone.sees("Choose your language")
    keep("1-language")
    phone.press(words.language)
    phone.sees("What would you like to do?")
    keep("2-welcome")
    phone.press("File a request")
    phone.sees("Before we begin: your agreement")
    keep("3-consent")
    phone.press("I agree")
    phone.sees("What should we call you?")
    phone.say(words.own_name)
    phone.sees("Who are you to the people you are asking about?")
    keep("4-question")
    phone.press("Grandmother")
    _tell(phone, words.mother, words.country)
    kill_the_bot()
    phone.press("Add another person")
    _tell(phone, words.first_child, words.country)
    phone.press("Add another person")
    _tell(phone, words.second_child, words.country)
    keep("5-echo")
    phone.press("No, check my answers")
    phone.sees("Nothing has been sent yet.")
    _change_the_second_childs_birth(phone, words)
    keep("6-check")
    phone.press("Send my request")
    phone.sees("A picture to keep. It shows the reference and nothing about anybody.")
    keep("7-sent")
    phone.press("My requests")
    phone.sees("Your request has arrived")
    phone.sees("What has happened")
    keep("8-card")


def _tell(phone: Phone, person: tuple[str, str], country: str) -> None:
    phone.sees("What is the full name of the person you are asking about?")
    phone.say(person[0])
    phone.sees("When was {name} born?")
    phone.say(person[1])
    phone.sees("In which country is {name} now, as far as you know?")
    phone.say(country)
    phone.sees("Do you want to ask about somebody else as well?")


def _change_the_second_childs_birth(phone: Phone, words: Words) -> None:
    phone.press(f"3. {phone.locale.plain('Born')}")
    phone.sees("Your answer so far: {answer}")
    phone.say(words.corrected_birth)
    phone.sees("Check your answers")
