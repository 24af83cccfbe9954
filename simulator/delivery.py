"""How a bot gets its updates: getUpdates and webhooks."""

import re

from simulator.answers import Json, bad_request, conflict
from simulator.calls import Call
from simulator.records import Webhook

SECRET = re.compile(r"[A-Za-z0-9_-]*")
LONGEST_SECRET = 256
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


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
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
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
