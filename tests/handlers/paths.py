"""Ways through the conversation that many stories begin with."""

from tests.family import Family


async def to_menu(family: Family, language: str = "English") -> None:
    await family.say("/start")
    await family.press(language)


async def to_first_question(family: Family, language: str = "English") -> None:
    await to_menu(family, language)
    await family.press("File a request")
    await family.press("I agree")


async def tell_of_a_person(family: Family, name: str, birth: str = "2017", country: str = "Iraq") -> None:
    await family.say(name)
    await family.say(birth)
    await family.say(country)


async def to_summary(
    family: Family, *names: str, language: str = "English", relation: str = "Grandmother"
) -> None:
    """Answer everything for these persons, up to "Check your answers"."""
    await to_first_question(family, language)
    await family.say("Zainab")
    await family.press(relation)
    for number, name in enumerate(names or ("Amina Alieva",)):
        if number:
            await family.press("Add another person")
        await tell_of_a_person(family, name)
    await family.press("No, check my answers")


async def to_confirmation(family: Family, *names: str, language: str = "English") -> None:
    await to_summary(family, *names, language=language)
    await family.press("Send my request")
