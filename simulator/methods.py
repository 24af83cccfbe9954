"""What each method of the Bot API does to the world, by its name in lower case."""

from collections.abc import Callable

from simulator import commands, delivery, editing, sending, settings
from simulator.calls import Call

METHODS: dict[str, Callable[[Call], object]] = {
    "getme": settings.get_me,
    "logout": settings.log_out,
    "close": settings.close,
    # updates
    "getupdates": delivery.get_updates,
    "setwebhook": delivery.set_webhook,
    "deletewebhook": delivery.delete_webhook,
    "getwebhookinfo": delivery.get_webhook_info,
    # messages
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendvoice": sending.send_voice,
    "sendvideonote": sending.send_video_note,
    "copymessage": sending.copy_message,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "deletemessages": editing.delete_messages,
    "answercallbackquery": editing.answer_callback_query,
    "getfile": settings.get_file,
    # how the bot shows itself
    "setmycommands": commands.set_my_commands,
    "getmycommands": commands.get_my_commands,
    "deletemycommands": commands.delete_my_commands,
    "setchatmenubutton": commands.set_chat_menu_button,
    "getchatmenubutton": commands.get_chat_menu_button,
    "setmyname": settings.set_my_name,
    "getmyname": settings.get_my_name,
    "setmydescription": settings.set_my_description,
    "getmydescription": settings.get_my_description,
    "setmyshortdescription": settings.set_my_short_description,
    "getmyshortdescription": settings.get_my_short_description,
    # chats
    "getchat": settings.get_chat,
    "leavechat": settings.leave_chat,
}
