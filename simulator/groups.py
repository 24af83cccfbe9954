"""Groups, as far as the bot must cope with them.

Being added, hearing a message, being upgraded, being removed.
"""

from simulator.answers import Json
from simulator.people import PeopleSide
from simulator.records import Chat

# Telegram numbers supergroups from here downwards.
SUPERGROUPS = -1_000_000_000_000


class GroupSide(PeopleSide):
    def add_to_group(
        self, group_id: int, person_id: int, *, title: str = "Group", bot_id: int | None = None
    ) -> Json:
        """A person puts the bot into a group, which is made by first mention; `group_id` is negative."""
        if group_id >= 0:
            raise LookupError(f"a group's id is a negative integer, not {group_id}")
        bot = self.meant_bot(bot_id)
        group = self.groups.setdefault(group_id, Chat(group_id, _kind(group_id), title=title))
        group.members.add(bot.id)
        return self._member_change(group, person_id, bot.id, "left", "member")

    def remove_from_group(self, group_id: int, person_id: int, *, bot_id: int | None = None) -> Json:
        bot = self.meant_bot(bot_id)
        group = self.groups[group_id]
        group.members.discard(bot.id)
        return self._member_change(group, person_id, bot.id, "member", "left")

    def write_in_group(self, group_id: int, person_id: int, text: str, *, bot_id: int | None = None) -> Json:
        bot, group, person = self._line(person_id, bot_id, group_id)
        stored = self.say(bot, group, self._words(text), by=person.user())
        update_id = self.queue(bot, "message", stored.message, person=person, text=text)
        return {"message_id": stored.id, "update_id": update_id}

    def upgrade_group(self, group_id: int, person_id: int, *, bot_id: int | None = None) -> Json:
        """Make a supergroup of a group.

        It goes on under a new id, and the old one is refused from then on.
        """
        bot, old, person = self._line(person_id, bot_id, group_id)
        new_id = SUPERGROUPS + group_id
        new = Chat(new_id, "supergroup", title=old.title, members=old.members)
        self.groups[new_id] = new
        old.migrated_to = new_id
        notice = self.say(bot, old, {"migrate_to_chat_id": new_id}, by=person.user())
        self.queue(bot, "message", notice.message, person=person)
        arrival = self.say(bot, new, {"migrate_from_chat_id": group_id}, by=person.user())
        update_id = self.queue(bot, "message", arrival.message, person=person)
        return {"chat_id": new_id, "update_id": update_id}

    def _member_change(self, group: Chat, person_id: int, bot_id: int, before: str, after: str) -> Json:
        bot, person = self.bots[bot_id], self.person(person_id)
        change = {
            "chat": group.chat(),
            "from": person.user(),
            "date": self.now(),
            "old_chat_member": {"user": bot.user(), "status": before},
            "new_chat_member": {"user": bot.user(), "status": after},
        }
        return {"update_id": self.queue(bot, "my_chat_member", change, person=person)}


def _kind(group_id: int) -> str:
    return "supergroup" if group_id < SUPERGROUPS else "group"
