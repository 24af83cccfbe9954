"""Two people do anything at all, in any order: Hypothesis plays them against the whole family side.

They speak any of the four languages, begin anywhere, press every button that is or ever was in their chat and
in the other's, twice if they tremble, write whatever comes to mind, send every kind of thing, change what
they wrote, fall silent for weeks; updates come twice and the bot is restarted. After each step:

- nothing was set aside (no exception), and every message to them was delivered;
- who acted was answered by a message or a line above the chat, except for later parts of an album;
- each chat has at most one live keyboard, and a button that leads on;
- everything said is within Telegram's limits (text 4096 units, captions 1024, callback data 64 bytes), has at
  most three buttons a row, and is in the reader's script;
- a request is made by "Send my request" alone, once, with as many persons as its summary showed; a person is
  added later only where the bot asked for one; nothing goes but by a red button, and only a chat that was
  deleted is left without a word, as is whoever then presses what hung there;
- no word of one person appears in the other's chat;
- at the end every call to Telegram fits the Bot API's own description.

`make explore` walks far more, by new dice each time; what it finds is kept in .hypothesis and played again first.
"""

import os
from collections.abc import Callable, Coroutine

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from handlers import COMMANDS
from simulator.records import Upload
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question, to_menu, to_summary
from tests.handlers.sending import UPLOADS
from tests.handlers.walking import Act, Walk
from tests.sent_files import picture

_WALKS = int(os.environ.get("EXPLORE", "0"))  # how many; 0 for the same few every time

Way = Callable[[Family, str], Coroutine[None, None, None]]


async def _nowhere(family: Family, language: str) -> None:
    """Begin with whatever comes first."""


async def _menu(family: Family, language: str) -> None:
    await to_menu(family, language)


async def _question(family: Family, language: str) -> None:
    await to_first_question(family, language)


async def _summary(family: Family, language: str) -> None:
    await to_summary(family, family.machine.world.person(family.id).first_name, language=language)


async def _sent(family: Family, language: str) -> None:
    name = family.machine.world.person(family.id).first_name
    await to_confirmation(family, name, f"Амина {name}", language=language)


async def _stronger(family: Family, language: str) -> None:
    await _sent(family, language)
    await family.press("Make the request stronger")


BEGINNINGS: tuple[Way, ...] = (_stronger, _sent, _summary, _question, _menu, _nowhere)
WORDS = (
    "{mark}", "Амина {mark}", "2017", "17", "март 2017", "١٢ مارس ٢٠١٧", "about 5", "1435", "Iraq", "Сирия", "0",
    "العراق", "+7 928 000-00-00", "٠٩٨٧٦٥٤٣٢١", "yes", "да", "нет", "I don't know", "не знаю", "لا أعرف", "22:30",
    "Moscow", "HW-7K3M-9QF2", "7K3M-9QF2-7K3M-9QF2", "🙏🏽", "👩‍👧‍👦 {mark}", "<b>{mark}</b> & <script>", ".", "-1",
    "</blockquote>", "\u202e{mark}\u202c \u2066abc", "\u2068{mark}", "a\u0301\u0301\u0301 {mark}", "_*[`{mark}",
    "{name} {answer} {mark}", "99999999999999999999", "31.02.2017", "2030", "http://example.org/{mark}", "/",
    "ж" * 4096, "{mark} " * 300, "<" * 4096, "🙏" * 2048, "\n\n\n{mark}\n\n\n", "%s %(name)s {mark}", "\u0000{mark}",
)  # fmt: skip
ARGUMENTS = (
    "",
    "",
    "HW-7K3M-9QF2",
    "HW-0000-0000",
    "i-abcdefghijklmnop",
    "i-",
    "{mark}",
    "'; drop table request; --",
)
FORGED = ("", ":", "v0|x", "~:", "~:menu", "~:nothing", "~:mine:0", "menu", "x" * 64, "{token}:", "{token}:x", "::::",
          "{token}:choice:IQ", "{token}:change:0.0", "{token}:remove:0", "{token}:open:9", "{token}:page:x",
          "{token}:block:mother", "{token}:which:99", "{token}:language:xx", "{token}:yes", "{token}:send")  # fmt: skip

who = st.sampled_from((0, 0, 0, 1))
which = st.integers(0, 40)
words = st.integers(0, len(WORDS) - 1)  # by number: some are thousands of letters long


class WholeFamilySide(RuleBasedStateMachine):
    """What people can do. `which` counts from the newest button, and begins anew where there are fewer."""

    def __init__(self) -> None:
        super().__init__()
        self.walk = Walk()

    def teardown(self) -> None:
        self.walk.end()

    @initialize(
        languages=st.tuples(st.integers(0, 3), st.integers(0, 3)),
        ways=st.tuples(st.sampled_from(BEGINNINGS), st.sampled_from(BEGINNINGS)),
    )
    def begin(self, languages: tuple[int, int], ways: tuple[Way, Way]) -> None:
        for each in (0, 1):
            self.walk.begin(each, languages[each], ways[each])

    @rule(who=who, which=which)
    def press_on_the_screen(self, who: int, which: int) -> None:
        if live := self.walk.walkers[who].live:
            self.walk.press(who, live[which % len(live)])

    @rule(who=who, which=which)
    def press_early_on_the_screen(self, who: int, which: int) -> None:
        """Screens end with ways out: this one goes further in."""
        if live := self.walk.walkers[who].live:
            self.walk.press(who, live[which % max(1, len(live) - 3)])

    @rule(who=who, which=which)
    def press_what_is_in_the_chat(self, who: int, which: int) -> None:
        if visible := self.walk.walkers[who].visible:
            self.walk.press(who, visible[which % len(visible)])

    @rule(who=who, which=which)
    def press_twice(self, who: int, which: int) -> None:
        if live := self.walk.walkers[who].live:
            self.walk.press(who, live[which % len(live)], times=2)

    @rule(who=who, which=st.integers(0, 400))
    def press_what_was_in_the_chat(self, who: int, which: int) -> None:
        if shown := self.walk.walkers[who].shown:
            self.walk.press(who, shown[-1 - which % len(shown)])

    @rule(who=who, which=which)
    def press_what_the_other_sees(self, who: int, which: int) -> None:
        mine, theirs = self.walk.walkers[who].visible, self.walk.walkers[1 - who].visible
        if mine and theirs:
            self.walk.press(who, (mine[0][0], theirs[which % len(theirs)][1]))

    @rule(who=who, data=st.sampled_from(FORGED))
    def press_what_never_was(self, who: int, data: str) -> None:
        """A callback of an earlier version, or made up; some with the live screen's own token."""
        if visible := self.walk.walkers[who].visible:
            at, button = visible[0]
            data = data.format(token=button.get("callback_data", "~").partition(":")[0])
            self.walk.press(who, (at, {"callback_data": data}))

    @rule(who=who, said=words)
    def say(self, who: int, said: int) -> None:
        walker = self.walk.walkers[who]
        text = self._marked(walker.mark, WORDS[said])
        self.walk.step(who, Act(), lambda: self.walk.machine.world.write(walker.family.id, text))

    @rule(who=who, name=st.sampled_from([name for name, _ in COMMANDS] + ["language", "unknown", "START"]),
          argument=st.sampled_from(ARGUMENTS))  # fmt: skip
    def command(self, who: int, name: str, argument: str) -> None:
        walker = self.walk.walkers[who]
        text = f"/{name} {self._marked(walker.mark, argument)}".strip()
        self.walk.step(who, Act(), lambda: self.walk.machine.world.write(walker.family.id, text))

    @rule(who=who, kind=st.sampled_from(("voice", "document", "video_note", "photo", "audio", "video")))
    def send(self, who: int, kind: str) -> None:
        walker, world = self.walk.walkers[who], self.walk.machine.world
        upload = UPLOADS.get(kind) or Upload("thing", picture(), "application/octet-stream")
        caption = "" if kind == "video_note" else walker.mark
        self.walk.step(who, Act(), lambda: world.send_file(walker.family.id, kind, upload, caption=caption))

    @rule(who=who, parts=st.integers(1, 4), late=st.booleans())
    def send_album(self, who: int, parts: int, late: bool) -> None:
        """Photos that belong together; late ones belong to an album that was begun before."""
        walker, world = self.walk.walkers[who], self.walk.machine.world
        late = late and walker.albums > 0
        walker.albums += not late

        def doing() -> None:
            for _ in range(parts):
                world.send_photo(walker.family.id, picture(), album=f"{who}-{walker.albums}")

        self.walk.step(who, Act(silent=late), doing)

    @rule(who=who, own=st.booleans())
    def share_a_number(self, who: int, own: bool) -> None:
        walker, world = self.walk.walkers[who], self.walk.machine.world
        self.walk.step(
            who, Act(), lambda: world.send_contact(walker.family.id, "+79280000000", walker.mark, own=own)
        )

    @rule(who=who, sticker=st.booleans())
    def send_a_sticker_or_a_place(self, who: int, sticker: bool) -> None:
        person, world = self.walk.walkers[who].family.id, self.walk.machine.world
        self.walk.step(
            who,
            Act(),
            lambda: world.send_sticker(person) if sticker else world.send_location(person, 43.3, 45.7),
        )

    @rule(who=who, said=words)
    def forward(self, who: int, said: int) -> None:
        walker, world = self.walk.walkers[who], self.walk.machine.world
        text = self._marked(walker.mark, WORDS[said])
        self.walk.step(who, Act(), lambda: world.forward(walker.family.id, text, walker.mark))

    @rule(who=who, which=which, said=words)
    def change_a_message(self, who: int, which: int, said: int) -> None:
        walker, world = self.walk.walkers[who], self.walk.machine.world
        text = self._marked(walker.mark, WORDS[said])
        if own := walker.own_messages:
            message = own[-1 - which % len(own)]
            self.walk.step(who, Act(), lambda: world.edit(walker.family.id, message, text[:1000]))

    @rule(days=st.sampled_from((0.01, 0.3, 3, 40, 400)))
    def silence(self, days: float) -> None:
        self.walk.machine.later(days=days)

    @rule()
    def restart(self) -> None:
        self.walk.restart()

    @staticmethod
    def _marked(mark: str, said: str) -> str:
        return said.replace("{mark}", mark)


WholeFamilySide.TestCase.settings = settings(
    max_examples=_WALKS or 12,
    stateful_step_count=60 if _WALKS else 40,
    derandomize=not _WALKS,
    deadline=None,
    phases=(Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
TestWholeFamilySide = WholeFamilySide.TestCase
