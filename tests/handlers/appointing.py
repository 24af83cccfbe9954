"""An appointment that the office has made with a family, opened from its notice."""

from datetime import timedelta

from sqlalchemy import select

from casework.reminding.setting import Appointment, What, appoint
from db.models import Access, Account, Request
from db.sealed import Place
from tests.family import Family


async def to_an_appointment(family: Family) -> None:
    homeward = family.machine.homeward
    with homeward.engine.begin() as connection:
        own = Account.telegram_key == homeward.around.keys.lookup("telegram", family.id)
        wanted = select(Request.id, Request.data_key, Access.account_id).join(Access)
        row = connection.execute(wanted.join(Account, Account.id == Access.account_id).where(own)).one()
        key = homeward.around.keys.data_key(row.data_key, Place("request", "data_key", row.id))
        made = Appointment(What.DNA, "", homeward.clock.now() + timedelta(days=3))
        zone, now = homeward.around.zone, homeward.clock.now()
        about, by = (row.id, key), row.account_id
        number = appoint(connection, homeward.around.rules, about, [by], made, zone, by, now)
    await family.forge(f"~:appointment:{number}")
