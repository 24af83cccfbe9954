"""Facts beside the stage: who says so, since when, how sure; for the team alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import dossiers, erasure, facts
from casework.facts import FACTS
from db.models import Event, Fact, Request
from tests.bot.stage import rows
from tests.family import Family, buttons_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.test_moving import filed, take
from tests.handlers.test_my_data import ask, documents
from tests.machine import Machine, running

CONSENT = "Mother's consent"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        assert machine.set_aside() == 0


async def with_a_case(office: Machine, *names: str) -> tuple[Family, Family, str]:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, *(names or ("Amina Alieva",)))
    await take(admin, reference)
    return admin, family, reference


async def choose(staff: Family, reference: str, fact: str, *parts: str) -> None:
    """Choose how a fact stands, who says so, how sure it is."""
    await staff.say(f"/fact {reference}")
    await staff.press(fact)
    for part in parts:
        await staff.press(part)


async def write_down(staff: Family, reference: str, status: str = "Signed") -> None:
    await choose(staff, reference, CONSENT, status, "An official", "Sure")
    await staff.press("Without a day")
    await staff.press("Save without a remark")


def events(machine: Machine) -> list[str]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Event.kind).order_by(Event.id)))


async def test_a_fact_is_chosen_part_by_part_and_stands_on_the_card(office: Machine) -> None:
    admin, family, _ = await with_a_case(office)
    heard = len(family.from_bot)
    await admin.press("Facts")
    assert admin.sees("Nothing is written down yet.")
    assert admin.sees("Of DNA, write down whether a sample was given, never a result.")
    await admin.press(CONSENT)
    assert admin.offered[:4] == ["Signed", "Not signed yet", "She does not agree", "Not needed"]
    await admin.press("Not signed yet")
    await admin.press("← Back")
    assert admin.sees("How does it stand?")
    await admin.press("Signed")
    await admin.press("An official")
    await admin.press("Sure")
    assert admin.sees("Of which day is it true?")
    await admin.say("no day at all")
    assert admin.sees("We could not read a date in this.")
    await admin.say("1.1.2027")
    assert admin.sees("That day has not come yet.")
    await admin.say("2 years ago")
    assert admin.sees("Which of these do you mean?")
    await admin.say("12.03.2026")
    assert "Mother's consent: signed (an official, 12 March 2026, sure)" in admin.text
    assert rows(office, Fact) == []
    await admin.say("x" * 201)
    assert admin.sees("A remark may have 200 letters at most.")
    await admin.say("By <b>letter</b> 17")
    assert "Written down: Mother's consent: signed (an official, 12 March 2026, sure)" in admin.text
    assert "By <b>letter</b> 17\nwritten down by Anna on 22 November 2026" in admin.text
    await admin.press("← Back")
    assert "Mother's consent: signed (an official, 12 March 2026, sure)" in admin.text
    assert "Mother's consent: not known → signed · Anna" in admin.text
    assert "letter" not in admin.text
    assert len(family.from_bot) == heard


async def test_what_it_was_before_stands_in_the_history_and_one_row_is_left(office: Machine) -> None:
    admin, family, reference = await with_a_case(office, "Amina Alieva", "Yusuf Aliev")
    await admin.say(f"/fact {reference}")
    assert admin.sees("Facts of whom?")
    await admin.press("Yusuf Aliev")
    await admin.press("Birth or citizenship court")
    for part in ("Pending", "The media", "Unsure"):
        await admin.press(part)
    await admin.say("17")
    await admin.press("2017")
    await admin.press("Save without a remark")
    assert "Birth or citizenship court: pending (the media, 2017, unsure)" in admin.text
    await admin.press("Birth or citizenship court")
    assert admin.sees("So far: Birth or citizenship court: pending")
    for part in ("Decided in favour", "A paper that staff have seen", "Likely", "Without a day"):
        await admin.press(part)
    await admin.press("Save without a remark")
    await admin.say(f"/case {reference}")
    changed = "Yusuf Aliev: Birth or citizenship court: pending → decided in favour · Anna"
    assert changed in admin.text
    amina, yusuf = admin.text.split("2. Yusuf Aliev")
    line = "Birth or citizenship court: decided in favour (a paper that staff have seen, likely)"
    assert line in yusuf
    assert line not in amina
    assert len(rows(office, Fact)) == 1
    await admin.press("Facts")
    await admin.press("Yusuf Aliev")
    await admin.press("Birth or citizenship court")
    await admin.press("Nothing is known of it any more")
    assert admin.sees("It is taken out: nothing is known of it any more.")
    assert rows(office, Fact) == []
    assert events(office).count("fact_set") == 3
    await ask(family)
    given = "".join(documents(office, family).values())
    assert "fact" not in given
    assert "citizenship court" not in given


async def test_of_dna_there_is_only_whether_a_sample_was_given(office: Machine) -> None:
    of_dna = [each for each in FACTS if "DNA" in each.label]
    assert [{status.code for status in each.statuses} for each in of_dna] == [{"pending", "taken"}] * 2
    admin, _, reference = await with_a_case(office)
    await choose(admin, reference, "Child's DNA sample")
    assert admin.offered == ["Pending", "Taken", "← Back", "Desk"]


async def test_who_was_faster_is_named_and_nothing_is_written_over(office: Machine) -> None:
    admin, _, reference = await with_a_case(office)
    colleague = await invited(office, admin, 901, "Boris")
    await admin.say(f"/assign {reference} @Boris")
    await choose(colleague, reference, CONSENT, "She does not agree", "A relative", "Unsure")
    await colleague.press("Without a day")
    await admin.say(f"/case {reference}")
    await admin.press("Take it over")
    await write_down(admin, reference)
    await colleague.press("Save without a remark")
    assert colleague.sees("Anna works on this case.")
    await admin.say(f"/assign {reference} @Boris")
    await choose(colleague, reference, CONSENT, "She does not agree", "A relative", "Unsure")
    await colleague.press("Without a day")
    await admin.say(f"/case {reference}")
    await admin.press("Take it over")
    office.later(minutes=1)
    await write_down(admin, reference, "Not needed")
    await admin.say(f"/assign {reference} @Boris")
    await colleague.press("Save without a remark")
    assert colleague.sees("Anna has changed this meanwhile. Nothing was changed by you.")
    assert "Mother's consent: not needed (an official, sure)" in colleague.text
    assert events(office).count("fact_set") == 2


async def test_two_telephones_save_at_once_and_one_event_tells_of_it(office: Machine) -> None:
    admin, _, reference = await with_a_case(office)
    await choose(admin, reference, CONSENT, "Signed", "An official", "Sure")
    await admin.press("Without a day")
    for _ in range(2):
        office.world.press(admin.id, admin.last["message_id"], label="Save without a remark")
    await office.together(office.world.take_updates(100200300, 0))
    assert events(office).count("fact_set") == 1


async def test_who_does_not_have_the_case_reads_facts_and_changes_none(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    colleague = await invited(office, admin, 901, "Boris")
    await write_down(admin, reference)
    await colleague.say(f"/fact {reference}")
    assert "Mother's consent: signed (an official, sure)" in colleague.text
    assert colleague.offered == ["← Back", "Desk"]
    token = buttons_of(colleague.last)[0]["callback_data"].partition(":")[0]
    await colleague.forge(f"{token}:kind:mothers_consent")
    assert colleague.sees("Anna works on this case.")
    for forged in ("kind:nothing", "choice:refused", "offer:99", "offer:x", "forget", "save"):
        await admin.say(f"/fact {reference}")
        token = buttons_of(admin.last)[0]["callback_data"].partition(":")[0]
        await admin.forge(f"{token}:{forged}")
    known = family.text
    await family.say(f"/fact {reference}")
    unknown = family.text
    await family.say("/nothing")
    assert family.text == unknown != known
    assert events(office).count("fact_set") == 1


async def test_facts_go_with_the_case(office: Machine) -> None:
    admin, _, reference = await with_a_case(office)
    await choose(admin, reference, CONSENT, "Signed", "An official", "Sure")
    await admin.press("Without a day")
    await admin.say("Letter 17")
    (fact,) = rows(office, Fact)
    with office.homeward.engine.begin() as connection:
        erasure.erase_request(connection, fact.request_id, office.homeward.clock.now())
    assert rows(office, Fact) == []
    assert {each.details for each in rows(office, Event) if each.kind == "fact_set"} == {None}
    await admin.press("← Back")
    assert admin.sees("This case is not there any more.")


async def test_a_card_that_would_be_too_long_leaves_the_facts_to_their_own_screen(office: Machine) -> None:
    admin, _, reference = await with_a_case(office, *(f"Amina {name} Alieva" for name in "ABCDEFGHIJ"))
    write_down_everything(office)
    await admin.say(f"/case {reference}")
    assert admin.sees("There is more than fits here: press “Facts”.")
    assert "10. Amina J Alieva" in admin.text
    assert "a paper that staff have seen" not in admin.text
    await admin.press("Facts")
    await admin.press("Amina J Alieva")
    assert admin.text.count("🙏" * 200) == len(FACTS)


def write_down_everything(office: Machine) -> None:
    """Write down every fact of everybody, each with the longest words there are."""
    keys, now = office.homeward.around.keys, office.homeward.clock.now()
    with office.homeward.engine.begin() as connection:
        row = connection.execute(select(Request.id, Request.holder_id)).one()
        dossier = dossiers.open_for_staff(connection, keys, row.id)
        assert dossier
        for person in dossier.persons:
            for kind in FACTS:
                fact = facts.Fact(kind.code, "pending", "paper", "likely", {"edtf": "2026-03-12"}, "🙏" * 200)
                facts.write(connection, dossier.data_key(keys), (row.id, person.id), fact, row.holder_id, now)
