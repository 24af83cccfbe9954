"""The bot's commands per scope and language, and its menu button: what is set, and what a person sees."""

import re

from simulator.answers import Json, bad_request
from simulator.calls import Call, language_of
from simulator.records import Bot, Chat

COMMAND_NAME = re.compile(r"/?[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256
# Which scope wins, in a private chat and in a group (Bot API, "Determining list of commands").
PRIVATE_SCOPES = ("chat:{chat}", "all_private_chats", "default")
GROUP_SCOPES = ("chat_member:{chat}:{person}", "chat:{chat}", "all_group_chats", "default")


def set_my_commands(call: Call) -> bool:
    commands = call.params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope(call), language_of(call)] = [
        {**command, "command": command["command"].removeprefix("/")} for command in commands
    ]
    call.world.tell("commands", bot=call.bot.id)
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands.get((_scope(call), language_of(call)), [])


def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop((_scope(call), language_of(call)), None)
    call.world.tell("commands", bot=call.bot.id)
    return True


def commands_shown(bot: Bot, chat: Chat, language_code: str, person_id: int = 0) -> list[Json]:
    """The commands that a person sees.

    The narrowest scope first, and in each the person's language before any.
    """
    language = language_code.partition("-")[0]
    for pattern in PRIVATE_SCOPES if chat.person is not None else GROUP_SCOPES:
        scope = pattern.format(chat=chat.id, person=person_id)
        for each in (language, ""):
            if bot.commands.get((scope, each)):
                return bot.commands[scope, each]
    return []


def set_chat_menu_button(call: Call) -> bool:
    button = call.params.get("menu_button", {"type": "default"})
    call.bot.menu_buttons[call.params.get("chat_id", 0)] = button
    call.world.tell("commands", bot=call.bot.id)
    return True


def get_chat_menu_button(call: Call) -> Json:
    return menu_button_shown(call.bot, call.params.get("chat_id", 0))


def menu_button_shown(bot: Bot, chat_id: int) -> Json:
    """A chat's own button, or the bot's default, or Telegram's: the list of commands."""
    for each in (chat_id, 0):
        button = bot.menu_buttons.get(each)
        if button is not None and button["type"] != "default":
            return button
    return {"type": "commands"}


def _scope(call: Call) -> str:
    scope = call.params.get("scope", {"type": "default"})
    if scope["type"] in {"chat", "chat_member", "chat_administrators"}:
        call.world.chat_of(call.bot, scope["chat_id"])
    return ":".join([scope["type"], *(str(scope[k]) for k in ("chat_id", "user_id") if k in scope)])
