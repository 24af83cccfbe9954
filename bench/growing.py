"""`python -m bench.growing`: what the same things cost with ever more requests stored.

For each number of requests: the bot is started as it ships and families write to it; then a member of the team works
through the screens. What grows although it need not stands out in the last column.
"""

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import ours
from bench.contenders import OURS
from bench.full_office import ACTS, Office, office
from bench.report import markdown, plain
from bench.trial import Load, Outcome, own_memory, trial

_SIZES = (1_000, 10_000, 100_000)
_FAMILIES = Load(people=50, warm_up=300, updates=1_500)
_NOTHING = "-"


@dataclass
class Grown:
    """What was found with so many requests.

    Attributes:
        index: seconds until the names are read, and the MB that they take.
        screens: milliseconds at the median, and the statements each costs at most.
        disk: MB of the database.
    """

    cases: int
    filled: float
    disk: float
    families: Outcome
    index: tuple[float, float] = (0.0, 0.0)
    screens: dict[str, tuple[float, int]] = field(default_factory=dict)


async def grown(folder: Path, sizes: Sequence[int], times: int) -> list[Grown]:
    """Let one database grow from size to size."""
    config, stored = ours.configure("https://api.telegram.org", folder), 0
    found = list[Grown]()
    for size in sizes:
        began = time.perf_counter()
        references = await asyncio.to_thread(ours.fill, config, size - stored)
        stored, filled = size, time.perf_counter() - began
        existing = replace(OURS, command=lambda url, _folder, _stored: ours.command(config, url))
        outcome = await trial(existing, replace(_FAMILIES, before=2 * size), folder)
        one = Grown(size, filled, _disk(folder), outcome)
        async with office(folder, size, 10 * sizes[-1] + size) as room:
            room.references += references
            await _work(room, one, times, again=bool(found))
        found.append(one)
        print(f"{size:,}: done after {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return found


async def _work(room: Office, one: Grown, times: int, *, again: bool) -> None:
    member = await room.open(again=again)
    gc.collect()
    before, began = own_memory(), time.perf_counter()
    await room.time(member, ["/find Amina"], 1)
    one.index = time.perf_counter() - began, own_memory() - before
    await room.time(member, ACTS, 1)  # what is read and made at the first use
    timed = await room.time(member, ACTS, times)
    one.screens = {act: (found.milliseconds, max(found.statements)) for act, found in timed.items()}


def _disk(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.glob("*.db*")) / 1e6


def rows(found: Sequence[Grown]) -> list[tuple[str, ...]]:
    """Return the table, with how much each row grew from the first size to the last."""
    first, last = found[0], found[-1]
    heading = ("", *(f"{one.cases:,} requests" for one in found), f"× {last.cases // first.cases:,}")
    lines = [heading]

    def line(name: str, digits: int, values: list[float]) -> None:
        grew = f"{values[-1] / values[0]:.1f} ×" if values[0] else _NOTHING
        lines.append((name, *(f"{value:,.{digits}f}" for value in values), grew))

    line("CPU s of 1,000 updates of families", 2, [one.families.cpu_per_thousand for one in found])
    line("updates/s of 50 families", 0, [one.families.rate for one in found])
    line("start, s", 2, [one.families.started for one in found])
    line("memory after the start, MB", 0, [one.families.at_rest for one in found])
    line("memory after their updates, MB", 0, [one.families.resident for one in found])
    line("names read at the first search, s", 2, [one.index[0] for one in found])
    line("memory of the names, MB", 0, [one.index[1] for one in found])
    for act in first.screens:
        line(f"{act}, ms", 1, [one.screens[act][0] for one in found])
        line(f"{act}, statements", 0, [one.screens[act][1] for one in found])
    line("database, MB", 0, [one.disk for one in found])
    line("database, bytes a request", 0, [one.disk * 1e6 / one.cases for one in found])
    return lines


def main() -> int:
    asked = _asked()
    sizes = [each for each in asked.sizes if not asked.rows or each < asked.rows] + [asked.rows] * bool(
        asked.rows
    )
    with tempfile.TemporaryDirectory(prefix="growing-") as folder:
        found = asyncio.run(grown(Path(folder), sizes, asked.times))
    print(f"Medians of {asked.times} looks at each screen.\n\n{plain(rows(found))}")
    if asked.markdown:
        asked.markdown.write_text(markdown(rows(found)) + "\n", encoding="utf-8")
    return 1 if any(one.families.errors for one in found) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.growing", description=__doc__)
    parser.add_argument("--rows", type=int, default=0, help="requests at a further size, the largest")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(_SIZES), help="requests (1000 10000 100000)"
    )
    parser.add_argument("--times", type=int, default=9, help="each screen is asked for (9)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
