"""What Telegram is told about us at each start: the commands, per language, and the menu button that shows
them.
"""

import structlog
from telegram.error import TelegramError

from bot.api import Api
from bot.i18n import Locales
from handlers import COMMANDS

log = structlog.get_logger(__name__)


async def introduce(api: Api, locales: Locales) -> None:
    """Set commands and menu button. Decoration: a failure is logged and the bot goes on."""
    try:
        await api.call("setChatMenuButton", {"menu_button": {"type": "commands"}})
        for locale in (None, *locales):
            words = locale or locales.get("en")
            commands = [
                {"command": name, "description": words.plain(sentence)} for name, sentence in COMMANDS
            ]
            language = {} if locale is None else {"language_code": locale.code}
            await api.call(
                "setMyCommands", {"commands": commands, "scope": {"type": "all_private_chats"}, **language}
            )
    except TelegramError as error:
        log.warning("introduction.failed", error=type(error).__name__)
