"""A process of its own with little memory, to which everything is sent that could hurt it (test_hostile_files.py).

`python -m tests.hostile_story FOLDER` reads the files and their list from the folder, and prints one JSON object: what
became of each, and how much memory that took.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from simulator.records import Upload
from tests.handlers.paths import to_menu
from tests.machine import Machine, running
from tests.submitting import blobs, held, notices

MORE_MEMORY = 512 * 1024 * 1024  # bytes, than the bot has when it has started
WORDS = "Zurikhanov of Grozny"


async def main(folder: Path) -> None:
    listed = _listed(folder)
    async with running(folder / "bot") as machine:
        before = _limit_memory()
        found = {name: await _become(machine, _content(folder / name), *how) for name, how in listed.items()}
        left = len(blobs(machine))
    sys.stdout.write(json.dumps({"files": found, "blobs": left, "more_memory": _peak() - before}))


def _peak() -> int:
    """Return the most that was really used. What getrusage says begins with what the process that started us used."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def _listed(folder: Path) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = json.loads((folder / "list.json").read_text(encoding="utf-8"))
    return listed


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _limit_memory() -> int:
    """Allow only so much more memory than there is now; return what is really used of it."""
    size, used = (int(pages) for pages in Path("/proc/self/statm").read_text(encoding="ascii").split()[:2])
    page = resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size * page + MORE_MEMORY, size * page + MORE_MEMORY))
    return used * page


async def _become(
    machine: Machine, content: bytes, kind: str, pretended: str, media_type: str
) -> dict[str, Any]:
    """Send the file under the name and type it pretends to have; return what becomes of it."""
    family = machine.person(1003)
    if not family.messages:
        await to_menu(family)
        await family.press("Talk to a person")
    heard, began = len(notices(family)), time.monotonic()
    machine.world.send_file(family.id, kind, Upload(pretended, content, media_type))
    await machine.settle()
    machine.world.files.clear()
    kept = held(machine)[-1]
    return {
        "state": kept.state,
        "refused_for": kept.refused_for,
        "media_type": kept.media_type,
        "told": notices(family)[heard:],
        "holds_words": WORDS.encode() in kept.content or WORDS.encode("utf-16-le") in kept.content,
        "seconds": round(time.monotonic() - began, 1),
    }


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
