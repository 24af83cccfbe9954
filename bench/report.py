"""What came out, as a table in plain text or in Markdown, with the ratios that count."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.contenders import CONTENDERS, OURS, Contender
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

_WHAT_IS_MEASURED = (
    "p50 and p99: from an input in the queue to the first message or edit that came of it, after Send to the "
    "reference. CPU: of the bot's process, kernel included. Memory: the most it had resident."
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
    def rate(self) -> float:
        return self.middle(lambda outcome: outcome.rate)

    @property
    def cpu(self) -> float:
        return self.middle(lambda outcome: outcome.cpu_per_thousand)

    @property
    def errors(self) -> int:
        return sum(sum(outcome.errors.values()) for outcome in self.outcomes)

    @property
    def cells(self) -> tuple[str, ...]:
        rates = [outcome.rate for outcome in self.outcomes]
        return (
            self.who.name,
            f"{self.rate:,.0f}",
            f"{min(rates):,.0f}–{max(rates):,.0f}",
            f"{1000 * self.middle(lambda outcome: outcome.p50):,.0f}",
            f"{1000 * self.middle(lambda outcome: outcome.p99):,.0f}",
            f"{self.cpu:.2f}",
            f"{self.middle(lambda outcome: outcome.memory):.0f}",
            f"{self.errors} — DOES NOT COUNT" if self.errors else "0",
            self.who.promise,
        )


def standings(outcomes: Sequence[Outcome]) -> list[Standing]:
    return [
        Standing(who, mine)
        for who in CONTENDERS
        if (mine := [outcome for outcome in outcomes if outcome.key == who.key])
    ]


def report(load: Load, outcomes: Sequence[Outcome], *, markdown: bool = False) -> str:
    """Return the whole report."""
    found = standings(outcomes)
    rows = [_HEADINGS, *(standing.cells for standing in found)]
    parts = [_heading(load, found), _markdown(rows) if markdown else _plain(rows), *_ratios(found)]
    return "\n\n".join([*parts, *_remarks(found)])


def _heading(load: Load, found: Sequence[Standing]) -> str:
    runs = max((len(standing.outcomes) for standing in found), default=0)
    return (
        f"{load.people} people at a time, each waits for the answer before writing again; {load.updates:,} updates "
        f"after {load.warm_up:,} to warm up; medians of {runs} run(s), taken in turn. "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, loopback Bot API."
    )


def _ratios(found: Sequence[Standing]) -> list[str]:
    ours = next((standing for standing in found if standing.who is OURS), None)
    if ours is None or not ours.rate:
        return []
    lines = [
        f"- {OURS.name} / {peer.who.name}: {ours.rate / peer.rate:.1f} × the updates per second, "
        f"{ours.cpu / peer.cpu:.2f} × the CPU per update"
        for peer in found
        if peer.who is not OURS and peer.rate and peer.cpu
    ]
    return ["\n".join(lines)] if lines else []


def _remarks(found: Sequence[Standing]) -> list[str]:
    remarks = [_WHAT_IS_MEASURED, _WHAT_PEERS_LEAVE_OUT]
    for standing in found:
        causes = sorted({cause for outcome in standing.outcomes for cause in outcome.errors})
        remarks += [f"{standing.who.name} went wrong: {'; '.join(causes)}"] if causes else []
        busy = max(outcome.server_busy for outcome in standing.outcomes)
        if busy > 0.9:
            remarks.append(
                f"{standing.who.name}: the loopback server itself was busy {busy:.0%} of the time and held it back."
            )
    return remarks


def _plain(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(_HEADINGS), *lines[1:]])
