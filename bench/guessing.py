"""`python -m bench.guessing`: many accounts guess references, codes, invitations and buttons, and families go on.

What must come out: no guess opens anything; "missing" and "not yours" get the same words, the same number of
messages and the same statements in the database; guessing is slowed; what it leaves behind is bounded; a family
with the right code, even one that mistypes it twice, gets in meanwhile, and filing goes on.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import uvloop

from bench.guessed import report
from bench.siege import siege


async def _main(guesses: int, hours: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with siege(Path(folder), seed) as ground:
            figures = await ground.run(guesses, hours)
    print(report(figures))
    return 1 if figures.problems() else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.guessing", description=__doc__)
    parser.add_argument("--guesses", type=int, default=100_000, help="in all (100000)")
    parser.add_argument(
        "--hours", type=int, default=5, help="over which they are spread, without waiting (5)"
    )
    parser.add_argument("--seed", type=int, default=3, help="of the dice (3)")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _asked()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the bot runs
        sys.exit(runner.run(_main(asked.guesses, asked.hours, asked.seed)))
