"""Every kind of reminder as one line of a table: what makes it due, when it comes, what it says, and what ends it.

All days are counted from a Sunday at noon, by the example's intervals. Where a kind cannot be put off or answered, the
line says why.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from casework.reminding.rules import Kind
from tests.handlers.desk import reference_in
from tests.handlers.paths import tell_of_a_person, to_first_question, to_menu
from tests.handlers.reminder_scene import Scene
from tests.handlers.test_moving import forward

Deed = Callable[[Scene], Awaitable[None]]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MORNING = timedelta(hours=20, minutes=30)  # from noon to half past eight
_COUNTED = 5  # papers that help a child most; they stand first
CASE = "{the case}"  # stands for its reference


@dataclass(frozen=True)
class Story:
    """One line.

    Attributes:
        to: who is reminded.
        cause: what makes it due.
        moments: when it comes, if nobody does anything, as long as the story follows it.
        ends: whether the last of these is the last of all; otherwise it goes on.
        says: the words, in English; of what counts something, those for one and for many.
        buttons: what stands below it, in English.
        answer: what its person does, after which it does not come any more; or why there is nothing such.
        gone: what takes the reason away before it was said.
        no_later: why it cannot be put off; empty: it can.
        no_done: why nobody can say that it is done; empty: they can.
        done_ends: whether it is over then; otherwise it comes again while it is so.
    """

    to: str
    cause: Deed
    moments: tuple[timedelta, ...]
    ends: bool
    says: str | tuple[str, str]
    buttons: tuple[str, ...]
    answer: Deed | str
    gone: Deed
    no_later: str = ""
    no_done: str = ""
    done_ends: bool = True


def _days(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=number) for number in numbers)


async def _is_there(_scene: Scene) -> None:
    """The request of the family is filed, and the colleague has it."""


async def _withdraws(scene: Scene) -> None:
    await _withdraw(scene, "family")


async def _withdraw(scene: Scene, who: str) -> None:
    family = scene.people[who]
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("Yes, withdraw it")


async def _is_cancelled(scene: Scene) -> None:
    await scene.colleague.say(f"/followups {scene.reference}")
    await scene.colleague.press_with(scene.reference)  # it comes first
    await scene.colleague.press("Cancel it")


# Appointment


async def _appoints(scene: Scene) -> None:
    await scene.colleague.say(f"/appointment {scene.reference}")
    await scene.colleague.press("A visit to the office")
    await scene.colleague.say("25.11.2026 11:00")
    await scene.colleague.press("Without a place")
    await scene.colleague.press("Tell the family")


# Own reminder


async def _sets_one(scene: Scene) -> None:
    await scene.family.say("/mine")
    await scene.family.press("Remind me")
    await scene.family.say("غدا الساعة 10")


async def _sees_it(scene: Scene) -> None:
    await scene.family.press("See my request")


async def _stops_it(scene: Scene) -> None:
    await scene.family.say("/settings")
    await scene.family.press("Reminders")
    await scene.family.press(scene.family.offered[0])


# Question of the office


async def _asks(scene: Scene) -> None:
    await scene.colleague.say(f"/ask {scene.reference} Which town?")
    await scene.colleague.press("Send it")


async def _answers_the_office(scene: Scene) -> None:
    await scene.family.press("Read and answer")
    await scene.family.say("الموصل")


async def _waits_no_more(scene: Scene) -> None:
    await scene.colleague.say(f"/case {scene.reference}")
    await scene.colleague.press_with("Messages")
    await scene.colleague.press("Wait for no answer any more")


# Draft


async def _begins(scene: Scene) -> None:
    scene.people["beginner"] = beginner = scene.office.person(1004, "ru")
    await to_first_question(beginner, beginner.language_name)
    await beginner.say("Заира")


async def _goes_on_and_sends(scene: Scene) -> None:
    beginner = scene.people["beginner"]
    await beginner.press("Go on where I stopped")
    await beginner.press("Grandmother")
    await tell_of_a_person(beginner, "Амина Алиева", country="Ирак")
    await beginner.press("No, check my answers")
    await beginner.press("Send my request")


async def _deletes_answers(scene: Scene) -> None:
    await scene.people["beginner"].say("/cancel")
    await scene.people["beginner"].press("Delete my answers")


# Papers


async def _has_none(scene: Scene) -> None:
    family = scene.family
    await family.press("Send a paper")
    for number in range(_COUNTED):
        await family.press(family.offered[number])
        await family.press("We do not have it")


# Arrival, stages


async def _is_located(scene: Scene) -> None:
    await scene.colleague.say(f"/case {scene.reference}")
    await forward(scene.colleague, "Being read", "Registered", "Located")
    await _aside(scene, "In the country")


async def _aside(scene: Scene, stage: str) -> None:
    await scene.colleague.say(f"/stage {scene.reference}")
    await scene.colleague.press("Another stage")
    await scene.colleague.press(stage)
    await scene.colleague.say("A letter of the ministry")
    await scene.colleague.press("Yes, change the stage")


async def _is_closed(scene: Scene) -> None:
    await _aside(scene, "Closed")


async def _goes_a_step(scene: Scene) -> None:
    await scene.colleague.say(f"/case {scene.reference}")
    await forward(scene.colleague, "Being read")


# Note


async def _notes(scene: Scene) -> None:
    await scene.colleague.say(f"/remind {scene.reference} in 2 hours look again")


async def _opens_it(scene: Scene) -> None:
    await scene.colleague.press(scene.reference)


# Families who wait


async def _writes(scene: Scene) -> None:
    await scene.family.say("/talk")
    await scene.family.say("هل من جديد؟")


async def _is_ignored_twice(scene: Scene) -> None:
    await _writes(scene)
    await scene.until(2 * DAY)
    await scene.until(3 * DAY)


async def _is_answered(scene: Scene) -> None:
    await scene.colleague.say(f"/reply {scene.reference} Nothing yet")
    await scene.colleague.press("Send it")


async def _is_given_back(scene: Scene) -> None:
    await scene.colleague.say(f"/case {scene.reference}")
    await scene.colleague.press("Give back")


async def _neighbour_writes(scene: Scene) -> None:
    scene.people["neighbour"] = neighbour = scene.office.person(1005, "ru")
    await to_menu(neighbour, neighbour.language_name)
    await neighbour.say("/talk")
    await neighbour.say("Можно соседке?")


async def _neighbour_is_answered(scene: Scene) -> None:
    await scene.admin.say("/messages")
    await scene.admin.press(scene.admin.offered[0])
    await scene.admin.press("Reply")
    await scene.admin.say("Можно")
    await scene.admin.press("Send it")


async def _neighbour_is_deleted(scene: Scene) -> None:
    await scene.people["neighbour"].say("/delete_me")
    await scene.people["neighbour"].press("Delete everything about me")


# New request


async def _another_files(scene: Scene) -> None:
    scene.people["newcomer"] = await scene.files(1006, "en")
    scene.reference = reference_in(scene.people["newcomer"])


async def _is_taken(scene: Scene) -> None:
    await scene.admin.press(scene.reference)
    await scene.admin.press("Take it")


async def _newcomer_withdraws(scene: Scene) -> None:
    await _withdraw(scene, "newcomer")


# A second person


async def _asks_for_a_second(scene: Scene) -> None:
    await scene.colleague.say(f"/stage {scene.reference}")
    await scene.colleague.press("Another stage")
    await scene.colleague.press("Deceased")
    await scene.colleague.say("A letter of the hospital")
    await scene.colleague.press("Ask a second person")


async def _second_decides(scene: Scene) -> None:
    await scene.admin.press("See what waits")
    await scene.admin.press(scene.admin.offered[0])
    await scene.admin.press("Refuse")


async def _takes_it_back(scene: Scene) -> None:
    await scene.colleague.say("/approvals")
    await scene.colleague.press(scene.colleague.offered[0])
    await scene.colleague.press("Take it back")


# Lists


async def _second_admin(scene: Scene) -> None:
    await scene.admin.say("/invite admin")
    scene.people["vera"] = vera = scene.office.person(902, "ru", "Вера")
    await vera.say(f"/start {scene.admin.text.split('start=')[1].split()[0]}")
    await vera.press(vera.language_name)
    await vera.say("Вера")


async def _is_admin_no_more(scene: Scene) -> None:
    await scene.admin.say("/revoke @Вера")
    await scene.admin.press("Take the role away")


_LIST = "it is a list to read: the next one comes on its own day"
STORIES: Mapping[Kind, Story] = {
    Kind.APPOINTMENT: Story(
        "family", _appoints, (2 * DAY + 6 * HOUR, 2 * DAY + timedelta(hours=19.5)), True,
        "You have an appointment: {moment}.",
        ("See where, and what for", "Done", "No more reminders of this"),
        "it comes again in the morning of the day: who has looked has not remembered it yet", _is_cancelled,
        no_later="it would come after the appointment",
    ),
    Kind.OWN: Story(
        "family", _sets_one, (22 * HOUR,), True,
        "You wanted to be reminded of your request.",
        ("See my request", "Later", "Done", "No more reminders of this"), _sees_it, _stops_it,
    ),
    Kind.QUESTION: Story(
        "family", _asks, _days(2, 5, 10, 30), True,
        "The office has asked you something, and waits for your answer.",
        ("Read and answer", "Later", "Done", "No more reminders of this"), _answers_the_office, _waits_no_more,
    ),
    Kind.DRAFT: Story(
        "beginner", _begins, _days(1, 3, 10), True,
        "What you began here is not finished. Your answers are kept.",
        ("Go on where I stopped", "Later", "Done", "No more reminders of this"),
        _goes_on_and_sends, _deletes_answers,
    ),
    Kind.PAPERS: Story(
        "family", _is_there, _days(7, 14, 21, 28, 58, 88), False,
        "Still missing:",
        ("Send a paper", "Later", "Done", "No more reminders of this"), _has_none, _withdraws,
    ),
    Kind.ARRIVAL: Story(
        "family", _is_located, _days(3, 14, 60), True,
        "How are things? If anything is needed, write to us here.",
        ("Write to the office", "Later", "Done", "No more reminders of this"),
        "things change: it is asked three times, whatever was answered", _is_closed,
    ),
    Kind.NO_NEWS: Story(
        "family", _is_there, _days(30, 60, 90), False,
        "Nothing has changed since {day}. We look again on {following}.",
        ("See my request", "Later", "Done", "No more reminders of this"),
        "it asks nothing, and says when we look again", _withdraws,
    ),
    Kind.NOTE: Story(
        "colleague", _notes, (2 * HOUR, DAY + 2 * HOUR, 2 * DAY + 2 * HOUR), True,
        ("You wanted to be reminded of {n} case.", "You wanted to be reminded of {n} cases."),
        (CASE, "Later", "Done"), _opens_it, _is_cancelled,
    ),
    Kind.UNANSWERED: Story(
        "colleague", _writes, _days(2, 3, 4, 5), False,
        ("{n} family waits for an answer.", "{n} families wait for an answer."),
        (CASE, "Later", "Done"), _is_answered, _is_given_back, done_ends=False,
    ),
    Kind.WRITER: Story(
        "admin", _neighbour_writes, _days(2, 3, 4), False,
        (
            "{n} person without a request waits for an answer.",
            "{n} persons without a request wait for an answer.",
        ),
        ("Messages", "Later", "Done"), _neighbour_is_answered, _neighbour_is_deleted, done_ends=False,
    ),
    Kind.NEW: Story(
        "admin", _another_files, _days(1, 2, 3), False,
        ("{n} new request is nobody's yet.", "{n} new requests are nobody's yet."),
        (CASE, "Later", "Done"), _is_taken, _newcomer_withdraws, done_ends=False,
    ),
    Kind.OVERDUE: Story(
        "colleague", _is_there, _days(3, 10, 17), False,
        (
            "{n} case stands at its stage longer than it should.",
            "{n} cases stand at their stages longer than they should.",
        ),
        (CASE, "Later", "Done"), _goes_a_step, _withdraws, done_ends=False,
    ),
    Kind.APPROVAL: Story(
        "admin", _asks_for_a_second, _days(1, 2, 3), False,
        ("{n} thing waits for a second person.", "{n} things wait for a second person."),
        ("See what waits", "Later", "Done"), _second_decides, _takes_it_back, done_ends=False,
    ),
    Kind.IGNORED: Story(
        "admin", _is_ignored_twice, (4 * DAY + MINUTE, 5 * DAY + MINUTE, 6 * DAY + MINUTE), False,
        (
            "A colleague was reminded several times, and nothing has happened: {n} case.",
            "Colleagues were reminded several times, and nothing has happened: {n} cases.",
        ),
        (CASE, "Done"), _is_answered, _opens_it,
        no_later="it comes anew whenever the colleague is reminded again", done_ends=False,
    ),
    Kind.DIGEST: Story(
        "colleague", _writes, (_MORNING, DAY + _MORNING, 2 * DAY + _MORNING), False,
        "This morning", ("Open my desk",), _LIST, _is_answered, no_later=_LIST, no_done=_LIST,
    ),
    Kind.WEEK: Story(
        "vera", _second_admin, (_MORNING, 7 * DAY + _MORNING, 14 * DAY + _MORNING), False,
        "How the office stands this week", ("Open my desk",), _LIST, _is_admin_no_more,
        no_later=_LIST, no_done=_LIST,
    ),
}  # fmt: skip
