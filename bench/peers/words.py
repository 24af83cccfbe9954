"""What the peers say: sentences and keyboards of the length that a family sees in Homeward.

It belongs to no library: each peer makes its own objects of the rows of (label, callback data).
"""

from html import escape
from typing import Any

Keyboard = list[list[tuple[str, str]]]

CHOOSE_LANGUAGE = "<b>Choose your language</b>\n<b>Выберите язык</b>\n<b>اختر لغتك</b>"
MENU = (
    "<b>A bot</b>\nThis is a program. It brings requests from families to the office that helps women and children "
    "come home.\n\nIt takes your request, keeps it safe, and shows you where it stands.\n\nIt is free. Nobody from "
    "the office will ever ask you for money.\n\nIt cannot decide who comes home, and it cannot say when. Nobody can "
    "promise that.\n\nTelegram chats with bots are not end-to-end encrypted, and Telegram keeps them too. Write only "
    "what you are ready to share.\n\n<b>What would you like to do?</b>"
)
CONSENT = (
    "<b>Before we begin: your agreement</b>\n\nIf you agree, we keep what you tell us and use it only to work on "
    "your request.\n\nStaff of the office who work on requests can read it.\n\nTelegram keeps this chat too.\n\n"
    "Please write nothing about how you keep in contact, money sent, or anybody's beliefs. We do not need it.\n\n"
    "You can stop at any time. Until you press “Send my request”, you can delete everything yourself."
)
OWN_NAME = (
    "<b>What should we call you?</b>\n\nYour own name, or another name you choose. "
    "We use it when we write to you."
)
RELATION = (
    "✓ Your name: {answer}\n\n<b>Who are you to the people you are asking about?</b>\n\n"
    "If you are several things at once, choose the closest."
)
NAME = (
    "{before}\n\n<b>What is the full name of the person you are asking about?</b>\n\nWrite it as in the documents, or "
    "as your family says it. Any alphabet is fine. One person now; you can add others afterwards."
)
BIRTH = (
    "✓ Name: {answer}\n\n<b>When was {answer} born?</b>\n\nA date, a year or an age is enough, and “about” is fine. "
    "For example: 12.03.2017, March 2017, about 2015, 7 years."
)
COUNTRY = (
    "✓ Born: {answer}\n\n<b>In which country is {name} now, as far as you know?</b>\n\n"
    "Press a button, or write the name of the country."
)
MORE = "✓ Country now: {answer}\n\n<b>Do you want to ask about somebody else as well?</b>"
REVIEW = (
    "<b>Check your answers</b>\n\nNothing has been sent yet.\n\n{answers}\n\n"
    "To change an answer, press its button. If everything is right, press “Send my request”."
)
CLOSED = "Your request was sent on {day}."
CONFIRMATION = (
    "<b>Your request has been sent.</b>\n\nReference: <code>{reference}</code>\n\nReceipt code: <code>{receipt}</code>"
    "\n\nThe receipt code is shown only this once. Write it down: with both you reach your request from a new phone."
    "\n\nWhat happens next: staff read your request. If something is missing, they write to you here.\n\nThe first "
    "reading can take several days. The whole way often takes from nine months to several years. Nobody can promise "
    "how it ends.\n\nYou can talk to a person at any time from the menu."
)

_WAYS_OUT = [("← Back", "back"), ("Cancel", "cancel"), ("Talk to a person", "talk")]
_RELATIONS = (
    [("Mother", "mother"), ("Father", "father")],
    [("Grandmother", "grandmother"), ("Grandfather", "grandfather")],
    [("Aunt", "aunt"), ("Uncle", "uncle")],
    [("Sister", "sister"), ("Brother", "brother")],
    [("Other family", "other_family"), ("I act for them", "acting_for")],
)
COUNTRIES = {"IQ": "Iraq", "SY": "Syria", "TR": "Türkiye"}


def _keyboard(*rows: list[tuple[str, str]]) -> Keyboard:
    return list(rows)


def answers(given: dict[str, Any]) -> str:
    """Return what was answered so far, a line each."""
    lines = [f"Your name: <b>{escape(given['name'])}</b>", f"You are their: <b>{given['relation']}</b>"]
    for number, person in enumerate(given["persons"], start=1):
        lines += [f"<u>Person {number}</u>"]
        lines += [f"{key}: <b>{escape(value)}</b>" for key, value in person.items()]
    return "\n".join(lines)


def languages() -> Keyboard:
    return _keyboard([("Русский", "language:ru")], [("English", "language:en")], [("العربية", "language:ar")])


def menu() -> Keyboard:
    return _keyboard(
        [("File a request", "file")],
        [("My requests", "mine")],
        [("Talk to a person", "talk")],
        [("How it works", "help"), ("Privacy", "privacy")],
        [("Language", "language")],
    )


def consent() -> Keyboard:
    return _keyboard(
        [("I agree", "yes")], [("I do not agree", "no")], [("← Back", "home"), ("Talk to a person", "talk")]
    )


def ways_out() -> Keyboard:
    return _keyboard(_WAYS_OUT)


def relations() -> Keyboard:
    rows = [[(label, f"choice:{code}") for label, code in row] for row in _RELATIONS]
    return _keyboard(*rows, _WAYS_OUT)


def birth() -> Keyboard:
    return _keyboard([("I don't know", "unknown")], _WAYS_OUT)


def countries() -> Keyboard:
    offered = [(name, f"choice:{code}") for code, name in COUNTRIES.items()]
    return _keyboard(offered, [("I don't know", "unknown")], _WAYS_OUT)


def more() -> Keyboard:
    return _keyboard([("Add another person", "add")], [("No, check my answers", "check")], _WAYS_OUT)


def review(persons: int) -> Keyboard:
    changes = [
        [(f"✎ {number}. {label}", f"change:{number}.{label}") for label in ("Name", "Born", "Country")]
        for number in range(1, persons + 1)
    ]
    return _keyboard(
        [("✎ Your name", "change:0.name"), ("✎ Who you are", "change:0.relation")],
        *changes,
        [("Add another person", "add"), ("Remove a person", "fewer")],
        [("Send my request", "send")],
        _WAYS_OUT,
    )


def afterwards() -> Keyboard:
    return _keyboard([("My requests", "mine")], [("Menu", "menu")])
