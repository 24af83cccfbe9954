"""`python -m bench.sender CONFIG COUNT`: Homeward's outbox with so many messages to as many people.

The rows are sealed and committed first, as a turn that tells them would do it; each fate is written down.
"""

import asyncio
import sys
from pathlib import Path

import uvloop
from sqlalchemy import Connection, insert

from bench.peers import words
from bot import logs
from bot.app import Homeward, build
from bot.config import read_config
from bot.outgoing import Lane, Outgoing, Settled
from bot.store import add_to_outbox
from db.gathered import write
from db.ids import new_id
from db.models import Account
from db.sealed import DataKey, Place

_ADD_ACCOUNT = insert(Account)


async def send(homeward: Homeward, count: int) -> None:
    """Write down and deliver a message to each of so many people."""
    await homeward.start()
    await homeward.api.call("getMe", {})  # from here on it is measured
    rows = await homeward.writer.run(lambda connection: _written(homeward, connection, count))
    homeward.outbox.take(Settled(0, rows, [], None, None))
    await homeward.outbox.idle()
    await homeward.stop()


def _written(homeward: Homeward, connection: Connection, count: int) -> list[Outgoing]:
    rows: list[tuple[Outgoing, DataKey]] = []
    for number in range(1, count + 1):
        account_id, key = _account(homeward, connection, number)
        content = {"text": words.CLOSED.format(day="today"), "parse_mode": "HTML"}
        row = Outgoing.reply(account_id, number, "sendMessage", content)
        row.lane = Lane.BULK
        rows.append((row, key))
    now = homeward.clock.now()
    add_to_outbox(connection, [row.as_columns(key, homeward.around.instance, now) for row, key in rows])
    return [row for row, _ in rows]


def _account(homeward: Homeward, connection: Connection, chat_id: int) -> tuple[int, DataKey]:
    keys, account_id = homeward.around.keys, new_id()
    key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
    row = {"id": account_id, "telegram_key": keys.lookup("telegram", chat_id), "data_key": wrapped}
    row |= {"address": key.seal(chat_id, Place("account", "address", account_id))}
    write(connection, _ADD_ACCOUNT, [{**row, "created_at": homeward.clock.now(), "language": "en"}])
    return account_id, key


def main(config: Path, count: int) -> None:
    settings = read_config(config)
    logs.set_up(settings.log.level, as_json=settings.log.json_lines)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(send(build(settings), count))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
