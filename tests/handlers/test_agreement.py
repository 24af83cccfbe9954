"""Withdrawing the agreement: one command, no further answer, and what becomes of the requests."""

import pytest
from sqlalchemy import select

from db.models import Access, Consent, Document, Message, Request
from tests.bot.stage import account_of
from tests.erased import binary_values, found_again, nothing_opens
from tests.family import Family
from tests.handlers.erasing import a_whole_life
from tests.handlers.paths import to_confirmation, to_first_question, to_menu, to_summary
from tests.handlers.sending import send_file
from tests.handlers.test_delete_me import rows
from tests.handlers.test_linking import kept, to_link
from tests.handlers.test_withdrawing import stages
from tests.machine import Machine
from tests.stored import requests_in, states_in
from tests.submitting import file_rows


def agreements(machine: Machine) -> list[tuple[bool, bool]]:
    """Return of each record whether it was a yes, and whether it was withdrawn."""
    with machine.homeward.engine.begin() as connection:
        found = connection.execute(select(Consent.given, Consent.withdrawn_at).order_by(Consent.id)).all()
    return [(row.given, row.withdrawn_at is not None) for row in found]


async def test_one_command_withdraws_it_and_no_further_answer_is_kept(
    machine: Machine, family: Family
) -> None:
    """Privacy rule 1."""
    await to_first_question(family)
    await family.say("Zainab")
    await family.say("/withdraw")
    assert family.sees("From then on no answer of yours is kept, unless you agree again.")
    assert family.sees("Answers that have not been sent are deleted.")
    await family.press("Withdraw my agreement")
    assert family.sees("Your agreement is withdrawn. No answer is kept until you agree again.")
    assert agreements(machine) == [(True, True)]
    assert account_of(machine, family).consent_id is None
    await family.press("File a request")
    await family.say("Zainab again")
    assert family.sees("Before we begin: your agreement")
    assert "draft" not in states_in(machine)[0]
    await family.press("I agree")
    assert family.sees("What should we call you?")
    assert agreements(machine) == [(True, True), (True, False)]


async def test_a_changed_message_stores_nothing_after_it_either(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    own = next(m["message_id"] for m in family.messages if m.get("text") == "Amina Alieva")
    await family.say("/withdraw")
    await family.press("Leave them with the office")
    machine.world.edit(family.id, own, "Changed Name")
    await machine.settle()
    assert requests_in(machine)[0].persons[0]["name"] == "Amina Alieva"


async def test_a_voice_message_as_an_answer_is_not_kept_after_it(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    await send_file(family, "voice")
    assert len(file_rows(machine)) == 1
    await family.say("/withdraw")
    await family.press("Withdraw my agreement")
    assert {(file.state, file.data_key) for file in file_rows(machine)} == {("removed", None)}


async def test_the_requests_can_stay_with_the_office(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.say("/privacy")
    await family.press("Withdraw my agreement")
    assert family.sees("What shall happen to the requests that only this chat can open?")
    await family.press("Leave them with the office")
    assert family.sees("Your requests stay with the office.")
    assert stages(machine) == ["received"]
    await family.press("My requests")
    assert family.sees("Your request has arrived")
    await family.press("Make the request stronger")
    assert family.sees("Before we begin: your agreement")
    await family.press("I agree")
    assert "Talk to a person" in family.buttons
    assert len(rows(machine, Request)) == 1
    assert "draft" not in states_in(machine)[0]


async def test_the_requests_can_be_withdrawn_with_it(machine: Machine, family: Family) -> None:
    await to_confirmation(family, "Amina", "Yusuf")
    await family.say("/withdraw")
    await family.press("Withdraw them too")
    assert family.sees("Your requests are withdrawn.")
    assert stages(machine) == ["withdrawn", "withdrawn"]
    assert agreements(machine) == [(True, True)]


async def test_the_requests_can_be_deleted_with_it_and_the_account_stays(
    machine: Machine, family: Family
) -> None:
    await a_whole_life(machine, family)
    own = {
        place: value for place, value in binary_values(machine).items() if place[0] in {"request", "person"}
    }
    await family.say("/withdraw")
    await family.press("Delete them")
    assert family.sees("Shall your requests be deleted too?")
    await family.press("← Back")
    await family.press("Delete them")
    await family.press("Yes, delete my requests too")
    assert family.sees("Your requests are deleted.")
    assert rows(machine, Access) == rows(machine, Document) == []
    assert found_again(machine.homeward.settings.files.folder.parent, own) == []
    nothing_opens(machine, own)
    assert {message.request_id for message in rows(machine, Message)} <= {None}
    await family.press("My requests")
    assert family.sees("This chat holds no request yet.")


async def test_what_others_can_open_is_not_touched(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, *kept(family))
    await family.say("/withdraw")
    assert family.sees("Requests that other chats can open too stay with them.")
    assert "Delete them" not in family.buttons
    await family.press("Withdraw my agreement")
    assert stages(machine) == ["received"]
    assert len(rows(machine, Access)) == 2


async def test_it_can_be_kept(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    await family.say("/withdraw")
    await family.press("No, keep my agreement")
    assert agreements(machine) == [(True, False)]
    assert family.sees("What happens to what you write")


async def test_where_there_is_none_it_says_so(family: Family) -> None:
    await to_menu(family)
    await family.say("/withdraw")
    assert family.sees("There is no agreement from this chat, so no answers are kept.")
    assert "Withdraw my agreement" not in family.buttons
    assert "Delete me" in family.buttons


# Cancel.


@pytest.mark.parametrize("place", ["/settings", "/privacy", "/mine", "/talk", "/help", "/delete_me"])
async def test_cancel_asks_nothing_where_nothing_would_be_lost(family: Family, place: str) -> None:
    """The request that is begun waits where it is; what somebody is looking at now is no part of it."""
    await to_summary(family)
    await family.say(place)
    await family.say("/cancel")
    assert family.sees("What would you like to do?")
    assert family.sees("You began a request on {day}.")


async def test_cancel_at_the_first_question_loses_nothing(family: Family) -> None:
    await to_first_question(family)
    await family.press("Cancel")
    assert family.sees("What would you like to do?")


async def test_cancel_where_words_wait_for_an_answer_asks_about_them(
    machine: Machine, family: Family
) -> None:
    await to_menu(family)
    await family.say("Where are my grandchildren?")
    await family.say("/cancel")
    assert family.sees("Shall we pass this on to staff?")
    await family.press("No, delete it")
    assert rows(machine, Message) == []
