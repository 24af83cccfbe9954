"""A person's side over HTTP (docs/simulator.md)."""

from collections.abc import Callable

from tornado.web import HTTPError

from simulator.answers import Json
from simulator.json_handler import JsonHandler
from simulator.records import Upload
from simulator.world import World

FILES = frozenset({"photo", "document", "voice", "video_note"})
ACTS: dict[str, Callable[[World, int, Json, int | None], Json]] = {
    "text": lambda world, person, body, bot: world.write(
        person,
        body["text"],
        bot_id=bot,
        reply_to=body.get("reply_to"),
        formatted=bool(body.get("formatted")),
    ),
    "edit": lambda world, person, body, bot: world.edit(person, body["message_id"], body["text"], bot_id=bot),
    "press": lambda world, person, body, bot: world.press(
        person, body["message_id"], body.get("data"), body.get("label"), bot_id=bot
    ),
    "tap": lambda world, person, body, bot: world.tap(person, body["label"], bot_id=bot),
    "contact": lambda world, person, body, bot: world.send_contact(
        person, body["phone_number"], body["first_name"], own=body.get("own", True), bot_id=bot
    ),
    "location": lambda world, person, body, bot: world.send_location(
        person, body["latitude"], body["longitude"], bot_id=bot
    ),
    "sticker": lambda world, person, _, bot: world.send_sticker(person, bot_id=bot),
    "forward": lambda world, person, body, bot: world.forward(
        person, body["text"], body["from_name"], bot_id=bot
    ),
    "block": lambda world, person, _, bot: world.block(person, bot_id=bot),
    "unblock": lambda world, person, _, bot: world.unblock(person, bot_id=bot),
    "deactivate": lambda world, person, *_: world.deactivate(person),
}
GROUP_ACTS: dict[str, Callable[[World, int, int, Json, int | None], Json]] = {
    "add": lambda world, group, person, body, bot: world.add_to_group(
        group, person, title=body.get("title", "Group"), bot_id=bot
    ),
    "remove": lambda world, group, person, _, bot: world.remove_from_group(group, person, bot_id=bot),
    "text": lambda world, group, person, body, bot: world.write_in_group(
        group, person, body["text"], bot_id=bot
    ),
    "press": lambda world, group, person, body, bot: world.press(
        person, body["message_id"], body.get("data"), body.get("label"), bot_id=bot, group_id=group
    ),
    "upgrade": lambda world, group, person, _, bot: world.upgrade_group(group, person, bot_id=bot),
}


class People(JsonHandler):
    def get(self) -> None:
        self.reply(self.world.people_listed(bot_id=self.bot_id))


class OnePerson(JsonHandler):
    def put(self, person_id: str) -> None:
        names = {
            k: str(v)
            for k, v in self.body().items()
            if k in {"first_name", "last_name", "username", "language_code"}
        }
        started = bool(self.body().get("started"))
        self.reply(self.world.meet(int(person_id), **names, started=started).user())


class Screen(JsonHandler):
    def get(self, person_id: str) -> None:
        self.reply(self.world.screen(int(person_id), bot_id=self.bot_id))


class Act(JsonHandler):
    """`POST /people/<id>/<act>`."""

    def post(self, person_id: str, act: str) -> None:
        person = int(person_id)
        if act in FILES:
            self.reply(self._send_file(person, act))
        elif act in ACTS:
            self.reply(ACTS[act](self.world, person, self.body(), self.bot_id))
        else:
            raise HTTPError(404)

    def _send_file(self, person: int, kind: str) -> Json:
        sent = self.request.files.get("file")
        if not sent:
            raise HTTPError(400, reason="the body has no file")
        upload = Upload(sent[0]["filename"], sent[0]["body"], sent[0]["content_type"])
        caption, album = self.get_body_argument("caption", ""), self.get_body_argument("album", "")
        return self.world.send_file(person, kind, upload, caption=caption, album=album, bot_id=self.bot_id)


class GroupAct(JsonHandler):
    """`POST /groups/<id>/<act>`: add, remove, text, press, upgrade; `GET /groups/<id>/chat`."""

    def get(self, group_id: str, _act: str) -> None:
        group = self.world.groups[int(group_id)]
        self.reply({"messages": [stored.shown() for stored in group.messages.values()]})

    def post(self, group_id: str, act: str) -> None:
        if act not in GROUP_ACTS:
            raise HTTPError(404)
        body = self.body()
        self.reply(GROUP_ACTS[act](self.world, int(group_id), int(body["person"]), body, self.bot_id))


class WorldFile(JsonHandler):
    def get(self, file_id: str) -> None:
        file = self.world.files.get(file_id)
        if file is None:
            raise HTTPError(404)
        self.set_header("Content-Type", file.upload.content_type)
        # What people upload may be hostile: the browser must not take it for a page.
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "sandbox")
        self.finish(file.upload.content)


class RawUpdate(JsonHandler):
    def post(self) -> None:
        self.reply(self.world.put_update(self.body(), bot_id=self.bot_id))
