"""`python -m bench`: Homeward beside other ways of writing the same bot, in turn, on this machine."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from bench.contenders import CONTENDERS
from bench.people import INPUTS
from bench.report import report
from bench.trial import Load, Outcome


def main() -> int:
    asked = _asked()
    load = Load(asked.people, asked.warm_up or asked.people * INPUTS, asked.updates, asked.language)
    outcomes = []
    for run in range(1, asked.runs + 1):
        for key in asked.contenders:
            outcome = _in_a_process(key, load)
            outcomes.append(outcome)
            print(
                f"run {run} of {asked.runs}: {key}: {outcome.rate:,.0f} updates/s",
                file=sys.stderr,
                flush=True,
            )
    print(report(load, outcomes))
    if asked.markdown:
        asked.markdown.write_text(report(load, outcomes, markdown=True) + "\n", encoding="utf-8")
    return 1 if any(outcome.errors for outcome in outcomes) else 0


def _asked() -> argparse.Namespace:
    keys = [each.key for each in CONTENDERS]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--people", type=int, default=200, help="who write at the same time (200)")
    parser.add_argument("--updates", type=int, default=6000, help="measured updates of each run (6000)")
    parser.add_argument("--warm-up", type=int, help="updates before that (a conversation of each person)")
    parser.add_argument("--runs", type=int, default=3, help="of each contender, in turn (3)")
    parser.add_argument(
        "--language", default="en", choices=("ru", "en", "ar"), help="that people choose (en)"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the report there, too")
    parser.add_argument("--contenders", nargs="+", default=keys, choices=keys, help="who takes part (all)")
    return parser.parse_args()


def _in_a_process(key: str, load: Load) -> Outcome:
    """Run one trial in a fresh process, so that no contender inherits the server of another."""
    figures = [f"--people={load.people}", f"--warm-up={load.warm_up}", f"--updates={load.updates}"]
    command = [sys.executable, "-m", "bench.trial", key, *figures, f"--language={load.language}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Outcome(**json.loads(done.stdout))


if __name__ == "__main__":
    sys.exit(main())
