"""Audiences of many families at once, and the way through /broadcast that many stories take."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from db.ids import new_id
from db.models import Access, Account, BroadcastRun, Dialog, Outbox
from db.sealed import Place
from tests.family import Family
from tests.machine import BOT_ID, Machine

FIRST = 5000  # Telegram ids of families that are put straight into the database


def families(machine: Machine, languages: Sequence[str], first: int = FIRST, **columns: Any) -> list[int]:
    """Put families into the database who have chosen these languages and can be written to; return their chats."""
    homeward = machine.homeward
    keys, now = homeward.around.keys, homeward.clock.now()
    accounts, dialogs, people = [], [], []
    for person, language in enumerate(languages, first):
        account_id = new_id()
        key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
        accounts.append(
            {
                "id": account_id,
                "telegram_key": keys.lookup("telegram", person),
                "data_key": wrapped,
                "address": key.seal(person, Place("account", "address", account_id)),
                "language": language,
                "created_at": now,
                **columns,
            }
        )
        dialogs.append({"account_id": account_id, "step": "", "updated_at": now})
        machine.world.meet(person, first_name="Zainab")
        machine.world.private_chat(machine.world.bots[BOT_ID], machine.world.people[person]).started = True
        people.append(person)
    with homeward.engine.begin() as connection:
        connection.execute(insert(Account), accounts)
        connection.execute(insert(Dialog), dialogs)
    return people


def opens(machine: Machine, person: int, request_id: int) -> None:
    """Let somebody open a request."""
    homeward = machine.homeward
    with homeward.engine.begin() as connection:
        known = homeward.around.keys.lookup("telegram", person)
        account = connection.scalars(select(Account.id).where(Account.telegram_key == known)).one()
        row = {"account_id": account, "request_id": request_id, "since": homeward.clock.now()}
        connection.execute(insert(Access), row)


async def begin(writer: Family, *groups: str) -> None:
    """Begin a broadcast to these groups: "Language: Русский" or "Everybody"."""
    await writer.say("/broadcast")
    await writer.press("New broadcast")
    await writer.press("To whom")
    for group in groups:
        name, _, value = group.partition(": ")
        await writer.press(name)
        if value:
            await writer.press(value)
            await writer.press("Done")
    await writer.press("← Back")


async def write(writer: Family, language: str, text: str, *, formatted: bool = False) -> None:
    """Write the words in one language, named as it names itself."""
    await writer.press_with(language)
    writer.machine.world.write(writer.id, text, formatted=formatted)
    await writer.machine.settle()


def received(machine: Machine, people: Sequence[int]) -> dict[int, list[str]]:
    """Return the texts that each of these chats holds now."""
    bot = machine.world.bots[BOT_ID]
    chats = {person: machine.world.private_chat(bot, machine.world.people[person]) for person in people}
    return {
        person: [str(each.message.get("text", "")) for each in chat.messages.values() if each.outgoing]
        for person, chat in chats.items()
    }


def runs(machine: Machine) -> list[Any]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.execute(select(BroadcastRun.__table__).order_by(BroadcastRun.id)))


def states(machine: Machine) -> list[str]:
    """Return the states of all rows that belong to broadcasts."""
    with machine.homeward.engine.begin() as connection:
        return sorted(connection.scalars(select(Outbox.state).where(Outbox.run_id.is_not(None))))
