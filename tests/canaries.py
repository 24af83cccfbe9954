"""What a family says in every block, each answer a canary of its own, and the story in which it is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from casework.blocks import BLOCKS, Block, Scope
from casework.questions import SPOKEN, Question
from simulator.records import Upload
from tests.family import Family
from tests.handlers.paths import to_first_question
from tests.sent_files import PDF, picture, video, voice

OLD_NAME = "Бирлант Канареева"


@dataclass(frozen=True)
class Planted:
    """An answer: typed, or pressed where it is in brackets; `stored` is what is kept of it where that is another form.

    A code of a list is looked for where it is long and rare enough to be nothing else.
    """

    words: str
    stored: str = ""

    @property
    def canaries(self) -> list[str]:
        return [each for each in (self.words, self.stored) if each and not each.startswith("[")]


PLANTED: dict[str, Planted] = {
    "person.name": Planted("Бирлант Заурбековна Канареева"),
    "person.birth": Planted("17.09.2011", "2011-09-17"),
    "person.country": Planted("Афганистан"),
    "person.other_names": Planted("Birlant Canarievskaya"),
    "person.sex": Planted("[A woman or a girl]"),
    "person.birth_country": Planted("Казахстан"),
    "person.citizenship": Planted("Киргизия"),
    "person.mother_name": Planted("Хава Канареечная"),
    "person.father_name": Planted("Заурбек Канареев"),
    "person.marks": Planted("родинка в виде полумесяца"),
    "person.health": Planted("[Nothing urgent that we know of]"),
    "whereabouts.place_kind": Planted("[A children's home]"),
    "whereabouts.place": Planted("палатка у водонапорной башни"),
    "whereabouts.last_known": Planted("23.05.2019", "2019-05-23"),
    "whereabouts.place_source": Planted("[She told it herself]"),
    "whereabouts.place_sure": Planted("[Only heard of it]"),
    "mother.status": Planted("[She has been sentenced]", "sentenced"),
    "mother.consent": Planted("[She has not signed]", "not_signed"),
    "relatives.relation": Planted("[Grandfather]", "grandfather"),
    "relatives.region": Planted("Канарейский перевал"),
    "relatives.willing": Planted("[Not sure yet]"),
    "relatives.sample": Planted("[Yes]"),
    "relatives.sample_when": Planted("14.02.2018", "2018-02-14"),
    "guardian.name": Planted("Петимат Юртовская"),
    "guardian.relation": Planted("[I act for them]", "acting_for"),
    "guardian.agrees": Planted("[Yes]"),
    "requester.name": Planted("Малкан Канареева-Старшая"),
    "requester.relation": Planted("[Other family]", "other_family"),
    "requester.region": Planted("аул Верхняя Канареевка"),
    "requester.phone": Planted("8 928 734-51-96", "79287345196"),
    "requester.hours": Planted("[Only write, do not call]"),
    "sharing.authorities": Planted("[Yes]"),
    "sharing.red_cross": Planted("[Yes]"),
    "sharing.partners": Planted("[No]"),
    "sharing.relatives": Planted("[No]"),
    "sharing.withhold": Planted("адрес сестры, скрыть от её мужа"),
    "own_words.story": Planted("когда она ушла, ей было девять"),
}
TALK = "когда мне можно приехать к вам"
CONTACT = "79643318257"
CITY, LETTERS = "Урус-Мартан Канареечный", "название города, которого никто не знает"
_STEM = "канарейка поёт"
BROKEN = "слова, которых не приняла база"


def questions() -> Iterator[tuple[Block, Question]]:
    for block in BLOCKS:
        for question in block.questions:
            yield block, question


class Story:
    """A family that says everything there is to say, in every way there is."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.canaries: dict[str, str | int] = {
            f"{place}: {each}": each for place, planted in PLANTED.items() for each in planted.canaries
        }
        self.canaries["planted"] = _STEM
        self._numbers = count(1)

    def plant(self, where: str) -> str:
        """Make up words that say where they were planted; one search finds them all by how they begin."""
        return f"{_STEM} {next(self._numbers)}, {where}"

    async def before_sending(self) -> None:
        """Answer the essential path and every block in writing, then send."""
        await to_first_question(self.family)
        for place in ("requester.name", "requester.relation"):
            await self.give(place)
        await self.family.say(OLD_NAME)
        self.canaries["name at first"] = OLD_NAME
        for place in ("person.birth", "person.country"):
            await self.give(place)
        await self.family.press("No, check my answers")
        await self.family.press("Tell more before sending")
        for block in BLOCKS:
            await self._answer(block)
        while not self.family.sees("Check your answers"):
            await self.family.press("← Back")
        await self._correct()
        await self.family.press("Send my request")

    async def give(self, place: str) -> None:
        words = PLANTED[place].words
        await (self.family.press(words.strip("[]")) if words.startswith("[") else self.family.say(words))

    async def _answer(self, block: Block) -> None:
        """Answer what is open of a block, in order."""
        await self.family.press_with(block.topic)
        if block.scope is Scope.SEVERAL:
            await self.family.press("Add a relative")
        essential = (
            {"name", "relation", "birth", "country"} if block.key in {"person", "requester"} else set()
        )
        if essential:
            await self.family.press("Go on with the open questions")
        for question in block.questions:
            if question.key not in essential:
                await self.give(f"{block.key}.{question.key}")
        if block.key == "own_words":
            await self.family.press("That is all")
        if block.scope is Scope.SEVERAL:
            await self.family.press("← Back")

    async def _correct(self) -> None:
        """Change an answer by changing the message that gave it."""
        typed = next(each for each in self.family.messages if each.get("text") == OLD_NAME)
        self.family.machine.world.edit(self.family.id, typed["message_id"], PLANTED["person.name"].words)
        await self.family.machine.settle()

    async def by_voice_and_photo(self) -> None:
        """After sending: answer every question with free words once more, by voice, then by a photo with a caption."""
        for block, question in questions():
            if question.kind in SPOKEN:
                for send in (self.send_voice, self.send_photo):
                    await self._stand_at(block, question)
                    await send(f"{block.key}.{question.key}")
                    if block.key == "own_words":
                        await self.family.press("That is all")

    async def _stand_at(self, block: Block, question: Question) -> None:
        await self.family.press("Make the request stronger")
        await self.family.press_with(block.topic)
        if block.scope is Scope.SEVERAL:
            await self.family.press_with("Relative 1")
        await self.family.press(
            f"✎ {self.family.machine.homeward.around.locales.get('en').plain(question.button)}"
        )

    async def send_voice(self, where: str) -> None:
        await self._send(
            "voice", where, Upload(f"{self.plant('file name')}.ogg", voice(words=self.plant(where)))
        )

    async def send_photo(self, where: str) -> None:
        world, hidden = self.family.machine.world, picture(words=self.plant(f"{where}, metadata"))
        name, caption = f"{self.plant('file name')}.jpg", self.plant(f"{where}, caption")
        world.send_photo(self.family.id, hidden, filename=name, caption=caption)
        await self.family.machine.settle()

    async def _send(self, kind: str, where: str, upload: Upload) -> None:
        caption = self.plant(f"{where}, caption of a {kind}")
        self.family.machine.world.send_file(self.family.id, kind, upload, caption=caption)
        await self.family.machine.settle()

    async def talk(self) -> None:
        """Write to the office in every way: words, voice, picture, paper, round video, a number."""
        self.canaries |= {"talk": TALK, "contact": CONTACT}
        await self.family.say("/talk")
        await self.family.say(TALK)
        await self.send_voice("talk")
        await self.send_photo("talk")
        paper = PDF.replace(b"trailer", f"% {self.plant('paper')}\n".encode() + b"trailer")
        await self._send("document", "talk", Upload(f"{self.plant('file name')}.pdf", paper))
        await self._send("video_note", "talk", Upload("v.mp4", video(words=self.plant("round video"))))
        self.family.machine.world.send_contact(self.family.id, CONTACT, self.plant("name of a contact"))
        await self.family.machine.settle()

    async def settings(self) -> None:
        """Write a city, and words that are none."""
        self.canaries |= {"city": CITY, "no city": LETTERS}
        await self.family.say("/settings")
        await self.family.press("Time zone")
        await self.family.say(CITY)
        await self.family.say(LETTERS)
