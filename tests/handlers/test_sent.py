"""What you sent: listed, seen again, replaced, removed."""

from casework.documents import DocumentState as State
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_menu
from tests.handlers.sending import send_album, send_file, send_photo
from tests.handlers.test_linking import kept, to_link
from tests.handlers.test_papers import labelled, open_papers, papers_in, to_papers
from tests.machine import Machine
from tests.stored import submissions_in


async def send_passport(family: Family) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    await send_album(family, 2)
    family.machine.later(seconds=5)
    await family.machine.tick()
    await family.press("← Back")


async def test_the_list_says_day_what_how_many_and_state(machine: Machine, family: Family) -> None:
    await send_passport(family)
    machine.later(days=1)
    await family.press("Photo of the person")
    await send_photo(family)
    await family.press("← Back")
    await family.press("What you sent")
    assert family.sees("1. Photo of the person\n23 November 2026 · 1 photo · stored")
    assert family.sees("2. Mother's documents\n22 November 2026 · 2 photos · stored")


async def test_why_something_could_not_be_kept_is_said(machine: Machine, family: Family) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    machine.world.send_photo(family.id, b"MZ made up")
    await machine.settle()
    await family.press("What you sent")
    assert family.sees("could not be kept")
    await family.press("1. Mother's documents")
    assert family.sees("could not be kept")
    assert family.sees("This kind of file cannot be kept.")
    assert "See it again" not in family.offered


async def test_what_is_stored_can_be_seen_again(family: Family) -> None:
    await send_passport(family)
    await family.press("What you sent")
    await family.press("1. Mother's documents")
    await family.press("See it again")
    *_, intro, first, second, screen = family.from_bot
    assert family.sees("This is how it is stored:", message=intro)
    assert first["photo"]
    assert second["photo"]
    assert family.sees("Sent on 22 November 2026: 2 photos", message=screen)
    assert family.live_keyboards == 1


async def test_removing_asks_first_and_takes_the_paper_back(machine: Machine, family: Family) -> None:
    await send_passport(family)
    request = submissions_in(machine)[0].request_id or 0
    await family.press("What you sent")
    await family.press("1. Mother's documents")
    await family.press("Remove it")
    assert family.sees("It is deleted for good, and the office cannot see it any more.")
    await family.press("No, keep it")
    assert len(submissions_in(machine)) == 1
    await family.press("Remove it")
    await family.press("Yes, remove it for good")
    assert family.sees("It is removed, and the office does not have it any more.")
    assert family.sees("You have sent nothing yet, or it is removed.")
    assert submissions_in(machine) == []
    assert papers_in(machine, request) == {"mothers_documents": State.HAVE}


async def test_another_one_replaces_it_only_once_it_is_stored(machine: Machine, family: Family) -> None:
    await send_passport(family)
    await family.press("What you sent")
    await family.press("1. Mother's documents")
    await family.press("Send another one instead")
    assert family.sees("What you send next replaces the one before, once it is safely stored.")
    machine.world.send_photo(family.id, b"MZ made up")
    await machine.settle()
    assert [len(each.files) for each in submissions_in(machine)] == [2, 1]
    await family.press("What you sent")
    await family.press("2. Mother's documents")
    await family.press("Send another one instead")
    await send_file(family, "document")
    assert [each.files for each in submissions_in(machine)] == [["photo"], ["document"]]
    assert not family.sees("What you send next replaces the one before")
    request = submissions_in(machine)[0].request_id or 0
    assert papers_in(machine, request) == {"mothers_documents": State.SUBMITTED}
    await send_photo(family)
    assert len(submissions_in(machine)) == 3


async def test_who_goes_away_does_not_replace_anything_later(machine: Machine, family: Family) -> None:
    await send_passport(family)
    await family.press("What you sent")
    await family.press("1. Mother's documents")
    await family.press("Send another one instead")
    await open_papers(family)
    await family.press(labelled(family, "✓ Mother's documents"))
    assert not family.sees("What you send next replaces the one before")
    await send_photo(family)
    assert len(submissions_in(machine)) == 2


async def test_from_a_paper_only_what_was_sent_for_it_is_listed(family: Family) -> None:
    await send_passport(family)
    await family.press("Birth certificate")
    await send_photo(family)
    await family.press("What you sent")
    assert family.sees("1. Birth certificate")
    assert not family.sees("Mother's documents")
    await family.press("← Back")
    assert family.sees("Birth certificate")
    assert "Send one more" in family.offered


async def test_the_list_has_pages(family: Family) -> None:
    await to_papers(family)
    await family.press("Mother's documents")
    for _ in range(8):
        await send_photo(family)
    await family.press("What you sent")
    assert "Older" in family.offered
    assert "7. Mother's documents" not in family.offered
    await family.press("Older")
    assert "8. Mother's documents" in family.offered
    await family.press("8. Mother's documents")
    await family.press("← Back")
    await family.press("Newer")
    assert "1. Mother's documents" in family.offered


async def test_what_was_sent_to_staff_is_listed_from_the_thread(family: Family) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    await send_file(family, "voice")
    await family.press("What was written")
    await family.press("What you sent")
    assert family.sees("1. Message to staff\n22 November 2026 · 1 voice message · stored")
    await family.press("1. Message to staff")
    assert "Send another one instead" not in family.offered
    await family.press("Remove it")
    await family.press("Yes, remove it for good")
    await family.press("← Back")
    assert family.sees("What was written")
    assert family.sees("1 voice message (removed)")


async def test_another_relative_sees_the_state_but_not_what_was_sent(
    machine: Machine, family: Family
) -> None:
    """Whoever holds the request too sees that a paper came in; the paper itself only its sender and staff see."""
    await to_confirmation(family)
    reference, code = kept(family)
    await open_papers(family)
    await family.press("Mother's documents")
    await send_photo(family)
    aunt = machine.person(1010)
    await to_menu(aunt)
    await to_link(aunt, reference, code)
    await aunt.press("Make the request stronger")
    await aunt.press("I agree")
    await aunt.press(labelled(aunt, "Papers: "))
    assert aunt.sees("Mother's documents: received")
    assert "What you sent" not in aunt.offered
    await aunt.press(labelled(aunt, "✓ Mother's documents"))
    assert "What you sent" not in aunt.offered
