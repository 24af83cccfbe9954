"""A day of work, from the family's first words to the arrival: what the office does, the family reads in Russian."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from casework.stages import STAFF_WORDS, TOLD, Stage
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.paths import to_confirmation
from tests.handlers.sending import send_photo
from tests.held import call_log_problems
from tests.machine import Machine, running
from tests.spoken import foreign_words

NEWS = "There is news about your request."
BEFORE_THE_LIST = (
    *(Stage.SCREENING, Stage.REGISTERED, Stage.LOCATED, Stage.IDENTITY_CHECK),
    *(Stage.KINSHIP_CHECK, Stage.DOCUMENTS, Stage.EXIT_PERMISSION),
)
WITH_A_SECOND_PERSON = (Stage.ON_LIST, Stage.FLIGHT_SCHEDULED)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        assert [each for each in call_log_problems(machine.world) if "MyCommands" not in each] == []
        assert machine.set_aside() == 0


async def test_from_the_request_to_the_arrival(office: Machine) -> None:
    anna = await at_desk(office)
    boris = await invited(office, anna, 901, "Boris")
    family = office.person(1001, "ru", "Хадижат")
    await to_confirmation(family, "Амина Алиева", language=family.language_name)
    reference = reference_in(family)

    await _from_the_queue(boris, reference)
    await _a_paper_asked_for_and_sent(boris, family, reference)
    for stage in BEFORE_THE_LIST:
        await _move(boris, stage)
        await boris.press("Yes, change the stage")
        await _reads(family, stage)
    for stage in WITH_A_SECOND_PERSON:
        told = _news(family)
        await _move(boris, stage)
        await boris.press("Ask a second person")
        assert _news(family) == told, "nothing is told before somebody else agreed"
        await anna.say("/approvals")
        await anna.press_with("Change of a stage")
        await anna.press("Approve")
        await boris.say(f"/case {reference}")
        await _reads(family, stage)
    await _move(boris, Stage.ARRIVED)
    await boris.press("Yes, change the stage")
    await _reads(family, Stage.ARRIVED)

    assert foreign_words(office, family) == set(), "everything was said in Russian"
    notices = [each["text"] for each in family.from_bot if family._own(NEWS) in each.get("text", "")]
    assert not any("Амина" in each for each in notices), "a lock screen tells no name"


async def _from_the_queue(staff: Family, reference: str) -> None:
    await staff.say("/queue")
    await staff.press_with(reference)
    await staff.press("Take it")
    assert "with you" in staff.text


async def _a_paper_asked_for_and_sent(staff: Family, family: Family, reference: str) -> None:
    await staff.say(f"/papers {reference}")
    await staff.press_with("Birth certificate")
    await staff.press("Ask the family for it")
    assert family.sees("The office asks you for a paper.")
    await family.press("See which one")
    assert family.sees("the office asks for this one")
    await send_photo(family)
    assert any(
        family.sees("✓ Received and stored safely: {what} ({files}).", message=each)
        for each in family.from_bot
    )
    assert staff.sees("There is something new among the papers of one of your cases.")
    await staff.say(f"/papers {reference}")
    await staff.press_with("Birth certificate")
    await staff.press("Open it")
    await staff.press("It is good")
    assert family.sees(NEWS)
    await family.press("See the news")
    assert family.sees("checked by staff")
    await staff.say(f"/case {reference}")


async def _move(staff: Family, to: Stage) -> None:
    await staff.press("Stage")
    await staff.press(STAFF_WORDS[to])


async def _reads(family: Family, stage: Stage) -> None:
    """The notice, and behind it the card: what it is, what it means, what comes next, what they can do."""
    told = TOLD[stage]
    assert family.sees(NEWS), stage
    await family.press("See the news")
    for sentence in (told.now, told.meaning, told.then, told.you):
        assert family.sees(sentence), (stage, sentence)


def _news(family: Family) -> int:
    return sum(family.sees(NEWS, message=each) for each in family.from_bot)
