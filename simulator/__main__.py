"""`python -m simulator --port 8080`: an offline Telegram with a chat page."""

import argparse
import asyncio
import contextlib
from pathlib import Path

from simulator.clock import Clock
from simulator.server import Server
from simulator.world import World


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=0, help="from which all made-up ids come")
    parser.add_argument("--clock-file", type=Path, help="where the clock's offset in seconds is written")
    parser.add_argument("--token", help="a bot that is there before its first call")
    parser.add_argument(
        "--demo", action="store_true", help="say `bot kill`, `bot start` and `bot reset` when the page asks"
    )
    return parser.parse_args()


def _say(action: str) -> None:
    print(f"bot {action}", flush=True)  # noqa: T201 - the line is what the demo waits for


async def _serve(arguments: argparse.Namespace) -> None:
    world = World(Clock(file=arguments.clock_file), seed=arguments.seed)
    if arguments.token:
        world.bot(arguments.token)
    async with Server(world, port=arguments.port, on_bot=_say if arguments.demo else None) as server:
        print(f"simulator on {server.url}", flush=True)  # noqa: T201 - where to point the browser
        await asyncio.Event().wait()


def main() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))


if __name__ == "__main__":
    main()
