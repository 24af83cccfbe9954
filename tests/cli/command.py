"""The command `homeward` as a process of its own: for what only an exit code or a signal can show."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def homeward(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end in this folder, which must come within 30 seconds."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**_clean(), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def _clean() -> dict[str, str]:
    """Return an environment in which nothing of Homeward is set, and its modules are found from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    return {**kept, "PYTHONPATH": str(ROOT)}
