"""python-telegram-bot as its examples teach: one update after the other, PicklePersistence."""

import sys
from pathlib import Path

from telegram import Update
from telegram.ext import Application, PicklePersistence

from bench.peers import TOKEN, ptb_conversation


def main(api_url: str, folder: Path) -> None:
    persistence = PicklePersistence(filepath=folder / "conversationbot")
    builder = Application.builder().token(TOKEN).base_url(f"{api_url}/bot").persistence(persistence)
    application = builder.build()
    application.add_handler(ptb_conversation.handler(persistent=True))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
