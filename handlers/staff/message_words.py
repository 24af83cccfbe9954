"""One message of a conversation in words, as staff read it: whose it is, how far it came, what it carries."""

from collections.abc import Mapping, Sequence

from bot.i18n import Html, bold, joined, safe
from bot.turn import Turn
from casework import team
from casework.conversations import Chat, Delivery, Line
from casework.words import N_
from handlers.family.file_words import became_in_words, files_in_words
from handlers.staff.conversing import who

_SHOWN = 240  # characters of a message in the list; each at most two of Telegram's units
_NEW = N_("new")
_WAITS = N_("waits for an answer")
_OWED = N_("the family owes an answer")
FORWARDED = N_("forwarded")
DELIVERED = {
    Delivery.WAITING: N_("waiting to be sent"),
    Delivery.SENT: N_("the family was told of it"),
    Delivery.POSSIBLY: N_("possibly told: the network failed"),
    Delivery.UNREACHABLE: N_("cannot be reached: the bot is blocked, or the chat is gone"),
    Delivery.FAILED: N_("not sent"),
    Delivery.READ: N_("opened by the family"),
}


def block(turn: Turn, number: int, line: Line, chats: Sequence[Chat], names: Mapping[int, str]) -> Html:
    """Say one message of a page: long words are cut short."""
    message = line.message
    lines = [
        head(turn, f"{number}. ", line, chats, names),
        state(turn, line),
        Html(f"<i>{turn.t(FORWARDED)}</i>") if message.forwarded else None,
        files(turn, line),
        safe(_short(message.text)) if message.text else None,
    ]
    return joined(each for each in lines if each)


def head(turn: Turn, number: str, line: Line, chats: Sequence[Chat], names: Mapping[int, str]) -> Html:
    """Say whose it is and when it came; of the office's, who wrote it, and to whom where there are several."""
    if line.message.from_office:
        name = names.get(line.by or 0, team.NAMELESS)
        author = turn.t(N_("The office ({name})"), name=name)
        if len(chats) > 1:
            author = joined([author, who(turn, list(chats), line.account_id)], " → ")
    else:
        author = who(turn, list(chats), line.account_id)
    moment = safe(turn.locale.moment(line.message.at, turn.zone))
    new = [bold(turn.t(_NEW))] if not line.message.from_office and not line.message.read else []
    return Html(f"{number}{joined([bold(author), moment, *new], ' · ')}")


def state(turn: Turn, line: Line) -> Html | None:
    """Say of the office's message how far it came, and of any whether it waits for an answer."""
    told = [turn.t(DELIVERED[line.delivery])] if line.delivery is not None else []
    if line.message.waits:
        told.append(turn.t(_OWED if line.message.from_office else _WAITS))
    return Html(f"<i>{joined(told, ' · ')}</i>") if told else None


def files(turn: Turn, line: Line) -> Html | None:
    """Say what it carries, and what has become of that."""
    parts = line.message.files
    if not parts:
        return None
    what = files_in_words(turn.locale, (part.kind for part in parts))
    became = became_in_words(turn.locale, (part.state for part in parts))
    return Html(f"{what} ({became})" if became else what)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def behind_a_tap(line: Line) -> bool:
    """Whether there is more of it than a page of the conversation shows."""
    text = " ".join(line.message.text.split())
    return bool(line.message.files) or _short(text) != text
