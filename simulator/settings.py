"""Methods about the bot itself.

Who it is, its commands per scope and language, its menu button, its updates.
"""

import re

from simulator.answers import Json, bad_request, conflict
from simulator.calls import Call
from simulator.records import Bot, Chat, Webhook

COMMAND_NAME = re.compile(r"/?[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256
LARGEST_DOWNLOAD = 20 * 1024 * 1024
# Which scope wins, in a private chat and in a group (Bot API, "Determining list of commands").
PRIVATE_SCOPES = ("chat:{chat}", "all_private_chats", "default")
GROUP_SCOPES = ("chat_member:{chat}:{person}", "chat:{chat}", "all_group_chats", "default")
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def get_me(call: Call) -> Json:
    can: Json = dict.fromkeys(
        (
            "can_join_groups", "can_read_all_group_messages", "supports_guest_queries",
            "supports_inline_queries",
            "can_connect_to_business", "has_main_web_app", "has_topics_enabled",
            "allows_users_to_create_topics",
            "can_manage_bots", "supports_join_request_queries",
        ),
        False,
    )  # fmt: skip
    return {**call.bot.user(), **can, "can_join_groups": True}


def get_updates(call: Call) -> list[Json]:
    """The part of getUpdates that does not wait; waiting is the server's."""
    if call.bot.webhook is not None:
        raise conflict(WEBHOOK_ACTIVE)
    params = call.params
    return call.world.take_updates(
        call.bot.id,
        params.get("offset", 0),
        min(max(params.get("limit", 100), 1), 100),
        params.get("allowed_updates"),
    )


def set_webhook(call: Call) -> bool:
    """Local servers take plain HTTP, and so does this one."""
    params, url, secret = call.params, call.params.get("url", ""), call.params.get("secret_token", "")
    if not url:
        return delete_webhook(call)
    if not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if params.get("drop_pending_updates"):
        call.bot.queue.forget()
    if "allowed_updates" in params:
        call.bot.allowed = frozenset(params["allowed_updates"])
    most = min(max(params.get("max_connections", 40), 1), 100)
    call.bot.webhook = Webhook(url, secret, most)
    call.world.tell("webhook", bot=call.bot.id)
    return True


def delete_webhook(call: Call) -> bool:
    if call.params.get("drop_pending_updates"):
        call.bot.queue.forget()
    call.bot.webhook = None
    call.world.tell("webhook", bot=call.bot.id)
    return True


def get_webhook_info(call: Call) -> Json:
    hook, waiting = call.bot.webhook, len(call.bot.queue.waiting)
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
    if hook is not None:
        info |= {"url": hook.url, "max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
        if hook.last_error_message is not None:
            info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message}
    if call.bot.allowed:
        info["allowed_updates"] = sorted(call.bot.allowed)
    return info


def set_my_commands(call: Call) -> bool:
    commands = call.params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope(call), _language(call)] = [
        {**command, "command": command["command"].removeprefix("/")} for command in commands
    ]
    call.world.tell("commands", bot=call.bot.id)
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands.get((_scope(call), _language(call)), [])


def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop((_scope(call), _language(call)), None)
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


def set_my_name(call: Call) -> bool:
    call.bot.name[_language(call)] = call.params.get("name", "")
    return True


def get_my_name(call: Call) -> Json:
    return {"name": call.bot.name.get(_language(call)) or call.bot.user()["first_name"]}


def set_my_description(call: Call) -> bool:
    call.bot.description[_language(call)] = call.params.get("description", "")
    return True


def get_my_description(call: Call) -> Json:
    return {"description": call.bot.description.get(_language(call), "")}


def set_my_short_description(call: Call) -> bool:
    call.bot.short_description[_language(call)] = call.params.get("short_description", "")
    return True


def get_my_short_description(call: Call) -> Json:
    return {"short_description": call.bot.short_description.get(_language(call), "")}


def get_file(call: Call) -> Json:
    file = call.world.files.get(call.params["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    about = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size}
    return {**about, "file_path": file.path}


def get_chat(call: Call) -> Json:
    kinds = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    gifts = dict.fromkeys(kinds, False)
    return {
        **call.chat().chat(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }


def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    if call.bot.id not in chat.members:
        raise bad_request("chat not found")
    chat.members.discard(call.bot.id)
    return True


def log_out(call: Call) -> bool:
    """Leaves a local server for the cloud's; here the token simply goes on working."""
    call.bot.logged_out = True
    return True


def close(call: Call) -> bool:  # noqa: ARG001 - every method has the same form
    return True


def _scope(call: Call) -> str:
    scope = call.params.get("scope", {"type": "default"})
    if scope["type"] in {"chat", "chat_member", "chat_administrators"}:
        call.world.chat_of(call.bot, scope["chat_id"])
    return ":".join([scope["type"], *(str(scope[k]) for k in ("chat_id", "user_id") if k in scope)])


def _language(call: Call) -> str:
    code: str = call.params.get("language_code", "")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("LANG_CODE_INVALID")
    return code
