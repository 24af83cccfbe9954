"""The people among whom reminders are shown: an admin who reads Russian, a colleague with a case, its Arabic family.

Whatever happens between them is done by their own presses and messages.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.reminding.rules import Kind
from db.models import Reminder
from tests.bot.stage import account_of, rows
from tests.family import Family
from tests.handlers.desk import BOSS, invited, reference_in
from tests.handlers.paths import to_confirmation
from tests.handlers.test_moving import take
from tests.machine import Machine, running
from tests.rows import kept, put_back


@dataclass
class Scene:
    """Everybody who may be reminded.

    Attributes:
        people: "admin", "colleague", "family", and who a story brings along.
        reference: of the case that the colleague has.
        begin: the moment of all that a story begins with.
    """

    office: Machine
    people: dict[str, Family] = field(default_factory=dict)
    reference: str = ""
    begin: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.begin = self.now

    @property
    def now(self) -> datetime:
        return self.office.homeward.clock.now()

    @property
    def admin(self) -> Family:
        return self.people["admin"]

    @property
    def colleague(self) -> Family:
        return self.people["colleague"]

    @property
    def family(self) -> Family:
        return self.people["family"]

    async def until(self, moment: timedelta) -> None:
        """Let so much pass since the begin, and look for what is due, as every few seconds."""
        ahead = self.begin + moment - self.now
        assert ahead >= timedelta()
        self.office.later(seconds=ahead.total_seconds())
        await self.office.remind()

    async def files(self, person_id: int, language: str) -> Family:
        """Let somebody file a request in their language."""
        family = self.office.person(person_id, language)
        await to_confirmation(family, "Amina Alieva", language=family.language_name)
        return family

    def own(self, who: Family, label: str) -> str:
        """Return what a button says in somebody's own language."""
        return self.office.homeward.around.locales.get(who.language).plain(label)

    def states(self, kind: Kind, who: Family) -> set[str]:
        """Return how that person's reminders of this kind stand."""
        account = account_of(self.office, who).id
        found: list[Any] = rows(self.office, Reminder)
        return {row.state for row in found if (row.kind, row.account_id) == (kind.value, account)}


class Beginning:
    """How everything stood before a story: to go back to, so that the people need to come together only once."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._rows = scene, kept(scene.office, grown=True)
        self._people, self._reference = dict(scene.people), scene.reference
        self._chats = {of: deepcopy(chat.messages) for of, chat in scene.office.world.private.items()}

    def go_back(self) -> None:
        scene, world = self._scene, self._scene.office.world
        put_back(scene.office, self._rows)
        scene.people, scene.reference = dict(self._people), self._reference
        for of, chat in world.private.items():
            chat.messages = deepcopy(self._chats.get(of, {}))
        world.clock.reset()


@asynccontextmanager
async def a_scene(folder: Path) -> AsyncIterator[Scene]:
    """Open the office on a Sunday at noon by its clock, which is Moscow's."""
    async with running(folder, admins=(BOSS,)) as office:
        scene = Scene(office)
        scene.people["admin"] = admin = office.person(BOSS, "ru", "Анна")
        await admin.say("/start")
        await admin.press(admin.language_name)
        await admin.say("Анна")
        scene.people["colleague"] = await invited(office, admin, 901, "Boris")
        scene.people["family"] = await scene.files(1001, "ar")
        scene.reference = reference_in(scene.family)
        await take(scene.colleague, scene.reference)
        yield scene
