"""The made-up office of the demo: everything in it is as if people had done it."""

from pathlib import Path

from sqlalchemy import func, select

from bot.config import read_config
from bot.made_up_cases import ANNA, CASES, CROWD, EVERYBODY, VERA
from bot.made_up_office import MadeUpOffice
from bot.setting_up import write_config
from casework import audit
from db.models import Account, File, Person, Request
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.bot.stage import rows
from tests.machine import MORNING, TOKEN, running


async def test_a_visitor_finds_cases_at_every_point_of_the_way(tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", TOKEN)[0]
    MadeUpOffice(read_config(config), MORNING).fill()
    world = World(WorldClock(MORNING))
    async with running(tmp_path, world, admins=(ANNA,)) as machine:
        anna = machine.person(ANNA, "en", "Anna")
        await anna.say("/desk")
        assert anna.sees("Your desk")
        await anna.say("/queue mine")
        await anna.press(next(label for label in anna.offered if label.startswith("HW-")))
        assert anna.sees("with you")
        assert anna.sees("What has happened")
        assert "Give back" in anna.offered
        await anna.say("/messages")
        assert anna.sees("no request yet, or none named")
        await anna.say("/queue waiting")
        await anna.press_with("HW-")
        await anna.press("Messages")
        assert anna.sees("the family owes an answer")
        assert anna.sees("opened by the family")
        await anna.say("/flights")
        assert "7-A · 4 persons" in anna.text
        await anna.say("/places")
        assert "Al-Hol camp · camp · closed · 5 persons" in anna.text
        with machine.homeward.engine.begin() as connection:
            stages = set(connection.scalars(select(Person.stage)))
            assert stages == {sought.stage for case in CASES for sought in case.persons}
            assert connection.scalar(select(func.count()).select_from(Request)) == len(CASES)
            sent = sum(len(sought.papers) for case in CASES for sought in case.persons)
            stored = select(func.count()).where(File.state == "stored")
            assert connection.scalar(stored) == sent
            assert isinstance(audit.verify(connection, machine.homeward.around.keys), int)
        assert machine.set_aside() == 0


async def test_a_family_of_it_finds_its_request_and_what_it_wrote(tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", TOKEN)[0]
    MadeUpOffice(read_config(config), MORNING).fill()
    async with running(tmp_path, World(WorldClock(MORNING)), admins=(ANNA,)) as machine:
        case = next(each for each in CASES if each.writes and each.language == "ar")
        family = machine.person(case.id, case.language, case.first_name)
        await family.say("/mine")
        assert family.sees(case.persons[0].name)
        await family.say("/talk")
        await family.press("What was written")
        assert family.sees(case.writes)


def opened_world(folder: Path) -> World:
    """Fill the office, and let everybody have begun a chat, as the demo does at its opening."""
    config = write_config(folder / "config.toml", TOKEN)[0]
    MadeUpOffice(read_config(config), MORNING).fill()
    world = World(WorldClock(MORNING))
    world.bot(TOKEN)
    for each in EVERYBODY:
        world.meet(each.id, first_name=each.first_name, language_code=each.language, started=True)
    return world


async def test_a_visitor_finishes_the_broadcast_and_watches_it_arrive(tmp_path: Path) -> None:
    async with running(tmp_path, opened_world(tmp_path), admins=(ANNA,)) as machine:
        anna, vera = machine.person(ANNA, "en", "Anna"), machine.person(VERA, "ru", "Вера")
        await anna.say("/broadcast")
        await anna.press(next(label for label in anna.offered if "-" in label))
        await anna.press("Missing: English")
        await anna.press("They read it in Русский")
        await anna.press("Look at it and send")
        await anna.press("Ask a second person")
        await vera.say("/approvals")
        await vera.press_with("Broadcast")
        await vera.press("See it exactly")
        await vera.press("Approve")
        report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
        assert anna.sees("Sent: {n} of {total}", message=report)
        assert any(
            "/verify" in text for text in (str(m.get("text")) for m in machine.world.chat(CROWD[0].id))
        )
        assert machine.set_aside() == 0


async def test_at_the_opening_nobody_is_reminded_and_a_day_later_of_that_day_alone(tmp_path: Path) -> None:
    async with running(tmp_path, opened_world(tmp_path), admins=(ANNA,)) as machine:
        await machine.remind()
        assert [each.id for each in EVERYBODY if machine.world.chat(each.id)] == []
        machine.later(days=1)
        await machine.remind()
        vera = machine.person(VERA, "ru")
        assert vera.sees("This morning")
        assert not vera.sees("This comes later than it should: for a time nothing could be sent.")
        assert "5 новых заявок ещё никто не взял." in vera.text
        families = {each.id for each in CASES if machine.world.chat(each.id)}
        assert len(families) < len(CASES) / 2
        for _ in range(30):
            machine.later(days=1)
            await machine.remind()
        assert len({each.id for each in CASES if machine.world.chat(each.id)}) > len(families)
        assert all(not row.unreachable_since for row in rows(machine, Account))
