"""The whole table of reminders as stories, a line each (reminder_stories.py): created, sent, put off, answered, ended.

A kind without a line fails. Everything is done by presses and messages of made-up people in three languages.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from casework.reminding.rules import Done, Intervals, Kind, table
from tests.family import Family, _pattern, buttons_of, words_of
from tests.handlers.reminder_scene import Beginning, Scene, a_scene
from tests.handlers.reminder_stories import CASE, DAY, MINUTE, STORIES, Story

RULES = table(Intervals())
_WEEK = 7 * DAY
_AFTERWARDS = (DAY, 3 * DAY, 9 * DAY)
Told = Callable[..., Awaitable[None]]


def every_kind(told: Told) -> Told:
    """Tell it of every line of the table, in the one office of this module."""
    in_one = pytest.mark.asyncio(loop_scope="module")
    return pytest.mark.parametrize("kind", list(Kind), ids=str)(in_one(told))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def beginning(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Scene, Beginning]]:
    async with a_scene(tmp_path_factory.mktemp("scene")) as scene:
        yield scene, Beginning(scene)


@pytest.fixture
def scene(beginning: tuple[Scene, Beginning]) -> Iterator[Scene]:
    scene, start = beginning
    yield scene
    assert scene.office.set_aside() == 0
    start.go_back()


def words_in_own_language(scene: Scene, who: Family, story: Story) -> str:
    locale = scene.office.homeward.around.locales.get(who.language)
    if isinstance(story.says, str):
        own = locale.plain(story.says)
        assert who.language == "en" or own != story.says
        return own
    return words_of({"text": locale.plural(*story.says, 1)})


async def heard(scene: Scene, story: Story, moment: timedelta) -> dict[str, Any] | None:
    """Let it be so long after the begin; return the message in which its person then heard of it."""
    who = scene.people[story.to]
    before = len(who.from_bot)
    await scene.until(moment)
    wanted = _pattern(words_in_own_language(scene, who, story))
    said = [each for each in who.from_bot[before:] if wanted.search(words_of(each))]
    assert len(said) < 2
    return said[0] if said else None


async def begun(scene: Scene, kind: Kind) -> Story:
    """Let its cause happen, after a tick at which there was none."""
    await scene.until(timedelta())
    await STORIES[kind].cause(scene)
    return STORIES[kind]


async def first(scene: Scene, kind: Kind) -> dict[str, Any]:
    """Let its cause happen, and its first moment come: not a minute sooner."""
    story = await begun(scene, kind)
    assert await heard(scene, story, story.moments[0] - MINUTE) is None
    message = await heard(scene, story, story.moments[0])
    assert message is not None
    return message


def test_every_line_of_the_table_has_a_story_and_stories_say_of_it_what_it_says() -> None:
    assert set(STORIES) == set(RULES) == set(Kind)
    for kind, story in STORIES.items():
        rule = RULES[kind]
        assert rule.later is not bool(story.no_later)
        assert (rule.done is Done.NOT_ASKED) is bool(story.no_done)
        assert story.no_done or (rule.done is Done.ENDS) is story.done_ends


@every_kind
async def test_it_comes_at_its_moment_can_be_put_off_and_is_over_once_it_is_answered(
    scene: Scene, kind: Kind
) -> None:
    story = STORIES[kind]
    message = await first(scene, kind)
    who, at = scene.people[story.to], story.moments[0]
    labels = [each.replace(CASE, scene.reference) for each in story.buttons]
    assert [each["text"] for each in buttons_of(message)] == [scene.own(who, each) for each in labels]
    assert "Amina" not in words_of(message)
    assert scene.reference not in words_of(message)
    if not story.no_later:
        await who.press("Later", message=message)
        await who.press("In a week")
        assert who.sees("We will remind you on {moment}.")
        for moment in (*(each for each in story.moments[1:] if each < at + _WEEK), at + _WEEK - MINUTE):
            assert await heard(scene, story, moment) is None
        at += _WEEK
        assert await heard(scene, story, at) is not None
    if not isinstance(story.answer, str):
        await story.answer(scene)
        assert [each for each in _AFTERWARDS if await heard(scene, story, at + each)] == []


@every_kind
async def test_it_stops_by_itself_when_its_reason_is_gone(scene: Scene, kind: Kind) -> None:
    story = await begun(scene, kind)
    assert await heard(scene, story, story.moments[0] - MINUTE) is None
    await story.gone(scene)
    assert [each for each in story.moments[:3] if await heard(scene, story, each)] == []


@every_kind
async def test_who_does_nothing_hears_of_it_as_often_as_the_table_has_it(scene: Scene, kind: Kind) -> None:
    story = await begun(scene, kind)
    for moment in story.moments:
        assert await heard(scene, story, moment - MINUTE) is None, moment
        assert await heard(scene, story, moment) is not None, moment
    last = story.moments[-1]
    states = scene.states(kind, scene.people[story.to])
    if story.ends:
        assert states == {"done"}
        assert [each for each in (DAY, _WEEK, 40 * DAY) if await heard(scene, story, last + each)] == []
    else:
        assert states & {"open", "done"}


@every_kind
async def test_done_ends_it_or_lets_it_come_again_while_it_is_so(scene: Scene, kind: Kind) -> None:
    story = STORIES[kind]
    message = await first(scene, kind)
    who = scene.people[story.to]
    if story.no_done:
        return
    await who.press("Done", message=message)
    if story.done_ends:
        assert who.sees("Good. We do not remind you of this again.")
        later = story.moments[1:] or (story.moments[0] + DAY,)
        assert [each for each in later if await heard(scene, story, each)] == []
    else:
        assert who.sees("Good. While it is still so, we remind you of it again.")
        assert await heard(scene, story, story.moments[1] - MINUTE) is None
        assert await heard(scene, story, story.moments[1]) is not None
