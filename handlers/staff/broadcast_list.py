"""The list of whom a broadcast did not reach, for staff to call: made at the moment it leaves, protected, audited."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from bot.i18n import Locale, Locales
from bot.spreadsheets import MEDIA_TYPE, Sheet, write_spreadsheet
from bot.turn import Turn
from bot.uploads import Recipe, Upload
from casework import broadcast_runs as runs
from casework.broadcasts import Broadcast
from casework.more_questions import REQUESTER
from casework.phones import phone_in_words
from casework.words import N_
from db.models import Access, Account, Request
from db.sealed import KeyRing, Place, SealBroken

NOT_REACHED = "not_reached"  # the renderer's name in a recipe
_AT_ONCE = 500
_CALLED = N_("Not reached")
_HEADINGS = (
    N_("Why"),
    N_("Reference"),
    N_("Who asks"),
    N_("Telephone"),
    N_("When to call"),
    N_("Language"),
)
# As families were asked.
_HOURS = {choice.code: choice.label for each in REQUESTER if each.key == "hours" for choice in each.choices}
_WHY = {
    "blocked": N_("has blocked the bot or is gone"),
    "dead": N_("Telegram refused the message"),
    "uncertain": N_("may have got it, nobody knows"),
    "cancelled": N_("stopped before it left"),
}


@dataclass(frozen=True)
class _Line:
    state: str
    reference: str
    name: str
    phone: str
    hours: str
    language: str


def not_reached_recipe(turn: Turn, broadcast: Broadcast) -> tuple[Recipe, list[int]]:
    """Return the recipe of the file, and the requests that it opens."""
    accounts = [account for account, _ in runs.not_reached(turn.connection, broadcast.id)]
    requests = list(_requests_of(turn.connection, accounts).values())
    recipe = {"render": NOT_REACHED, "broadcast": str(broadcast.id), "language": turn.locale.code}
    recipe["filename"] = f"{broadcast.details.code}.xlsx"
    return recipe, [each for ids in requests for each in ids]


class NotReachedFiles:
    """The renderer `not_reached`."""

    def __init__(self, engine: Engine, keys: KeyRing, locales: Locales) -> None:
        self._engine, self._keys, self._locales = engine, keys, locales

    def __call__(self, recipe: Recipe) -> Upload:
        locale = self._locales.get(recipe["language"])
        with self._engine.begin() as connection:
            lines = _lines(connection, self._keys, self._locales, int(recipe["broadcast"]))
        rows = [_row(locale, each) for each in lines]
        headings = [locale.plain(each) for each in _HEADINGS]
        sheet = Sheet(locale.plain(_CALLED), headings, rows, right_to_left=locale.right_to_left)
        return Upload("document", recipe["filename"], write_spreadsheet(sheet), MEDIA_TYPE)


def _row(locale: Locale, line: _Line) -> list[str]:
    phone = phone_in_words(line.phone) if line.phone.startswith("+") else line.phone
    hours = locale.plain(_HOURS.get(line.hours, line.hours)) if line.hours else ""
    return [locale.plain(_WHY[line.state]), line.reference, line.name, phone, hours, line.language]


def _lines(connection: Connection, keys: KeyRing, locales: Locales, broadcast_id: int) -> list[_Line]:
    missed = runs.not_reached(connection, broadcast_id)
    requests = _requests_of(connection, [account for account, _ in missed])
    languages = _languages(connection, locales, list(requests) + [account for account, _ in missed])
    lines = []
    for account, state in missed:
        opened = [_asker(connection, keys, each) for each in requests.get(account, ())] or [("", "", "", "")]
        lines += [
            _Line(state, reference, name, phone, hours, languages.get(account, ""))
            for reference, name, phone, hours in opened
        ]
    return lines


def _asker(connection: Connection, keys: KeyRing, request_id: int) -> tuple[str, str, str, str]:
    row = connection.execute(select(Request.data_key, Request.details).where(Request.id == request_id)).one()
    try:
        key = keys.data_key(row.data_key, Place("request", "data_key", request_id))
        details = key.open(row.details, Place("request", "details", request_id))
    except SealBroken:  # whoever opens the case is told of it
        return "", "", "", ""
    asker = details["requester"]
    return (
        details["reference"],
        _said(asker.get("name")),
        _said(asker.get("phone")),
        _said(asker.get("hours")),
    )


def _said(answer: object) -> str:
    return answer if isinstance(answer, str) else ""


def _requests_of(connection: Connection, accounts: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for start in range(0, len(accounts), _AT_ONCE):
        rows = connection.execute(
            select(Access.account_id, Access.request_id)
            .join(Request, Request.id == Access.request_id)
            .where(Access.account_id.in_(accounts[start : start + _AT_ONCE]), Request.erased_at.is_(None))
            .order_by(Access.account_id, Access.request_id)
        )
        for row in rows:
            found.setdefault(row.account_id, []).append(row.request_id)
    return found


def _languages(connection: Connection, locales: Locales, accounts: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(accounts), _AT_ONCE):
        rows = connection.execute(
            select(Account.id, Account.language).where(Account.id.in_(accounts[start : start + _AT_ONCE]))
        )
        found |= {row.id: locales.get(row.language).own_name for row in rows}
    return found
