"""The command `homeward`."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(
    help="A Telegram bot through which families file and check repatriation requests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local variables would show what people wrote
)

audit_app = typer.Typer(help="The audit log: who read, changed or exported what.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")
ConfigOption = Annotated[
    Path, typer.Option(help="The settings file; config.example.toml explains every key.")
]
_BROKEN, _USAGE, _TOKEN_REFUSED = 1, 2, 3  # exit codes


@app.command()
def run(
    config: ConfigOption = Path("config.toml"),
    clock_file: Annotated[Path | None, typer.Option(hidden=True, help="The demo's time travel.")] = None,
) -> None:
    """Run the bot on Telegram; the database is brought up to date first. SIGTERM stops it cleanly."""
    from bot.running import CannotStart, TokenRefused, run_until_stopped

    try:
        run_until_stopped(config, clock_file)
    except CannotStart as problem:
        _end(str(problem), _USAGE)
    except TokenRefused:
        _end(
            f"{config}: telegram.token: Telegram does not know this token. Ask @BotFather for it again",
            _TOKEN_REFUSED,
        )


@app.command()
def init(
    config: ConfigOption = Path("config.toml"),
    token: Annotated[
        str, typer.Option(help="The bot's token from @BotFather.", prompt="Token from @BotFather")
    ] = "",
) -> None:
    """Write a settings file and a key file beside it. Neither is ever overwritten."""
    from bot.setting_up import AlreadyThere, write_config

    try:
        written = write_config(config, token)
    except AlreadyThere as problem:
        _end(
            f"{problem}: this file exists and stays as it is. Choose another --config, or move it away first",
            _USAGE,
        )
    except ValueError as problem:
        _end(str(problem), _USAGE)
    except OSError as problem:
        _end(f"{problem.filename}: {problem.strerror}. Choose another --config", _USAGE)
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(f"Keep a copy of {written[1]} in a safe place. Then: homeward run --config {config}")


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(help="Where the chat page stands.", envvar="PORT", min=1, max=65535)
    ] = 8080,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its files.")] = Path(".demo"),
) -> None:
    """Run the offline demo: the real bot, a simulated Telegram, and a chat page in the browser."""
    from bot.demo import DemoProblem, run_demo

    try:
        run_demo(port, folder)
    except DemoProblem as problem:
        _end(str(problem), _USAGE)


@app.command("move-database")
def move_database(
    source: Annotated[str, typer.Option("--from", help="The URL of the database that is there.")],
    target: Annotated[str, typer.Option("--to", help="The URL of an empty one.")],
) -> None:
    """Copy everything into another database, such as from SQLite into PostgreSQL. Stop the bot first.

    What was interrupted goes on when it is called again. The key file and the folder of files stay as they are.
    """
    from sqlalchemy.exc import ArgumentError, DBAPIError

    from bot.moving import CannotMove, move

    try:
        counted = move(source, target, lambda table, count: typer.echo(f"{table}: {count}"))
    except CannotMove as problem:
        _end(str(problem), _USAGE)
    except (ArgumentError, DBAPIError) as problem:
        _end(f"It stopped ({type(problem).__name__}). Look at both URLs, and call it again to go on", _BROKEN)
    typer.echo(f"Moved and compared: {sum(counted.values())} rows. Set database.url to the new one.")


@app.command("change-keys")
def change_keys(config: ConfigOption = Path("config.toml")) -> None:
    """Let a fresh key wrap everything, as after somebody may have seen the key file. Stop the bot first.

    What was interrupted goes on when it is called again. Keep your copy of the old file for as long as you keep backups
    that were made before.
    """
    from bot.changing_keys import CannotChange, change

    try:
        counted = change(config, lambda table, count: typer.echo(f"{table}: {count}"))
    except CannotChange as problem:
        _end(str(problem), _USAGE)
    typer.echo(
        f"Wrapped anew: {counted} keys. Make a copy of the key file now, and keep the old one with old backups."
    )


@audit_app.command("verify")
def verify_audit(
    config: ConfigOption = Path("config.toml"),
    since: Annotated[
        str,
        typer.Option(
            help="A head written down earlier (`homeward audit head`, or the bot's hourly log line)."
        ),
    ] = "",
) -> None:
    """Check that no row of the audit log was changed, taken out, moved, added or cut off. Exits with 1 if one was."""
    from bot.auditing import CannotLook, in_words, verify
    from casework.audit import Broken, Head

    try:
        earlier = Head.read(since) if since else None
    except ValueError:
        _end("--since: this is no head. Give it as `homeward audit head` shows it", _USAGE)
    try:
        found = verify(config, earlier)
    except CannotLook as problem:
        _end(str(problem), _USAGE)
    if isinstance(found, Broken):
        _end(f"The audit log does not hold: {in_words(found)}", _BROKEN)
    typer.echo(f"The audit log holds. Rows: {found}")


@audit_app.command("head")
def audit_head(config: ConfigOption = Path("config.toml")) -> None:
    """Show how far the audit log goes. Keep it elsewhere: `verify --since` then finds an older copy put back."""
    from bot.auditing import CannotLook, head

    try:
        typer.echo(str(head(config)))
    except CannotLook as problem:
        _end(str(problem), _USAGE)
    except ValueError:
        _end("The head of the audit log was changed. `homeward audit verify` says more", _BROKEN)


def _end(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise SystemExit(status)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
