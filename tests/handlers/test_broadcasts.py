"""/broadcast: the right families, once, in their language, as the writer typed it."""

from pathlib import Path

from tests.handlers.broadcasting import begin, families, received, runs, states, write
from tests.handlers.desk import BOSS, at_desk
from tests.machine import running


async def test_a_text_in_two_languages_reaches_each_family_once_in_its_own(tmp_path: Path) -> None:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        anna = await at_desk(machine)
        russian = families(machine, ["ru"] * 3)
        arabic = families(machine, ["ar"] * 2, first=6000)
        english = families(machine, ["en"], first=7000)
        await begin(anna, "Language: Русский")
        assert anna.sees("Would get it: {n}")
        await write(anna, "Русский", "Офис переехал. <b>Новый адрес</b> на сайте.", formatted=True)
        await anna.press("Look at it and send")
        await anna.press("Send now")
        assert states(machine) == ["sent"] * 3
        assert [run.state for run in runs(machine)] == ["ended"]
        got = received(machine, [*russian, *arabic, *english])
        assert all(
            len(got[person]) == 1 and got[person][0].startswith("Офис переехал.") for person in russian
        )
        assert all(got[person] == [] for person in [*arabic, *english])
