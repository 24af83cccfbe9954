"""Papers: what helps, how far each is, sent as a photo or a PDF, said to be missing; portraits."""

import pytest
from sqlalchemy import select

from casework import documents
from casework.documents import DocumentState as State
from casework.paper_kinds import DOCUMENTS
from db.models import Event
from tests.family import Family
from tests.handlers.paths import tell_of_a_person, to_confirmation, to_menu, to_summary
from tests.handlers.sending import send_album, send_file, send_photo
from tests.machine import Machine
from tests.stored import messages_in, states_in, submissions_in


async def to_papers(family: Family, *names: str) -> None:
    """File a request and open its papers."""
    await to_confirmation(family, *names)
    await open_papers(family)


async def open_papers(family: Family) -> None:
    await family.say("/mine")
    await family.press("Make the request stronger")
    await family.press(labelled(family, "Papers: "))


def labelled(family: Family, beginning: str) -> str:
    return next(button for button in family.offered if button.startswith(beginning))


def papers_in(machine: Machine, request_id: int) -> dict[str, State | None]:
    with machine.homeward.engine.begin() as connection:
        found = documents.of_request(connection, request_id)
    return {code: paper.state for (_, code), paper in found.items()}


def events_in(machine: Machine) -> list[str]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Event.kind).order_by(Event.id)))


async def test_the_list_says_what_helps_most_and_how_many_have_come_in(family: Family) -> None:
    await to_papers(family)
    assert family.sees("0 of the 5 papers that help most have come in.")
    assert "What you sent" not in family.offered
    offered = set(family.offered)
    await family.press("Other papers")
    offered |= set(family.offered)
    assert {kind.label for kind in DOCUMENTS} <= offered
    await family.press("Passport")
    assert family.sees("It shows who the person is and to which country they belong.")
    assert {"Send it now", "We have it, I will send it later", "We do not have it"} <= set(family.offered)


async def test_a_photo_is_received_only_when_it_is_stored(machine: Machine, family: Family) -> None:
    await to_papers(family)
    await family.press("Birth certificate")
    await send_photo(family)
    assert family.sees("It has come in. We tell you here once it is stored safely.")
    assert family.sees("Now: on its way")
    assert family.sees("✓ Received and stored safely: Birth certificate")
    (sent,) = submissions_in(machine)
    assert (sent.purpose, sent.files) == ("birth_certificate", ["photo"])
    await family.press("← Back")
    assert family.sees("Birth certificate: received")
    assert family.sees("1 of the 5 papers that help most have come in.")
    assert papers_in(machine, sent.request_id or 0) == {"birth_certificate": State.SUBMITTED}
    assert "paper_submitted.birth_certificate" in events_in(machine)


async def test_what_is_refused_is_not_received(machine: Machine, family: Family) -> None:
    await to_papers(family)
    await family.press("Birth certificate")
    machine.world.send_photo(family.id, b"MZ made up")
    await machine.settle()
    assert family.sees("1 file was not kept.")
    await family.press("← Back")
    assert not family.sees("Birth certificate: received")
    assert family.sees("0 of the 5 papers that help most have come in.")


async def test_an_album_is_one_paper_and_one_screen(machine: Machine, family: Family) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    screens = sum(family.sees("Now: {state}", message=each) for each in family.from_bot)
    await send_album(family, 10)
    assert sum(family.sees("Now: {state}", message=each) for each in family.from_bot) == screens + 1
    assert [(each.purpose, len(each.files)) for each in submissions_in(machine)] == [
        ("mothers_documents", 10)
    ]


async def test_pages_can_come_one_after_the_other_as_photos_and_pdf(machine: Machine, family: Family) -> None:
    await to_papers(family)
    await family.press("Other papers")
    await family.press("Court ruling")
    await send_photo(family)
    await send_photo(family)
    await send_file(family, "document")
    assert [each.files for each in submissions_in(machine)] == [["photo"], ["photo"], ["document"]]
    assert {each.purpose for each in submissions_in(machine)} == {"court_ruling"}


async def test_a_voice_that_tells_of_a_paper_goes_to_staff_and_is_not_the_paper(
    machine: Machine, family: Family
) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    await send_file(family, "voice")
    (sent,) = submissions_in(machine)
    assert (sent.purpose, sent.files) == ("talk", ["voice"])
    assert sent.request_id is not None
    assert papers_in(machine, sent.request_id) == {}
    assert messages_in(machine) == [""]
    assert family.sees("Mother's documents")


async def test_what_is_no_paper_is_told_what_fits(machine: Machine, family: Family) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    machine.world.send_sticker(family.id)
    await machine.settle()
    assert family.sees("a paper can be sent as a photo or a PDF file")
    assert family.sees("Mother's documents")


async def test_to_have_it_or_not_is_said_and_changed(machine: Machine, family: Family) -> None:
    await to_papers(family)
    await family.press("Other papers")
    await family.press("Marriage certificate")
    await family.press("We do not have it")
    assert family.sees("Noted: you do not have it.")
    assert family.sees("Marriage certificate: you do not have it")
    await family.press("Marriage certificate")
    assert "We do not have it" not in family.offered
    await family.press("We have it, I will send it later")
    assert family.sees("Marriage certificate: you have it")
    assert events_in(machine)[-2:] == [
        "paper_missing.marriage_certificate",
        "paper_have.marriage_certificate",
    ]


async def test_nothing_is_said_over_a_paper_that_is_with_the_office(family: Family) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    await send_photo(family)
    await family.press("← Back")
    await family.press("✓ Mother's documents")
    assert {"We have it, I will send it later", "We do not have it"}.isdisjoint(family.offered)
    assert "Send one more" in family.offered


async def test_each_person_has_papers_and_the_requesters_own_counts_for_all(
    machine: Machine, family: Family
) -> None:
    await to_papers(family, "Amina", "Yusuf")
    assert family.sees("Whose papers?")
    await family.press("Yusuf: 0 of 5")
    await family.press("Birth certificate")
    await send_photo(family)
    await family.press("← Back")
    await family.press("Your own identity document")
    await send_photo(family)
    await family.press("← Back")
    await family.press("← Back")
    assert {"Amina: 1 of 5", "Yusuf: 2 of 5"} <= set(family.offered)
    await family.press("← Back")
    assert "Papers: 2 of 9" in family.offered
    assert [each.person_id is None for each in submissions_in(machine)] == [False, True]


async def test_papers_of_an_adult_count_otherwise(family: Family) -> None:
    await to_menu(family)
    await family.press("File a request")
    await family.press("I agree")
    await family.say("Zainab")
    await family.press("Grandmother")
    await tell_of_a_person(family, "Madina", birth="1994")
    await family.press("No, check my answers")
    await family.press("Send my request")
    await open_papers(family)
    assert "Marriage certificate" in family.offered
    assert "Mother's documents" not in family.offered


async def test_papers_before_sending_belong_to_the_request_afterwards(
    machine: Machine, family: Family
) -> None:
    await to_summary(family, "Amina")
    await family.press("Tell more before sending")
    await family.press("Papers: 0 of 5")
    await family.press("Birth certificate")
    await send_photo(family)
    await family.press("← Back")
    await family.press("← Back")
    await family.press("← Back")
    await family.press("Send my request")
    await open_papers(family)
    assert family.sees("Birth certificate: received")
    assert "paper_submitted.birth_certificate" not in events_in(machine)


async def test_a_portrait_is_voluntary_and_said_to_be_seen_by_staff_only(
    machine: Machine, family: Family
) -> None:
    """Privacy rule 14."""
    await to_papers(family)
    await family.press("Photo of the person")
    assert family.sees("It is voluntary, and you can leave it out.")
    assert family.sees("Only staff see it. It is never published, and no program compares faces.")
    await family.press("Leave it out")
    assert family.sees("Papers")
    await family.press("Photo of the person")
    await send_file(family, "voice")
    assert family.sees("here a photo of the person fits")
    await send_photo(family)
    assert family.sees("✓ Received and stored safely: photo of the person")
    (sent,) = submissions_in(machine)
    assert sent.purpose == "portrait"
    assert papers_in(machine, sent.request_id or 0) == {}


async def test_a_photo_out_of_the_blue_can_become_a_paper(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await send_album(family, 3)
    await family.say("this is her passport")
    await send_file(family, "voice")
    await family.press("It is a paper")
    assert family.sees("Which paper is it?")
    assert submissions_in(machine) == []
    await family.press("Mother's documents")
    assert [(each.purpose, len(each.files)) for each in submissions_in(machine)] == [("mothers_documents", 3)]
    assert family.sees("Shall we pass this on to staff?")
    assert family.sees("this is her passport")
    assert family.sees("1 voice message")
    await family.press("Yes, pass it on")
    assert messages_in(machine) == ["this is her passport", ""]


async def test_who_does_not_know_which_paper_it_is_goes_back_to_the_question(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    await send_photo(family)
    await family.press("It is a paper")
    await family.press("← Back")
    assert family.sees("Shall we pass this on to staff?")
    await family.press("No, delete it")
    await open_papers(family)
    assert not family.sees("Which paper is it?")
    assert submissions_in(machine) == []
    assert {"waiting", "placing"}.isdisjoint(states_in(machine)[0])


@pytest.mark.parametrize("kind", ["voice", "video_note"])
async def test_a_voice_is_not_taken_for_a_paper(family: Family, kind: str) -> None:
    await to_confirmation(family)
    await send_file(family, kind)
    assert "It is a paper" not in family.offered


async def test_without_a_request_nothing_can_be_a_paper(family: Family) -> None:
    await to_menu(family)
    await send_photo(family)
    assert "It is a paper" not in family.offered


async def test_papers_of_a_request_that_was_closed_to_this_chat_are_closed_too(
    machine: Machine, family: Family
) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    with machine.homeward.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM access")
    await send_photo(family)
    assert submissions_in(machine) == []
    assert family.sees("What would you like to do?")


async def test_what_is_written_at_a_paper_is_offered_to_staff_and_leads_back(
    machine: Machine, family: Family
) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    await family.say("It was lost in Raqqa")
    await family.press("Yes, pass it on")
    assert messages_in(machine) == ["It was lost in Raqqa"]
    assert family.sees("Mother's documents")
    assert "Send it now" in family.offered
