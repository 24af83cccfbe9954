"""A request on a new phone, an invited relative, and who can open a request."""

import re

import pytest
from sqlalchemy import func, insert, select

from casework.references import ALPHABET
from db.models import Access, LinkAttempt
from tests.family import Family, words_of
from tests.handlers.paths import to_confirmation, to_menu
from tests.machine import Machine


def kept(family: Family) -> tuple[str, str]:
    """Return the reference and the receipt code that the family wrote down."""
    words = " ".join(words_of(message) for message in family.from_bot)
    code = re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", words)
    reference = re.search(r"HW-\w{4}-\w{4}", words)
    assert code is not None
    assert reference is not None
    return reference[0], code[0]


def open_links(machine: Machine) -> int:
    with machine.homeward.engine.begin() as connection:
        return connection.scalar(select(func.count()).select_from(Access)) or 0


async def to_link(phone: Family, reference: str, code: str) -> None:
    await phone.say("/mine")
    await phone.press("Open a request sent from another phone")
    await phone.say(reference)
    await phone.say(code)


async def test_a_new_phone_opens_the_request_and_the_old_one_is_told(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    reference, code = kept(family)
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, reference.lower().replace("-", " "), code)
    assert phone.sees("The request is open in this chat now.")
    assert phone.sees("Your request has arrived")
    assert family.sees("One of your requests was opened in another chat.")
    assert "Amina" not in family.text


async def test_whoever_could_open_it_before_can_cut_the_link(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, *kept(family))
    await family.press("Who can open this request")
    assert family.sees("A chat with the receipt code, since 22 November 2026")
    await family.press("Close it to number 2")
    await family.press("Yes, close it")
    assert family.sees("It is closed to that chat now.")
    await phone.say("/mine")
    assert phone.sees("This chat holds no request yet.")
    assert open_links(machine) == 1


async def test_every_wrong_pair_gets_the_same_answer(machine: Machine, family: Family) -> None:
    """Threats 8: equal answers for "missing" and "not yours"."""
    await to_confirmation(family)
    reference, code = kept(family)
    answers = set()
    wrong_code = code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]
    for number, pair in enumerate(
        [(reference, wrong_code), ("HW-0000-0000", code), ("HW-0000-0000", wrong_code)]
    ):
        stranger = machine.person(1100 + number)
        await to_menu(stranger)
        await to_link(stranger, *pair)
        answers.add(stranger.text)
    assert len(answers) == 1
    assert open_links(machine) == 1


async def test_guessing_is_slowed_and_the_honest_are_not(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    reference, code = kept(family)
    stranger = machine.person(1100)
    await to_menu(stranger)
    for _ in range(5):
        await to_link(stranger, reference, "0000-0000-0000-0000")
    await to_link(stranger, reference, code)
    assert stranger.sees("This was tried too often. Please wait an hour, or talk to a person.")
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, reference, code)
    assert phone.sees("The request is open in this chat now.")
    machine.later(hours=2)
    await to_link(stranger, reference, code)
    assert stranger.sees("The request is open in this chat now.")


@pytest.mark.parametrize(("slips", "opens"), [(0, True), (2, True), (3, False)])
async def test_a_flood_leaves_an_account_its_own_few_mistakes(
    machine: Machine, family: Family, slips: int, *, opens: bool
) -> None:
    """Strangers who use up the limit on all accounts together lock nobody out."""
    await to_confirmation(family)
    reference, code = kept(family)
    with machine.homeward.engine.begin() as connection:
        other = connection.scalar(select(Access.account_id))
        now = machine.homeward.clock.now()
        connection.execute(
            insert(LinkAttempt),
            [{"id": number, "account_id": other, "at": now} for number in range(1, 2000)],
        )
    phone = machine.person(1010)
    await to_menu(phone)
    for _ in range(slips):
        await to_link(phone, reference, "0000-0000-0000-0000")
    await to_link(phone, reference, code)
    assert phone.sees("The request is open in this chat now.") == opens
    assert phone.sees("This was tried too often.") != opens


async def test_mistyped_references_and_codes_are_told_apart_from_wrong_ones(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    await family.say("/mine")
    await family.press("Open a request sent from another phone")
    await family.say("HW-12")
    assert family.sees("This is not a whole reference, or a letter in it is wrong.")
    await family.say("HW-0000-0000")
    await family.say("what code?")
    assert family.sees("A receipt code has sixteen letters and digits.")
    with machine.homeward.engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(LinkAttempt)) == 0


async def test_an_invited_relative_joins_once(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.press("My requests")
    await family.press("Who can open this request")
    await family.press("Invite a relative")
    link = re.search(r"start=(i-[\w-]+)", " ".join(words_of(message) for message in family.from_bot))
    assert link is not None
    aunt, stranger = machine.person(1011, "ru"), machine.person(1012)
    await aunt.say(f"/start {link[1]}")
    await aunt.press("Русский")
    assert aunt.sees("The request is open in this chat now.")
    assert family.sees("One of your requests was opened in another chat.")
    await to_menu(stranger)
    await stranger.say(f"/start {link[1]}")
    assert stranger.sees("Reference and code do not belong together, or the invitation is no longer good.")
    assert open_links(machine) == 2


@pytest.mark.parametrize("days", [8, 30])
async def test_an_invitation_ends_by_itself(machine: Machine, family: Family, days: int) -> None:
    await to_confirmation(family)
    await family.press("My requests")
    await family.press("Who can open this request")
    await family.press("Invite a relative")
    link = re.search(r"start=(i-[\w-]+)", " ".join(words_of(message) for message in family.from_bot))
    assert link is not None
    machine.later(days=days)
    aunt = machine.person(1011)
    await to_menu(aunt)
    await aunt.say(f"/start {link[1]}")
    assert aunt.sees("the invitation is no longer good")
    assert open_links(machine) == 1


async def test_the_picture_of_a_request_asks_a_stranger_for_the_code(
    machine: Machine, family: Family
) -> None:
    """Privacy rule 6: a reference alone opens nothing, and nobody learns whether it exists."""
    await to_confirmation(family)
    reference, code = kept(family)
    answers = []
    for number, guess in enumerate((reference, "HW-0000-0000")):
        stranger = machine.person(1100 + number)
        await to_menu(stranger)
        await stranger.say(f"/start {guess}")
        answers.append(stranger.text.replace(guess, ""))
    assert len(set(answers)) == 1
    await family.say(f"/start {reference}")
    assert family.sees("Your request has arrived")
    phone = machine.person(1010)
    await phone.say(f"/start {reference}")
    await phone.press("English")
    await phone.say(code)
    assert phone.sees("Your request has arrived")
