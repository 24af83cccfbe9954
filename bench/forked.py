"""A process that has loaded the bot's modules once and forks a `homeward` for each line it reads.

Loading takes many times as long as all the rest of a start. What is forked has read, opened and drawn nothing yet; a
`kill -9` takes it away with all that it had in memory, as it would any other process.

Each line of stdin holds arguments as JSON. Two lines answer it on stdout: the id of the process, and how it ended.
"""

import json
import os
import sys

import bot.app
import bot.demo
import bot.running  # noqa: F401 - loaded here, so that no fork has to
from bot.__main__ import main


def _become(arguments: list[str]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, sys.stdin.fileno())
    os.dup2(nothing, sys.stdout.fileno())
    sys.argv = ["homeward", *arguments]
    main()


def _serve() -> None:
    for line in iter(sys.stdin.readline, ""):
        process = os.fork()
        if process == 0:
            _become(json.loads(line))
            return
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
