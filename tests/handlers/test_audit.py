"""/audit: what admins read of who read what, that it is itself written down, and the alarm."""

import ast
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import audit
from casework.audit import Deed
from casework.permissions import PERMISSIONS
from db.models import Account, Audit
from handlers.staff import audit_words
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.test_moving import filed, take
from tests.machine import Machine, running

ROOT = Path(__file__).resolve().parent.parent.parent
ALARM = "Somebody of the team opens very many cases."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        assert machine.set_aside() == 0
        with machine.homeward.engine.begin() as connection:
            assert isinstance(audit.verify(connection, machine.homeward.around.keys), int)


def written(machine: Machine, action: str) -> list[tuple[int | None, int | None]]:
    """Return the case and the subject of each row of this action."""
    with machine.homeward.engine.begin() as connection:
        rows = connection.execute(select(Audit.request_id, Audit.subject_id).where(Audit.action == action))
        return [(row.request_id, row.subject_id) for row in rows]


def number_of(machine: Machine, person: Family) -> int:
    known = Account.telegram_key == machine.homeward.around.keys.lookup("telegram", person.id)
    with machine.homeward.engine.begin() as connection:
        return connection.scalars(select(Account.id).where(known)).one()


def codes_in_source() -> Iterator[str]:
    """Find every code that is written anywhere: strings, and what the f-strings begin with, ended by a star."""
    for path in (path for part in ("casework", "handlers", "bot") for path in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Deed":
                yield from _codes(node.args[0])


def _codes(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *_]):
            yield f"{begin}*"
        case ast.IfExp(body=one, orelse=other):
            yield from _codes(one)
            yield from _codes(other)


def test_every_code_that_is_written_has_words() -> None:
    actions = {each for each, allowed in PERMISSIONS.items() if allowed.audited or allowed.whose}
    found = set(codes_in_source())
    assert {"revoke", "place_*", "second_*"} <= found  # a control: the search finds something
    for code in {*actions, *found}:
        begins = code.removesuffix("*")
        assert any(
            known == code or (begins != code and known.startswith(begins)) for known in audit_words.WORDS
        ), code


async def test_what_was_done_with_a_case_page_by_page_and_who_reads_it(office: Machine) -> None:
    admin = await at_desk(office)
    vera = await invited(office, admin, 901, "Vera")
    _, reference = await filed(office, 1001, "Amina Alieva")
    await take(vera, reference)
    await vera.press("Show everything")
    await vera.press_with("Amina")
    await admin.say(f"/audit {reference}")
    assert f"What was done with {reference}" in admin.text
    assert "Vera · everything about somebody shown" in admin.text
    assert "Vera · case taken" in admin.text
    assert "audit log" not in admin.text
    await admin.say(f"/audit {reference}")
    assert "Anna · audit log of the case read" in admin.text
    assert "Amina" not in admin.text
    assert len(written(office, "audit_case")) == 2
    for _ in range(25):
        await vera.say(f"/case {reference}")
        await vera.say(f"/take {reference}")
    await admin.press("Desk")
    await admin.say(f"/case {reference}")
    await admin.press("Audit")
    assert "case taken" not in admin.text
    pages = 1
    while "Next page" in admin.offered:
        await admin.press("Next page")
        pages += 1
    assert pages > 2
    assert "Vera · case taken" in admin.text
    assert len(written(office, "audit_case")) == 2 + pages
    await admin.press("First page")
    assert "Next page" in admin.offered
    await admin.press("Vera")
    assert "What Vera did" in admin.text
    assert written(office, "audit") == [(None, number_of(office, vera))]
    assert reference in admin.text
    await admin.press("Their place in the team")
    await admin.press("Take the role away")
    await admin.say("/audit Vera")
    assert admin.sees("Write it like this: {usage}")
    await admin.say(f"/audit {number_of(office, vera)}")
    assert admin.sees("What {who} did")
    assert admin.sees("somebody who is not in the team: {number}")
    await admin.press("← Back")
    await admin.press("Anna")
    assert "role taken away from somebody who is not in the team" in admin.text
    await admin.say("/audit")
    assert admin.sees("Of whom? Choose a colleague, or write /audit with a reference.")


async def test_staff_and_families_know_of_no_audit(office: Machine) -> None:
    admin = await at_desk(office)
    vera = await invited(office, admin, 901, "Vera")
    family, reference = await filed(office, 1001, "Amina Alieva")
    for somebody in (vera, family):
        await somebody.say(f"/audit {reference}")
        assert f"What was done with {reference}" not in somebody.text
        await somebody.forge(f"~:audit:{number_of(office, admin)}")
        assert "What Anna did" not in somebody.text
    await vera.say(f"/case {reference}")
    assert "Audit" not in vera.offered
    assert written(office, "audit") == written(office, "audit_case") == []


async def test_who_opens_very_many_cases_within_an_hour_is_noticed_once(office: Machine) -> None:
    """Threat 18: the other admins are told, neutrally, with the way to what was done and to taking the role away."""
    admin = await at_desk(office)
    vera = await invited(office, admin, 901, "Vera")
    _, reference = await filed(office, 1001, "Amina Alieva")
    await read_before(office, vera, audit.BURST - 1)
    await vera.say(f"/case {reference}")
    await vera.say(f"/case {reference}")  # the same case again counts once
    assert not admin.sees(ALARM)
    _, another = await filed(office, 1002, "Ruslan Temirov")
    await vera.say(f"/case {another}")
    assert admin.sees(ALARM)
    assert "Vera" not in admin.text
    assert not vera.sees(ALARM)
    told = alarms(admin)
    await vera.say(f"/case {reference}")
    await vera.say(f"/case {another}")
    assert alarms(admin) == told == 1
    assert written(office, "burst") == [(None, number_of(office, vera))]
    await admin.press("See who it is")
    assert "What Vera did" in admin.text
    office.later(minutes=61)
    await read_before(office, vera, audit.BURST)
    await vera.say(f"/case {reference}")
    assert alarms(admin) == 2
    await admin.press("See who it is")
    await admin.press("Their place in the team")
    await admin.press("Take the role away")
    await vera.say(f"/case {another}")
    assert "Ruslan" not in vera.text


def alarms(person: Family) -> int:
    return sum(ALARM in message.get("text", "") for message in person.from_bot)


async def read_before(machine: Machine, person: Family, count: int) -> None:
    """Write down that somebody has opened so many other cases a few minutes ago."""
    account, now = number_of(machine, person), machine.homeward.clock.now() - timedelta(minutes=5)
    with machine.homeward.engine.begin() as connection:
        deeds = [Deed("read", account, 1000 + number) for number in range(count)]
        audit.record_all(connection, machine.homeward.around.keys, deeds, now)
