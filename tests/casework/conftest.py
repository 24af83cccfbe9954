"""What stories about the index of names share."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from casework.name_index import NameIndex
from db.models import Account
from tests.casework.filing import Office
from tests.handlers.paths import to_menu
from tests.machine import Machine


@pytest.fixture
async def office(machine: Machine) -> AsyncIterator[Office]:
    await to_menu(machine.person(1003))
    with machine.homeward.engine.begin() as connection:
        account = connection.scalars(select(Account.id)).one()
        yield Office(connection, machine.homeward.around.keys, account, NameIndex())
