"""What reminders say, and what the buttons below them do.

Each kind has a line of words: `FAMILIES` in handlers/family/reminder_words.py. Several things that one person is
reminded of at once are one message.
"""

from bot.i18n import Locale, joined, paragraphs
from bot.screen import Button, Screen
from casework.reminding.ticking import Message
from casework.words import N_
from handlers.family.reminder_words import FAMILIES

_LATE = N_("This comes later than it should: for a time nothing could be sent.")


def words(locale: Locale, message: Message) -> Screen:
    """Say all that somebody is reminded of, with a button to do each, and those to answer all of them."""
    zone = message.habits.zone
    lines = [FAMILIES[each.kind].say(locale, zone, each) for each in message.given]
    late = locale.t(_LATE) if message.late else None
    doing = [
        Button(locale.plain(FAMILIES[each.kind].label), f"rem_now:{each.reminder.id}", anywhere=True)
        for each in message.given
    ]
    answers = [
        [
            _button(locale, N_("Later"), "rem_later", message.id),
            _button(locale, N_("Done"), "rem_done", message.id),
        ],
        [_button(locale, N_("No more reminders of this"), "rem_stop", message.id)],
    ]
    text = paragraphs(joined(lines), late)
    return Screen(text, [*([each] for each in doing), *answers])


def _button(locale: Locale, label: str, word: str, message_id: int) -> Button:
    return Button(locale.plain(label), f"{word}:{message_id}", anywhere=True)
