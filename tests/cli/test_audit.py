"""`homeward audit`: looked at from outside, while the bot runs."""

from pathlib import Path

from sqlalchemy import delete, update
from typer.testing import CliRunner, Result

from bot.__main__ import app
from db.keys import write_new_key_file
from db.models import Audit, Setting
from tests.databases import only_sqlite
from tests.handlers.desk import BOSS, at_desk, invited
from tests.machine import Machine, running


def audit(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments, "--config", str(folder / "config.toml")])


def execute(machine: Machine, statement: object) -> None:
    with machine.homeward.engine.begin() as connection:
        connection.execute(statement)  # type: ignore[call-overload]


async def test_a_chain_that_holds_and_one_that_does_not(tmp_path: Path) -> None:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        admin = await at_desk(machine)
        await invited(machine, admin, 901, "Vera")
        held = audit(tmp_path, "verify")
        assert (held.exit_code, held.output) == (0, "The audit log holds. Rows: 4\n")
        head = audit(tmp_path, "head")
        assert head.exit_code == 0
        assert head.output.startswith("4:")
        await admin.say("/team")
        await admin.press("Vera")
        assert audit(tmp_path, "verify", "--since", head.output.strip()).output.startswith(
            "The audit log holds."
        )

        execute(machine, delete(Audit).where(Audit.id > 3))
        cut = audit(tmp_path, "verify")
        assert cut.exit_code == 1
        assert "the end is missing from row 4 on" in cut.output
        execute(machine, update(Audit).where(Audit.id == 2).values(action="desk"))
        assert "row 2 was changed" in audit(tmp_path, "verify").output
        execute(machine, update(Setting).where(Setting.name == "audit_head").values(value=b"3:00 00"))
        assert (changed := audit(tmp_path, "verify")).exit_code == 1
        assert "the head of the audit log was changed" in changed.output
        assert audit(tmp_path, "head").exit_code == 1


async def test_what_is_not_there_is_said_with_its_mend(tmp_path: Path) -> None:
    missing = audit(tmp_path, "verify")
    assert missing.exit_code == 2
    assert "there is no such file" in missing.output
    async with running(tmp_path):
        assert audit(tmp_path, "verify").output == "The audit log holds. Rows: 0\n"
        wrong = audit(tmp_path, "verify", "--since", "yesterday")
        assert wrong.exit_code == 2
        assert "--since: this is no head" in wrong.output
    (tmp_path / "config.key").unlink()
    write_new_key_file(tmp_path / "config.key")
    assert "these are not the keys of this database" in audit(tmp_path, "head").output


@only_sqlite
async def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    async with running(tmp_path):
        pass
    (tmp_path / "homeward.db").unlink()
    gone = audit(tmp_path, "head")
    assert gone.exit_code == 2
    assert "there is no database yet" in gone.output
    assert not (tmp_path / "homeward.db").exists()
