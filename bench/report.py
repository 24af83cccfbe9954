"""What came out, as tables in plain text or in Markdown, with the ratios that count."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.contenders import CONTENDERS, OURS, Contender
from bench.figures import TARGETS, Found, Scene, Target
from bench.trial import Load, Outcome

_HEADINGS = (
    "contender",
    "updates/s",
    "(lowest–highest)",
    "p50 ms",
    "p99 ms",
    "CPU s/1,000",
    "memory MB",
    "errors",
    "what people wrote is",
)
_OF_TARGETS = ("figure, against", "ratio", "to reach", "meant to become", "")

_HEADING = """# Homeward beside other ways of writing the same bot

Written by `make bench`: the shipped bot with everything on (committed before it is confirmed, sealed, translated,
audited) and its peers hold the same conversation, in turn, in one run on one machine. The ratios are the claim; the
absolute figures are this machine's.

![The figures as bars](pictures/benchmark.png)"""
_WHAT_IS_MEASURED = (
    "p50 and p99: from an input in the queue to the first message or edit that came of it, after Send to the "
    "reference. CPU: of the bot's process, kernel included, not of the PostgreSQL beside it. Memory: what it had "
    "resident at the end."
)
_WHAT_PEERS_LEAVE_OUT = (
    "The peers do less per conversation: they check nothing that is written, leave old keyboards standing, "
    "translate nothing, encrypt nothing and draw no picture."
)


@dataclass(frozen=True)
class Standing:
    """A contender's medians over its runs, and every error of any run."""

    who: Contender
    outcomes: Sequence[Outcome]

    def middle(self, figure: Callable[[Outcome], float]) -> float:
        return median(figure(outcome) for outcome in self.outcomes)

    @property
    def errors(self) -> int:
        return sum(sum(outcome.errors.values()) for outcome in self.outcomes)

    @property
    def cells(self) -> tuple[str, ...]:
        rates = [outcome.rate for outcome in self.outcomes]
        return (
            self.who.name,
            f"{self.middle(lambda outcome: outcome.rate):,.0f}",
            f"{min(rates):,.0f}–{max(rates):,.0f}",
            f"{1000 * self.middle(lambda outcome: outcome.p50):,.1f}",
            f"{1000 * self.middle(lambda outcome: outcome.p99):,.1f}",
            f"{self.middle(lambda outcome: outcome.cpu_per_thousand):.2f}",
            f"{self.middle(lambda outcome: outcome.resident):.0f}",
            f"{self.errors} — DOES NOT COUNT" if self.errors else "0",
            self.who.promise,
        )


def report(played: Sequence[Scene], found: Found, *, as_markdown: bool = False) -> str:
    """Return the whole report."""
    table = markdown if as_markdown else plain
    runs = max((len(outcomes) for outcomes in found.values()), default=0)
    parts = [_HEADING] if as_markdown else []
    parts += [
        (
            f"Medians of {runs} run(s), everybody in turn, on one machine. Python {platform.python_version()}, "
            f"{platform.system()} {platform.machine()}, loopback Bot API."
        ),
        table([_OF_TARGETS, *(_against(target, found) for target in TARGETS if _both(target, found))]),
    ]
    for scene in played:
        found_here = _standings(scene, found)
        heading = f"{scene.name[:1].upper()}{scene.name[1:]}. {_how_long(scene.load)}"
        parts += [
            f"## {scene.name[:1].upper()}{scene.name[1:]}\n\n{_how_long(scene.load)}"
            if as_markdown
            else heading
        ]
        parts += [table([_HEADINGS, *(standing.cells for standing in found_here)]), *_remarks(found_here)]
    return "\n\n".join([*parts, _WHAT_IS_MEASURED, _WHAT_PEERS_LEAVE_OUT])


def ratio(target: Target, found: Found) -> float:
    """Return ours over the other's, of medians."""
    ours = median(map(target.read, found[target.scene, OURS.key]))
    return ours / median(map(target.read, found[target.against]))


def _both(target: Target, found: Found) -> bool:
    return bool(found.get((target.scene, OURS.key)) and found.get(target.against))


def _against(target: Target, found: Found) -> tuple[str, ...]:
    reached = ratio(target, found)
    word = "at most" if target.less_is_better else "at least"
    sign = "reached" if target.reached(reached) else "NOT REACHED"
    return target.name, f"{reached:.2f} ×", f"{word} {target.least:g} ×", f"{target.meant:g} ×", sign


def _standings(scene: Scene, found: Found) -> list[Standing]:
    return [Standing(who, outcomes) for who in CONTENDERS if (outcomes := found.get((scene.key, who.key)))]


def _how_long(load: Load) -> str:
    if load.messages:
        return (
            "Until the last has arrived; ours are sealed and committed before, and each one's fate is kept."
        )
    return f"{load.updates:,} updates after {load.warm_up:,} to warm up."


def _remarks(found: Sequence[Standing]) -> list[str]:
    remarks = []
    for standing in found:
        causes = sorted({cause for outcome in standing.outcomes for cause in outcome.errors})
        remarks += [f"{standing.who.name} went wrong: {'; '.join(causes)}"] if causes else []
        busy = max(outcome.server_busy for outcome in standing.outcomes)
        if busy > 0.9:
            remarks.append(
                f"{standing.who.name}: the loopback server itself was busy {busy:.0%} of the time and held it back."
            )
    return remarks


def plain(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
