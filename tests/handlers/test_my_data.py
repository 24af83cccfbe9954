"""/my_data gives everything held (privacy rule 9)."""

import json
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import update

from db.models import Account, Consent, Person, Request
from simulator.records import Upload
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_menu
from tests.handlers.sending import send_photo
from tests.machine import Machine


def documents(machine: Machine, family: Family) -> dict[str, str]:
    """Return the files of words in the chat, by name."""
    found = {}
    for message in family.from_bot:
        if "document" in message:
            upload: Upload = machine.world.files[message["document"]["file_id"]].upload
            found[upload.filename] = upload.content.decode()
    return found


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def ask(family: Family) -> None:
    await family.say("/my_data")
    await family.press("Yes, send it to me here")


async def test_it_asks_first_since_the_files_will_lie_in_the_chat(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.say("/my_data")
    assert family.sees("Whoever holds this telephone can open it.")
    assert documents(machine, family) == {}


async def test_everything_said_stands_in_both_files(machine: Machine, family: Family) -> None:
    await to_confirmation(family, "Amina <b>Alieva</b>", "Yusuf")
    await family.press("Make the request stronger")
    await family.press_with("In your own words")
    await family.say("Her voice & her songs, " + "long " * 150)
    await family.press("That is all")
    await family.press_with("About you")
    await family.press("✎ Telephone")
    await family.say("+7 928 000-00-01")
    await family.say("/talk")
    await family.say("A message to staff")
    await family.say("/new")
    await family.press("Aunt")
    await family.say("Zainab of the draft")
    await ask(family)
    files = documents(machine, family)
    assert set(files) == {"my-data.html", "my-data.json"}
    held = json.loads(files["my-data.json"])
    request = held["requests"][0]
    assert [person["answers"]["name"] for person in request["persons"]] == ["Amina <b>Alieva</b>", "Yusuf"]
    assert request["requester"]["phone"] == "+79280000001"
    assert held["draft"]["persons"][0]["name"] == "Zainab of the draft"
    assert held["messages"][0]["text"] == "A message to staff"
    assert request["history"][-1]["details"]["after"] == "+79280000001"
    shown = re.sub("[\u2068\u2069]", "", files["my-data.html"])
    for words in (
        "an answer was changed",
        "Amina &lt;b&gt;Alieva&lt;/b&gt;",
        "Yusuf",
        "Her voice &amp; her songs, " + "long " * 149 + "long",
        "+7 928 000-00-01",
        "A message to staff",
        "Zainab of the draft",
        request["reference"],
    ):
        assert words in shown, words


async def test_the_page_is_whole_and_brings_nothing_from_elsewhere(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await ask(family)
    text = documents(machine, family)["my-data.html"]
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert set(tags.names) <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "table", "tr", "th", "td", "br",
    }  # fmt: skip
    assert "http" not in text


@pytest.mark.parametrize(("language", "direction"), [("ru", "ltr"), ("ar", "rtl"), ("ce", "ltr")])
async def test_the_page_speaks_the_readers_language(machine: Machine, language: str, direction: str) -> None:
    family = machine.person(1004, language)
    await to_confirmation(family, language=family.language_name)
    await ask(family)
    text = documents(machine, family)["my-data.html"]
    assert f'<html lang="{language}" dir="{direction}">' in text
    for words in ("Grandmother", "What we hold about you"):
        assert family._own(words) in text
        assert words not in text


async def test_stored_files_come_back_too(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.say("/talk")
    await send_photo(family)
    await machine.homeward.fetching.idle()
    await machine.settle()
    pictures = sum("photo" in message for message in family.from_bot)
    await ask(family)
    assert sum("photo" in message for message in family.from_bot) == pictures + 1
    assert json.loads(documents(machine, family)["my-data.json"])["files"][0]["files"][0]["state"] == "stored"


async def test_nothing_of_anybody_else_is_in_it(machine: Machine, family: Family) -> None:
    await to_confirmation(family, "Amina")
    stranger = machine.person(1009, "en")
    await to_confirmation(stranger, "Maryam")
    await ask(stranger)
    text = "".join(documents(machine, stranger).values())
    assert "Maryam" in text
    assert "Amina" not in text


async def test_what_only_staff_may_tell_stands_in_neither_file(machine: Machine, family: Family) -> None:
    """domain.md: `deceased` is never announced by the bot; not by the stage, and not by what came of a withdrawal."""
    await to_confirmation(family, "Amina Alieva")
    with machine.homeward.engine.begin() as connection:
        connection.execute(update(Person).values(stage="deceased"))
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("Yes, withdraw it")
    await ask(family)
    for words in documents(machine, family).values():
        assert "deceased" not in words.casefold()
        assert "Amina Alieva" in words


def test_every_column_of_account_consent_and_request_is_given_or_known_to_be_nothing_of_theirs() -> None:
    """A new column has to be given too, or to be named here with its reason."""
    given = {
        "account": {
            "id",
            "created_at",
            "language",
            "zone",
            "quiet_from",
            "quiet_until",
            "news",
            "urgent_news",
            "staff_name",
        },
        "consent": {"text_version", "language", "given", "at", "withdrawn_at"},
        "request": {"details", "created_at", "withdrawn_at"},
    }
    ours = {
        # Keys and look-ups; the Telegram id, which the person has; what only says that there is no account any more.
        "account": {
            "telegram_key",
            "data_key",
            "address",
            "role",
            "consent_id",
            "unreachable_since",
            "erased_at",
        },
        "consent": {"id", "account_id"},
        # How far the team's own work on it is, and when it is looked at next.
        "request": {
            *("id", "reference_key", "receipt_key", "data_key", "language", "erased_at"),
            *("holder_id", "taken_at", "asked_at", "unanswered_since", "due_at", "warned_at"),
            *("kept_by_id", "kept_for", "erasure_asked_at", "papers_told_at", "expires_at"),
        },
    }
    for model in (Account, Consent, Request):
        name = model.__tablename__
        columns = {column.name for column in model.__table__.columns}
        assert columns == given[name] | ours[name], name
