"""Random bytes are fetched in pieces, and no two processes may be handed the same."""

import subprocess
import sys

_TWO_PROCESSES = """
import os
from db.randomness import random_bytes
random_bytes(16)  # there is a rest now
reading, writing = os.pipe()
if os.fork() == 0:
    os.write(writing, random_bytes(64))
    os._exit(0)
os.wait()
print(os.read(reading, 64) == random_bytes(64))
"""


def test_a_forked_process_draws_its_own() -> None:
    said = subprocess.run([sys.executable, "-c", _TWO_PROCESSES], capture_output=True, check=True, text=True)  # noqa: S603
    assert said.stdout.strip() == "False"
