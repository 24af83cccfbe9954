"""Quiet hours, from when and until when: by buttons, or typed as "22", "22:00", "10 вечера"."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.preferences import NEVER_QUIET, QuietHours, preferences_of
from casework.times import MINUTES_A_DAY, read_time
from casework.words import N_
from handlers.family.everywhere import BACK, TALK, in_rows, talk, to
from handlers.family.settings import change, clock, hours_in_words, not_understood
from handlers.family.steps import At

_SINCE = N_("From when should it be quiet?")
_UNTIL = N_("Until when should it be quiet?")
_HOW = N_("Press a time, or write it, for example 22:30.")
_EVENINGS, _MORNINGS = range(19, 25), range(5, 11)
_WRONG = N_("This is not a time of day. Press a button, or write hours and minutes.")
_WRONG_AGAIN = N_("A time looks like this: 7:30, or 22. The hours go from 0 to 24.")
_SAME = N_("Quiet hours need a beginning and another end. The beginning is {time}.")


def ask_since(turn: Turn) -> None:
    quiet = preferences_of(turn.connection, turn.account_id).quiet or turn.around.quiet
    now = turn.t(N_("Now: {hours}"), hours=hours_in_words(turn, quiet))
    none = [] if quiet.never else [[turn.button(N_("No quiet hours"), "none")]]
    rows = [*_times(_EVENINGS), *none, _ways_out(turn)]
    turn.show(At.QUIET, Screen(paragraphs(bold(turn.t(_SINCE)), now, turn.t(_HOW)), rows))


def ask_until(turn: Turn) -> None:
    since = turn.state.get("quiet_from")
    if since is None:
        turn.go(At.QUIET)
        return
    begins = turn.t(N_("They begin at {time}."), time=clock(since))
    rows = [*_times(_MORNINGS), _ways_out(turn)]
    turn.show(At.QUIET_UNTIL, Screen(paragraphs(bold(turn.t(_UNTIL)), begins, turn.t(_HOW)), rows))


def _times(hours: range) -> list[list[Button]]:
    times = [hour * 60 % MINUTES_A_DAY for hour in hours]
    return in_rows([Button(clock(each), f"time:{each}") for each in times], 3)


def _ways_out(turn: Turn) -> list[Button]:
    return [turn.button(BACK, "back"), turn.button(TALK, "talk")]


def _typed(turn: Turn) -> None:
    minutes = read_time(turn.incoming.text)
    if minutes is None:
        not_understood(turn, _WRONG, _WRONG_AGAIN)
    else:
        _take(turn, minutes)


def _pressed(turn: Turn, minutes: str) -> bool | None:
    if not minutes.isdecimal() or int(minutes) >= MINUTES_A_DAY:
        return False
    _take(turn, int(minutes))
    return None


def _take(turn: Turn, minutes: int) -> None:
    """Take a beginning or an end, whichever was asked for."""
    turn.state.pop("problem", None)
    if turn.loaded.step == At.QUIET:
        turn.state["quiet_from"] = minutes
        turn.go(At.QUIET_UNTIL)
        return
    since = turn.state.get("quiet_from", 0)
    if minutes == since:
        turn.note(turn.t(_SAME, time=clock(since)))
        turn.go(At.QUIET_UNTIL)
        return
    turn.state.pop("quiet_from", None)
    change(turn, quiet=QuietHours(since, minutes))


def _none(turn: Turn, _rest: str) -> None:
    change(turn, quiet=NEVER_QUIET)


STEPS = (
    Step(
        At.QUIET,
        ask_since,
        _typed,
        {"time": _pressed, "none": _none, "back": to(At.SETTINGS), "talk": talk},
    ),
    Step(At.QUIET_UNTIL, ask_until, _typed, {"time": _pressed, "back": to(At.QUIET), "talk": talk}),
)
