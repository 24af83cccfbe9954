"""A message to a family as it will be read, and whom it goes to."""

from bot.i18n import Html, Locale, bold, joined, safe
from bot.screen import Button
from bot.turn import Turn
from casework.access import How
from casework.conversations import Chat
from casework.words import N_
from handlers.family.file_words import sent_in_words
from handlers.family.letter import WRITES
from handlers.staff.conversing import who
from handlers.staff.letter_draft import Draft

_TO = N_("It goes to: {whom}")
_HOW = {
    How.FILED: N_("sent the request"),
    How.RECEIPT: N_("opened it with the receipt code"),
    How.INVITED: N_("was invited"),
}


def families_of(turn: Turn, to: list[Chat]) -> list[Locale]:
    """Return the languages of those it goes to, each once."""
    return list(dict.fromkeys(turn.around.locales.get(each.language) for each in to))


def preview(turn: Turn, families: list[Locale], draft: Draft) -> Html:
    """Show it in the frame of each language it is read in, in the direction it is read."""
    frames = [family.in_line(bold(family.t(WRITES))) for family in families]
    words = [families[0].in_line(safe(draft.text))] if draft.text else []
    files = [sent_in_words(turn.locale, draft.files)] if draft.files else []
    return Html(f"<blockquote>{joined([*frames, *words, *files])}</blockquote>")


def whom_in_words(turn: Turn, chats: list[Chat], to: list[Chat]) -> list[Html]:
    if len(chats) == 1:
        return []
    whom = Html(turn.locale.listed(who(turn, chats, each.account_id) for each in to))
    return [turn.t(_TO, whom=whom)]


def chat_button(turn: Turn, chats: list[Chat], chat: Chat, chosen: set[int]) -> Button:
    mark = "✓ " if chat.account_id in chosen else "– "
    how = turn.locale.plain(_HOW[chat.how]) if chat.how is not None else ""
    language = turn.around.locales.get(chat.language).own_name
    called = who(turn, chats, chat.account_id)
    return Button(f"{mark}{called}: {how}, {language}", f"to:{chat.account_id}")
