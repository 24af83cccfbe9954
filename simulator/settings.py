"""Methods about the bot itself and the chats and files it knows."""

from simulator import media
from simulator.answers import Json, bad_request
from simulator.calls import Call, language_of

LARGEST_DOWNLOAD = 20 * 1024 * 1024
ABILITIES = {
    "can_join_groups": True,
    # In the simulator's groups a bot hears everything, as one that is an administrator does.
    "can_read_all_group_messages": True,
    "supports_guest_queries": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
    "supports_join_request_queries": False,
}
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_me(call: Call) -> Json:
    return {**call.bot.user(), **ABILITIES}


def set_my_name(call: Call) -> bool:
    call.bot.name[language_of(call)] = call.params.get("name", "")
    return True


def get_my_name(call: Call) -> Json:
    return {"name": call.bot.name.get(language_of(call)) or call.bot.user()["first_name"]}


def set_my_description(call: Call) -> bool:
    call.bot.description[language_of(call)] = call.params.get("description", "")
    return True


def get_my_description(call: Call) -> Json:
    return {"description": call.bot.description.get(language_of(call), "")}


def set_my_short_description(call: Call) -> bool:
    call.bot.short_description[language_of(call)] = call.params.get("short_description", "")
    return True


def get_my_short_description(call: Call) -> Json:
    return {"short_description": call.bot.short_description.get(language_of(call), "")}


def get_file(call: Call) -> Json:
    file = call.world.files.get(call.params["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {**media.of_file(file), "file_path": file.path}


def get_chat(call: Call) -> Json:
    return {
        **call.chat().chat(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }


def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    if call.bot.id not in chat.members:
        raise bad_request("chat not found")
    chat.members.discard(call.bot.id)
    return True


def log_out(_: Call) -> bool:
    """On Telegram a bot moves to another server this way; here its token simply goes on working."""
    return True


def close(_: Call) -> bool:
    return True
