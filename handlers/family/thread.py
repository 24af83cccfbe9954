"""What was written: the messages with the office, read again, the newest page first."""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import messages, submissions
from casework.files import State
from casework.messages import Written
from casework.words import N_
from handlers.family.everywhere import BACK, TALK, begin_talk, talk
from handlers.family.file_words import became_in_words, files_in_words
from handlers.family.papers import SENT
from handlers.family.sent import everything
from handlers.family.steps import At
from handlers.family.talking import WRITTEN, sent, written

_A_PAGE = 8  # messages of `_SHOWN` characters, each at most two of Telegram's units, fit into one of 4096
_SHOWN = 200
_NOTHING = N_("Nothing has been written yet.")
_FORWARDED = N_("forwarded")
_ASKS = N_("waits for your answer")
_LETTER = N_("The office, {moment}")
_HERE = N_("What you write or send here goes to staff as well.")


def show(turn: Turn) -> None:
    """Show one page of the thread."""
    newer = turn.state.get("thread_at", 0)
    page = messages.thread(
        turn.connection, turn.keys, turn.account_id, _of(turn), most=_A_PAGE + 1, newer=newer
    )
    shown = page[-_A_PAGE:]
    whole = [each for each in shown if each.from_office and not _behind_a_tap(each)]
    messages.mark_read(turn.connection, [each.message_id for each in whole], turn.now)
    blocks = [_block(turn, each) for each in shown] or [turn.t(_NOTHING)]
    ways = [
        *([turn.button(N_("Earlier messages"), "earlier")] if len(page) > _A_PAGE else []),
        *([turn.button(N_("Later messages"), "later")] if newer else []),
    ]
    files = [turn.button(SENT, "sent")] if submissions.has_any(turn.connection, turn.account_id) else []
    rows = [*_letters(turn, shown), ways, files, [turn.button(BACK, "back"), turn.button(TALK, "talk")]]
    turn.show(At.THREAD, Screen(paragraphs(bold(turn.t(WRITTEN)), *blocks, turn.t(_HERE)), rows))


def _behind_a_tap(message: Written) -> bool:
    """Whether there is more of it than the thread shows."""
    return bool(message.files) or _short(message.text) != " ".join(message.text.split())


def _letters(turn: Turn, shown: list[Written]) -> list[list[Button]]:
    """Offer each message of the office whole of which the thread shows a part, and what it asks."""
    return [
        [
            Button(
                turn.locale.plain(_LETTER, moment=turn.locale.moment(each.at, turn.zone)),
                f"letter:{each.message_id}",
                anywhere=True,
            )
        ]
        for each in shown
        if each.from_office and (each.waits or _behind_a_tap(each))
    ]


def _of(turn: Turn) -> int | None:
    """Return the request whose thread it is, where the account can open several; otherwise it is all one thread."""
    alone = messages.sole_request(turn.connection, turn.account_id)
    return turn.state.get("talk_of") if alone is None else None


def _block(turn: Turn, message: Written) -> Html:
    who = turn.t(N_("The office")) if message.from_office else turn.t(N_("You"))
    heading = Html(f"{bold(who)} · {safe(turn.locale.date(message.at, turn.zone))}")
    files = _files(turn, message) if message.files else None
    asks = bold(turn.t(_ASKS)) if message.from_office and message.waits else None
    lines = [heading, asks, files, safe(_short(message.text)) if message.text else None]
    if message.forwarded:
        lines.insert(1, Html(f"<i>{turn.t(_FORWARDED)}</i>"))
    return joined(line for line in lines if line)


def _files(turn: Turn, message: Written) -> Html:
    own = not message.from_office
    files = [part for part in message.files if own or part.state != State.REFUSED]
    what = files_in_words(turn.locale, (part.kind for part in files))
    became = became_in_words(turn.locale, (part.state for part in files))
    return Html(f"{what} ({became})" if became else what)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def _earlier(turn: Turn, _rest: str) -> None:
    turn.state["thread_at"] = turn.state.get("thread_at", 0) + _A_PAGE
    turn.go(At.THREAD)


def _later(turn: Turn, _rest: str) -> None:
    turn.state["thread_at"] = max(0, turn.state.get("thread_at", 0) - _A_PAGE)
    turn.go(At.THREAD)


def _back(turn: Turn, _rest: str) -> None:
    turn.state.pop("thread_at", None)
    turn.go(turn.state.pop("before_thread", At.HOME))


def from_card(turn: Turn, _rest: str) -> None:
    """Open the thread of the request whose card is shown."""
    begin_talk(turn)
    turn.state["before_thread"] = turn.loaded.step
    turn.state.pop("thread_at", None)
    turn.go(At.THREAD)


STEPS = (
    Step(
        At.THREAD,
        show,
        written,
        {"earlier": _earlier, "later": _later, "sent": everything, "back": _back, "talk": talk},
        sent,
    ),
)
