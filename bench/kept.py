"""What is kept of a run for whoever looks into a finding: the chats it was found in, their rows, and the bots' log.

Everybody in it is made up.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from bench.checker import Findings
from bench.processes import Running
from bench.relatives import Relative
from bot.config import read_config
from db.engine import make_engine
from db.keys import read_key_file
from db.models import Account, Outbox, SeenUpdate
from db.sealed import KeyRing

_WHO = re.compile(r"(\d+):")


def keep(folder: Path, config: Path, relatives: Sequence[Relative], findings: Findings, bot: Running) -> None:
    """Write a file for each person something was found about, and the log."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log").write_text("\n".join(bot.log), encoding="utf-8")
    lines = [line for each in findings.violations.values() for line in each]
    who = {int(found[1]) for line in lines if (found := _WHO.match(line))}
    settings = read_config(config)
    keys, engine = read_key_file(settings.security.key_file), make_engine(settings.database.url)
    with engine.begin() as connection:
        for relative in relatives:
            if relative.telephone.id in who:
                number = relative.telephone.id
                told = [line for line in lines if line.startswith(f"{number}:")]
                happened = sorted([*relative.telephone.diary, *_written(connection, keys, number)])
                (folder / str(number)).write_text("\n".join([*told, *happened]), encoding="utf-8")
    engine.dispose()


def _written(connection: Connection, keys: KeyRing, number: int) -> list[str]:
    """Return the person's rows, each at the moment at which its turn began."""
    account = connection.scalar(
        select(Account.id).where(Account.telegram_key == keys.lookup("telegram", number))
    )
    rows = connection.execute(select(Outbox.__table__).where(Outbox.account_id == account))
    sent = [
        f"{row.created_at.timestamp():.3f} row {row.id} {row.state} as {row.message_id}, tries {row.attempts},"
        f" fence {row.fence}, due {row.due_at.timestamp():.3f}"
        for row in rows
    ]
    seen = connection.execute(select(SeenUpdate.__table__).where(SeenUpdate.account_id == account))
    return [*sent, *(f"{row.at.timestamp():.3f} update {row.update_id} as {row.message_id}" for row in seen)]
