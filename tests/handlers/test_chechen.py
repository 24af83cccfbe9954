"""A Chechen relative: some words in Chechen, the rest in Russian, and what they type in either is understood."""

import pytest

from tests.family import Family
from tests.handlers.paths import tell_of_a_person, to_first_question, to_menu
from tests.machine import Machine
from tests.stored import requests_in, states_in

CHECHEN = "Нохчийн"


@pytest.fixture
def family(machine: Machine) -> Family:
    return machine.person(1004, "ce", "Марха")


async def test_the_picker_asks_in_each_language_once(family: Family) -> None:
    await family.say("/start")
    assert family.text.splitlines() == ["Выберите язык", "Мотт харжа", "اختيار اللغة", "Choose your language"]


async def test_what_is_not_in_their_language_is_said_at_once(machine: Machine, family: Family) -> None:
    await to_menu(family, CHECHEN)
    assert family.text.startswith("Здесь пока не всё на вашем языке, остальное по-русски.")
    await family.press("Settings, language")
    assert "🌐 Мотт" in family.buttons
    russian = machine.person(1001, "ru")
    await to_menu(russian, "Русский")
    assert "не всё на вашем языке" not in russian.text


async def test_a_mother_files_a_request(machine: Machine, family: Family) -> None:
    await to_first_question(family, CHECHEN)
    await family.say("Марха")
    assert family.buttons[:2] == ["Нана", "Да (отец)"]
    await family.press("Нана")
    await family.say("Хьава")
    await family.say("ворхӏ шо")
    assert family.sees("✓ Дата рождения или возраст: 7 лет")
    assert family.buttons[:3] == ["Ӏиракъ", "Шема", "Туркойчоь"]
    await family.press("Шема")
    assert family.sees("✓ Страна сейчас: Шема")
    await family.press("No, check my answers")
    assert family.sees("Кто вы: Нана")
    await family.press("Send my request")
    await family.press("My requests")
    assert family.sees("Без изменений с 22 ноября 2026")
    (filed,) = requests_in(machine)
    assert filed.requester["relation"] == "mother"
    assert filed.persons[0]["country"] == "SY"


RELATIONS = [
    ("Нана", "mother"), ("нана", "mother"), ("мама", "mother"), ("Да", "father"), ("отец", "father"),
    ("баба", "grandmother"), ("Денана", "grandmother"), ("ненан нана", "grandmother"), ("деда", "grandfather"),
    ("ненан да", "grandfather"), ("деца", "aunt"), ("Неца", "aunt"), ("деваша", "uncle"), ("ненаваша", "uncle"),
    ("йиша", "sister"), ("ваша", "brother"), ("брат", "brother"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "relation"), RELATIONS)
async def test_who_they_are_can_be_typed(machine: Machine, family: Family, typed: str, relation: str) -> None:
    await to_first_question(family, CHECHEN)
    await family.say("Марха")
    await family.say(typed)
    assert states_in(machine)[0]["draft"]["requester"]["relation"] == relation


@pytest.mark.parametrize("typed", ["да", "ваша", "дада"])
async def test_words_that_may_mean_another_thing_are_asked_back(machine: Machine, typed: str) -> None:
    """In Russian "да" is yes and "ваша" is yours; "дада" is a father in one family, a grandfather in another."""
    russian = machine.person(1001, "ru")
    await to_first_question(russian, "Русский")
    await russian.say("Хадижат")
    await russian.say(typed)
    assert russian.sees("We could not match this. Please press the button that fits best.")


@pytest.mark.parametrize("typed", ["Ца хаьа", "суна ца хаьа", "ца хаьа суна"])
async def test_i_do_not_know_can_be_typed(machine: Machine, family: Family, typed: str) -> None:
    await to_first_question(family, CHECHEN)
    await family.say("Марха")
    await family.say("Нана")
    await tell_of_a_person(family, "Хьава", typed, typed)
    person = states_in(machine)[0]["draft"]["persons"][0]
    assert (person["birth"], person["country"]) == ("unknown", "unknown")


async def test_a_country_is_understood_with_a_1_for_the_palochka(machine: Machine, family: Family) -> None:
    await to_first_question(family, CHECHEN)
    await family.say("Марха")
    await family.say("Нана")
    await tell_of_a_person(family, "Хьава", "2017", "1иракъ")
    assert states_in(machine)[0]["draft"]["persons"][0]["country"] == "IQ"
