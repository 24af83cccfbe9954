"""Settings: language, time zone, quiet hours, news. Each is one or two taps, and the screen says what is set."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.dialog import PressHandler, Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.turn import Turn
from casework.preferences import Preferences, QuietHours, preferences_of, save
from casework.words import N_
from casework.zones import zone_name
from handlers.family.everywhere import FROM_ASIDE, aside, to
from handlers.family.passing_on import offer
from handlers.family.steps import At

LANGUAGE, REMINDERS = N_("🌐 Language"), N_("Reminders")
_ZONE, _QUIET = N_("Time zone"), N_("Quiet hours")
_NEWS, _URGENT = N_("News"), N_("Urgent news")
_ON, _OFF = N_("on"), N_("off")
_WHAT = (
    N_("In quiet hours we send nothing that can wait."),
    N_("News is what the office writes to many families at once. Urgent news is what cannot wait."),
    N_("Answers to you, and what concerns your own request, come in any case."),
)


@dataclass(frozen=True)
class _Line:
    """One line of the table: its name, and how it stands."""

    label: str
    value: Callable[[Turn, Preferences], Html]


def _language(turn: Turn, _chosen: Preferences) -> Html:
    return safe(turn.locale.own_name)


def _zone(turn: Turn, _chosen: Preferences) -> Html:
    name = zone_name(turn.zone.key, turn.locale.chain)
    return turn.t(N_("{zone}, now {time}"), zone=name, time=f"{turn.now.astimezone(turn.zone):%H:%M}")


def _quiet(turn: Turn, chosen: Preferences) -> Html:
    return hours_in_words(turn, chosen.quiet or turn.around.quiet)


def _switch(name: str) -> Callable[[Turn, Preferences], Html]:
    return lambda turn, chosen: turn.t(_ON if getattr(chosen, name) else _OFF)


_TABLE = (
    _Line(N_("Language"), _language),
    _Line(_ZONE, _zone),
    _Line(_QUIET, _quiet),
    _Line(_NEWS, _switch("news")),
    _Line(_URGENT, _switch("urgent_news")),
)


def hours_in_words(turn: Turn, quiet: QuietHours) -> Html:
    if quiet.never:
        return turn.t(N_("none"))
    return turn.t(N_("from {since} until {until}"), since=clock(quiet.since), until=clock(quiet.until))


def clock(minutes: int) -> str:
    """Return minutes since midnight as a clock shows them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def show(turn: Turn) -> None:
    """Show the table and what changes it."""
    chosen = preferences_of(turn.connection, turn.account_id)
    table = joined(Html(f"{turn.t(line.label)}: {bold(line.value(turn, chosen))}") for line in _TABLE)
    news = N_("Switch news off") if chosen.news else N_("Switch news on")
    urgent = N_("Switch urgent news off") if chosen.urgent_news else N_("Switch urgent news on")
    rows = [
        [turn.button(LANGUAGE, "language"), turn.button(_ZONE, "zone")],
        [turn.button(_QUIET, "quiet"), turn.button(REMINDERS, "reminders")],
        [turn.button(news, "switch:news")],
        [turn.button(urgent, "switch:urgent_news")],
    ]
    text = paragraphs(bold(turn.t(N_("Settings"))), table, joined(turn.t(line) for line in _WHAT))
    turn.show(At.SETTINGS, aside(turn, text, rows))


def change(turn: Turn, **columns: object) -> None:
    """Write a choice down and show the table again."""
    chosen = preferences_of(turn.connection, turn.account_id)
    save(turn.connection, turn.account_id, replace(chosen, **columns))  # type: ignore[arg-type]
    turn.go(At.SETTINGS)


def not_understood(turn: Turn, first: str, again: str) -> None:
    """Say what was not understood; differently the second time. Talk to a person is on the screen."""
    turn.note(turn.t(again if turn.state.get("problem") == first else first))
    turn.state["problem"] = first
    turn.go(turn.loaded.step)


def _switched(turn: Turn, name: str) -> bool | None:
    if name not in {"news", "urgent_news"}:
        return False
    chosen = preferences_of(turn.connection, turn.account_id)
    change(turn, **{name: not getattr(chosen, name)})
    return None


_PRESSES: dict[str, PressHandler] = {
    "language": to(At.LANGUAGE),
    "zone": to(At.ZONE),
    "quiet": to(At.QUIET),
    "reminders": to(At.REMINDERS),
    "switch": _switched,
    **FROM_ASIDE,
}
STEPS = (Step(At.SETTINGS, show, offer, _PRESSES, offer),)
