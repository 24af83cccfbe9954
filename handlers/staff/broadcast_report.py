"""What the office's side is told of a broadcast on its way: how far it is, in one message, and how it went."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.broadcasting import Words
from bot.charts import Bar, Panel, recipe_of
from bot.i18n import Html, Locale, bold, code, joined, paragraphs
from bot.notices import notify
from bot.outgoing import Outgoing
from bot.screen import Button, Screen
from bot.store import add_to_outbox, other
from bot.turn import Surroundings
from casework import broadcast_runs as runs
from casework import broadcasts, team
from casework.broadcast_runs import Going, Kind, Run
from casework.broadcasts import Broadcast, State
from casework.permissions import Action, may
from casework.words import N_
from db.models import Broadcast as BroadcastRow
from db.models import Outbox
from handlers.family.broadcast_message import contents

_CELLS = 12
_FULL, _EMPTY = "▰", "▱"
_MINUTE = 60
HEADINGS = {
    Kind.SEND: N_("Broadcast {code}"),
    Kind.AGAIN: N_("Broadcast {code}, again to the uncertain"),
    Kind.CORRECT: N_("Correction of broadcast {code}"),
    Kind.RECALL: N_("Broadcast {code} is being taken back"),
}
_UNDER_WAY = N_("It is under way.")  # what nobody gets as a message
_HOW = {
    Going.RUNNING: N_("It is on its way."),
    Going.PAUSED: N_("It is paused. Nothing more leaves until it goes on."),
    Going.ENDED: N_("It is done."),
    Going.CANCELLED: N_("It was stopped."),
}
# In this order: what is counted, and of which run it is said how.
_DONE = {
    Kind.SEND: N_("Sent: {n} of {total}"),
    Kind.AGAIN: N_("Sent: {n} of {total}"),
    Kind.CORRECT: N_("Corrected: {n} of {total}"),
    Kind.RECALL: N_("Deleted: {n} of {total}"),
}
_UNREACHABLE = N_("Cannot be reached: {n}")
_UNCERTAIN = N_("Uncertain: {n}")
_STOPPED = N_("Stopped before it left: {n}")
_GONE = N_("Erased their account meanwhile: {n}")
_LEFT = N_("Still to go: {n}")
_RATE = N_("{n} a second")
_MINUTES = N_("about {n} min left")
_SECONDS = N_("less than a minute left")
_UNCERTAIN_MEANS = N_(
    "Of the uncertain ones nobody knows whether the message arrived. By itself it is not sent again."
)
PAUSE, RESUME, STOP = N_("Pause"), N_("Go on"), N_("Stop for good")
LIST = N_("List of those not reached")
LOOK = N_("Open the broadcast")
_LATE = N_("A broadcast could not start: nobody of its audience would get it now. It is a draft again.")
_BARS = {
    "sent": {
        Kind.SEND: N_("Sent"),
        Kind.AGAIN: N_("Sent"),
        Kind.CORRECT: N_("Corrected"),
        Kind.RECALL: N_("Deleted"),
    },
}


def begin_progress(
    connection: Connection, around: Surroundings, broadcast: Broadcast, run_id: int, now: datetime
) -> None:
    """Send whoever started a run the message that shows from now on how far it is."""
    run = runs.get(connection, run_id)
    if run is None:
        return

    def words(locale: Locale) -> Screen:
        return _progress_screen(locale, broadcast, run, 0.0)

    row = notify(connection, around, run.account_id, words, now)
    runs.shows_progress(connection, run_id, row)


def start_due(connection: Connection, around: Surroundings, now: datetime) -> None:
    """Start the broadcasts whose time has come. Who scheduled one has to be of the team still."""
    due = connection.scalars(
        select(BroadcastRow.id)
        .where(BroadcastRow.state == State.SCHEDULED.value, BroadcastRow.due_at <= now)
        .order_by(BroadcastRow.due_at)
        .with_for_update(skip_locked=True)
    ).all()
    for broadcast_id in due:
        broadcast = broadcasts.get(connection, around.keys, broadcast_id)
        if broadcast is not None:
            start(connection, around, broadcast, broadcast.account_id, now)


def start(connection: Connection, around: Surroundings, broadcast: Broadcast, by: int, now: datetime) -> bool:
    """Start sending, with a message that shows how far it is; where nobody would get it, it is a draft again."""
    allowed = may(team.role_of(connection, by), Action.BROADCAST)
    first = around.locales.fallback.code
    run_id = runs.start(connection, around.keys, broadcast, by, first, now) if allowed else None
    if run_id is None:
        broadcast.state, broadcast.due_at = State.DRAFT, None
        broadcasts.save(connection, around.keys, broadcast)
        notify(connection, around, by, lambda locale: _to_broadcast(locale, _LATE, broadcast.id), now)
        return False
    begin_progress(connection, around, broadcast, run_id, now)
    return True


def _to_broadcast(locale: Locale, words: str, broadcast_id: int) -> Screen:
    button = Button(locale.plain(LOOK), f"cast:{broadcast_id}", anywhere=True)
    return Screen(locale.t(words), [[button]])


def progress(
    connection: Connection, around: Surroundings, run: Run, rate: float
) -> tuple[str, dict[str, Any]] | None:
    """Return the call that puts how far a run is in the place of what its message said before."""
    broadcast = broadcasts.get(connection, around.keys, run.broadcast_id)
    shown_in = connection.scalar(select(Outbox.message_id).where(Outbox.id == (run.progress_id or 0)))
    if broadcast is None or shown_in is None:
        return None
    who = other(connection, around.keys, run.account_id)
    locale = around.locales.get(who.language)
    screen = _progress_screen(locale, broadcast, run, rate)
    return "editMessageText", {
        "chat_id": who.chat_id,
        "message_id": shown_in,
        "text": locale.in_line(screen.text),
        "parse_mode": "HTML",
        "reply_markup": screen.keyboard(""),
    }


def _progress_screen(locale: Locale, broadcast: Broadcast, run: Run, rate: float) -> Screen:
    return Screen(run_in_words(locale, broadcast, run, rate), run_buttons(locale, run))


def run_in_words(
    locale: Locale, broadcast: Broadcast, run: Run, rate: float = 0.0, *, titled: bool = True
) -> Html:
    """Say how far a run is, or how it went; under a heading, where it does not stand on the broadcast's own page."""
    heading = bold(locale.t(HEADINGS[run.kind], code=code(broadcast.details.code))) if titled else None
    living = run.going.value in runs.LIVE
    done = run.total - run.left
    bar = Html(f"{_bar(done, run.total)} {locale.percent(done, run.total)}") if living else None
    pace = _pace(locale, run, rate) if living and run.going is Going.RUNNING else None
    return paragraphs(
        heading,
        joined([each for each in (bar, locale.t(_how(run)), pace) if each]),
        joined(counts_in_words(locale, run)),
        locale.t(_UNCERTAIN_MEANS) if run.uncertain else None,
    )


def _how(run: Run) -> str:
    edits = run.going is Going.RUNNING and run.kind.value not in runs.SENDING
    return _UNDER_WAY if edits else _HOW[run.going]


def counts_in_words(locale: Locale, run: Run) -> list[Html]:
    """Say every count; together they are the whole audience."""
    lines = [locale.t(_DONE[run.kind], n=run.sent, total=run.total)]
    lines += [locale.t(words, n=n) for words, n in _others(run) if n]
    return lines


def _others(run: Run) -> list[tuple[str, int]]:
    return [
        (_UNREACHABLE, run.unreachable),
        (_UNCERTAIN, run.uncertain),
        (_STOPPED, run.total - run.sent - run.unreachable - run.uncertain - run.gone - run.left),
        (_GONE, run.gone),
        (_LEFT, run.left),
    ]


def _pace(locale: Locale, run: Run, rate: float) -> Html | None:
    if rate <= 0:
        return None
    minutes = round(run.left / rate / _MINUTE)
    left = locale.t(_MINUTES, n=minutes) if minutes else locale.t(_SECONDS)
    return joined([locale.t(_RATE, n=round(rate)), left], " · ")


def _bar(done: int, total: int) -> str:
    full = _CELLS * done // max(1, total)
    return _FULL * full + _EMPTY * (_CELLS - full)


def run_buttons(locale: Locale, run: Run) -> list[list[Button]]:
    """Return what can be done about a run from any message."""

    def button(words: str, action: str, style: str | None = None) -> Button:
        return Button(locale.plain(words), f"{action}:{run.id}", anywhere=True, style=style)

    stop = button(STOP, "cast_stop", "danger")
    look = Button(locale.plain(LOOK), f"cast:{run.broadcast_id}", anywhere=True)
    match run.going:
        case Going.RUNNING:
            return [[button(PAUSE, "cast_pause"), stop], [look]]
        case Going.PAUSED:
            return [[button(RESUME, "cast_resume", "success"), stop], [look]]
        case _:
            return [[look]]


def report(connection: Connection, around: Surroundings, run: Run, now: datetime) -> None:
    """Write the last message of a run: its counts in words and in a picture, and the way to the list."""
    broadcast = broadcasts.get(connection, around.keys, run.broadcast_id)
    if broadcast is None or not may(team.role_of(connection, run.account_id), Action.BROADCAST):
        return
    who = other(connection, around.keys, run.account_id)
    locale = around.locales.get(who.language)
    buttons = [[Button(locale.plain(LOOK), f"cast:{broadcast.id}", anywhere=True)]]
    if run.kind.value in runs.SENDING and runs.not_reached(connection, broadcast.id):
        buttons.append([Button(locale.plain(LIST), f"cast_list:{broadcast.id}", anywhere=True)])
    caption = locale.in_line(run_in_words(locale, broadcast, run))
    content = {
        "caption": caption,
        "parse_mode": "HTML",
        "reply_markup": Screen(Html(), buttons).keyboard(""),
    }
    recipe = recipe_of([_panel(locale, broadcast, run)], right_to_left=locale.right_to_left)
    row = Outgoing.reply(run.account_id, who.chat_id, "sendPhoto", content, recipe)
    add_to_outbox(connection, [row.as_waiting(who.key, now)])


def _panel(locale: Locale, broadcast: Broadcast, run: Run) -> Panel:
    bars = [Bar(locale.plain(_BARS["sent"][run.kind]), run.sent)]
    bars += [Bar(locale.plain(words, n="").strip(" :"), n, colour="side") for words, n in _others(run) if n]
    return Panel(locale.plain(HEADINGS[run.kind], code=broadcast.details.code), tuple(bars))


ON_BROADCASTS = Words(contents, start_due, progress, report)
