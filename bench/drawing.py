"""The figures as a picture, drawn by the code that draws the office's charts."""

from collections.abc import Callable
from statistics import median

from bench.contenders import CONTENDERS, OURS
from bench.figures import ROUND_TRIP, STEADY, Found
from bench.trial import Outcome
from bot.charts import Bar, Panel, draw_chart, recipe_of

_PANELS: tuple[tuple[str, str, Callable[[Outcome], float]], ...] = (
    ("busy", "Updates a second", lambda outcome: outcome.rate),
    (
        "far",
        f"Updates a second at {ROUND_TRIP * 1000:.0f} ms",
        lambda outcome: outcome.rate,
    ),
    ("steady", f"p99 at {STEADY} updates/s, ms", lambda outcome: outcome.p99 * 1e3),
    ("open", "Memory with open conversations, MB", lambda outcome: outcome.resident),
)


def draw(found: Found) -> bytes:
    """Return the chart as a PNG; ours in one colour, the peers in another."""
    panels = [Panel(heading, _bars(found, scene, read)) for scene, heading, read in _PANELS]
    return draw_chart(recipe_of([panel for panel in panels if panel.bars], right_to_left=False))


def _bars(found: Found, scene: str, read: Callable[[Outcome], float]) -> tuple[Bar, ...]:
    return tuple(
        Bar(who.name, round(median(map(read, outcomes))), colour="main" if who is OURS else "side")
        for who in CONTENDERS
        if (outcomes := found.get((scene, who.key)))
    )
