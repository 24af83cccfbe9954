"""Every place of the office's side answers every kind of input, in the languages of the team."""

from dataclasses import astuple

import pytest
import pytest_asyncio

from casework.rejections import REJECTIONS
from casework.stages import TOLD
from handlers import DESK_BUTTONS
from handlers.family.letter import WRITES
from handlers.family.rejection_words import OFFICE_ADDS
from handlers.staff.commands import DESK_COMMANDS
from handlers.staff.steps import Desk
from tests.bot.test_screen import hold_within_limits
from tests.family import buttons_of, words_of
from tests.handlers.rounds import STEPS, Office, Spot, round_of
from tests.handlers.test_around import KINDS, SOMEBODY
from tests.handlers.test_forged import VALUES
from tests.rows import differing, kept
from tests.spoken import foreign_to, words_in

LANGUAGES = ("en", "ru", "ar")
_SOME = 4  # one value in so many, beginning at another one at each button
# Staff see what a family will read, in that family's language: English here.
_QUOTING = {
    Desk.MOVE_REASON,
    Desk.MOVE_SURE,
    Desk.MANY_REASON,
    Desk.MANY_SURE,
    Desk.APPROVAL,
    Desk.REJECT_SURE,
    Desk.REPLY,
    Desk.WRITER_REPLY,
}
_READ = [*map(astuple, TOLD.values()), *map(astuple, REJECTIONS), (OFFICE_ADDS, WRITES)]
_TOLD = {word for sentences in _READ for sentence in sentences for word in words_in(sentence)}

_ADDRESS = {"https"}  # how an address begins in every language


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spots(office: Office) -> list[Spot]:
    """Every place, in an office to which somebody else has written before."""
    await office.machine.person(SOMEBODY).say("/start")
    return await round_of(office)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_place_of_the_office_answers_every_kind_of_input(
    office: Office, spots: list[Spot], language: str
) -> None:
    """Experience 5: no dead end, no exception, no untranslated line, one live keyboard, a way on.

    Every place gets every kind, each in one of the languages; every language shows every place.
    """
    await office.show(spots[0], language)
    for number, spot in enumerate(spots):
        turn = (LANGUAGES.index(language) + number) % len(LANGUAGES)
        await _around(office, spot, language, list(KINDS)[turn :: len(LANGUAGES)])
    for message in office.machine.world.said:
        hold_within_limits(message)


async def _around(office: Office, spot: Spot, language: str, kinds: list[str]) -> None:
    machine, actor = office.machine, office.actor
    await office.show(spot, language)
    here = office.standing()
    for kind in kinds:
        if office.standing() != here:  # it was an answer
            await office.show(spot, language)
        said, toasts = len(machine.world.said), len(actor.toasts)
        KINDS[kind](machine, actor.id)
        await machine.settle()
        told = [each for each in machine.world.said[said:] if each["chat"]["id"] == actor.id]
        at = f"{kind} at {spot.step}"
        assert told or len(actor.toasts) > toasts, f"{at}: no answer"
        assert actor.live_keyboards == 1, at
        assert machine.set_aside() == 0, at
        known = _ADDRESS | (_TOLD if spot.step in _QUOTING else set())
        assert _foreign(office, language, said, toasts) - known == set(), at


def _foreign(office: Office, language: str, said: int, toasts: int) -> set[str]:
    """Return the words of another script that the bot said since, but for those that anybody typed."""
    world, actor = office.machine.world, office.actor
    heard = [each for each in world.said[said:] if each["chat"]["id"] == actor.id]
    # A broadcast that is looked at before it is sent stands there in its readers' language.
    heard = [each for each in heard if "/verify" not in words_of(each)]
    texts = [words_of(each) for each in heard]
    labels = [b["text"] for each in heard for b in buttons_of(each)]
    words = {word for text in [*texts, *labels, *actor.toasts[toasts:]] for word in words_in(text)}
    own_names = {word for each in office.machine.homeward.around.locales for word in words_in(each.own_name)}
    foreign = foreign_to(language, words - own_names)
    typed = {word for each in world.inputs for word in words_in(each.text)} if foreign else set()
    return {
        word for word in foreign if not any(each.startswith(word) for each in typed)
    }  # long ones are cut short


@pytest.mark.asyncio(loop_scope="module")
async def test_no_value_breaks_a_button_of_the_office(office: Office, spots: list[Spot]) -> None:
    """Every button is pressed with some of the values, and every value behind many buttons."""
    met: set[str] = set()
    number = 0
    for spot in spots:
        if spot.step in met:
            continue
        met.add(spot.step)
        for word in STEPS[spot.step].presses:
            number += 1
            for value in VALUES[number % _SOME :: _SOME]:
                office.place(spot)
                await office.press(f"{word}:{value}")
                assert office.machine.set_aside() == 0, f"{word}:{value} at {spot.step}"


@pytest.mark.asyncio(loop_scope="module")
async def test_no_value_breaks_what_works_from_anywhere_or_a_command(
    office: Office, spots: list[Spot]
) -> None:
    """What names nothing that there is changes nothing."""
    desk = Spot("desk", {"case": office.request_id}, spots[0].rows, ())
    for value in VALUES:
        for word in DESK_BUTTONS:
            office.place(desk)
            before = kept(office.machine)
            assert await office.press(f"{word}:{value}", "~"), f"{word}:{value}"
            assert differing(before, kept(office.machine)) <= {"dialog"}, f"{word}:{value}"
        for command in DESK_COMMANDS:
            office.place(desk)
            assert await office.say(f"/{command.command} {value}"), f"/{command.command} {value}"
            assert office.machine.set_aside() == 0, f"/{command.command} {value}"
