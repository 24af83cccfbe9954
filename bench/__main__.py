"""`python -m bench`: Homeward beside other ways of writing the same bot, in turn, on this machine."""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from bench.contenders import CONTENDERS
from bench.drawing import draw
from bench.figures import Scene, scenes
from bench.report import report
from bench.trial import Outcome, in_a_process


def main() -> int:
    asked = _asked()
    played = [each for each in scenes(asked.scale, asked.stored) if each.key in asked.scenes]
    found = _played(played, asked.contenders, asked.runs)
    print(report(played, found))
    if asked.markdown:
        asked.markdown.write_text(report(played, found, as_markdown=True) + "\n", encoding="utf-8")
    if asked.chart:
        asked.chart.write_bytes(draw(found))
    return 1 if any(outcome.errors for outcomes in found.values() for outcome in outcomes) else 0


def _played(played: list[Scene], contenders: list[str], runs: int) -> dict[tuple[str, str], list[Outcome]]:
    """Let everybody meet every load in turn, so that what else the machine does meets everybody."""
    found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for run in range(1, runs + 1):
        for scene in played:
            for key in (key for key in scene.contenders if key in contenders):
                outcome = in_a_process(key, scene.load)
                found[scene.key, key].append(outcome)
                told = f"run {run} of {runs}, {scene.key}: {key}: {outcome.rate:,.0f} updates/s"
                print(told, file=sys.stderr, flush=True)
    return found


def _asked() -> argparse.Namespace:
    keys, kinds = [each.key for each in CONTENDERS], [each.key for each in scenes(1, 0)]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each load by each contender, in turn (3)")
    parser.add_argument("--scale", type=float, default=1.0, help="of every load (1)")
    parser.add_argument("--stored", type=int, default=100_000, help="requests in the database (100000)")
    parser.add_argument("--scenes", nargs="+", default=kinds, choices=kinds, help="which loads (all)")
    parser.add_argument("--contenders", nargs="+", default=keys, choices=keys, help="who takes part (all)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the report there, too")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the ratios there (PNG)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
