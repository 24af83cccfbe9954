"""What somebody is reminded of as one message: a line a kind, a button to do each, and those that answer all of it.

The lines stand in handlers/family/reminder_words.py and handlers/staff/reminder_words.py, the buttons are handled by
the `reminders` of each side.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.i18n import Html, Locale, paragraphs
from bot.screen import Button, Screen
from casework.reminding.rules import Done, Kind
from casework.reminding.ticking import Given, Message
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.reminder_words import FAMILIES, Saying
from handlers.staff.reminder_words import TEAM, TO_DESK

_LATE = N_("This comes later than it should: for a time nothing could be sent.")
_MOST = 10  # buttons that lead to what is to be done; the rest is found at the desk
_MARKS = "①②③④⑤⑥⑦⑧⑨"
_SAYINGS: Mapping[Kind, Saying] = {**FAMILIES, **TEAM}


def words(locale: Locale, message: Message) -> Screen:
    """Say all that somebody is reminded of."""
    zone = message.habits.zone
    groups = [(kind, list(each)) for kind, each in groupby(message.given, key=lambda each: each.kind)]
    marks = _marks([kind for kind, _ in groups])
    lines = [Html(marks.get(kind, "") + _SAYINGS[kind].say(locale, zone, given)) for kind, given in groups]
    late = locale.t(_LATE) if message.late else None
    doing: dict[str, Button] = {}  # a case that there are several things to do in has one button
    for kind, given in groups:
        for label, button in _doing(locale, kind, given, marks.get(kind, "")):
            doing.setdefault(label, button)
    rows = side_by_side(_shown(locale, list(doing.values())))
    return Screen(paragraphs(*lines, late), [*rows, *_answers(locale, message)])


def _marks(kinds: Sequence[Kind]) -> dict[Kind, str]:
    """Mark the lines whose buttons name a case alone, and these buttons too, where there are several such lines."""
    plain = [kind for kind in kinds if kind in TEAM and not TEAM[kind].label]
    return {kind: f"{mark} " for kind, mark in zip(plain, _MARKS, strict=False)} if len(plain) > 1 else {}


def _shown(locale: Locale, buttons: list[Button]) -> list[Button]:
    """Return as many as there is room for; where that is not all, the desk has the others."""
    if len(buttons) <= _MOST:
        return buttons
    to_desk = Button(locale.plain(TO_DESK), "desk", anywhere=True)
    return [each for each in buttons[: _MOST - 1] if each.label != to_desk.label] + [to_desk]


def _doing(locale: Locale, kind: Kind, given: Sequence[Given], mark: str) -> list[tuple[str, Button]]:
    """Make the buttons that lead where it is done, by their words: a case by its reference, anything else once."""
    word = "rem_now" if kind in FAMILIES else "due_now"
    label = _SAYINGS[kind].label
    if kind in TEAM and label:
        words = locale.plain(label)
        return [(words, Button(words, f"{word}:{given[0].reminder.id}", anywhere=True))]
    found = []
    for number, each in enumerate(given, 1):
        words = _words(locale, label, each, number if len(given) > 1 else 0)
        found.append((words, Button(f"{mark}{words}", f"{word}:{each.reminder.id}", anywhere=True)))
    return found


def _words(locale: Locale, label: str, given: Given, number: int) -> str:
    words = locale.plain(label) if label else str(given.about)
    return f"{words} ({number})" if label and number else words


def _answers(locale: Locale, message: Message) -> list[list[Button]]:
    """Make the buttons that answer; who belongs to the team cannot stop what their work reminds them of."""
    for_family = all(each.kind in FAMILIES for each in message.given)
    prefix = "rem" if for_family else "due"
    both = []
    if any(each.rule.later for each in message.given):
        both.append(_button(locale, N_("Later"), f"{prefix}_later", message.id))
    if any(each.rule.done is not Done.NOT_ASKED for each in message.given):
        both.append(_button(locale, N_("Done"), f"{prefix}_done", message.id))
    stop = _button(locale, N_("No more reminders of this"), f"{prefix}_stop", message.id)
    return [both, [stop]] if for_family else [both] if both else []


def _button(locale: Locale, label: str, word: str, message_id: int) -> Button:
    return Button(locale.plain(label), f"{word}:{message_id}", anywhere=True)
