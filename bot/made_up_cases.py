"""The made-up families of the demo, as a table. Nobody in it lives or has lived; names are picked from common ones.

Days are counted back from the day the demo is started.
"""

from dataclasses import dataclass
from typing import Protocol

from casework.stages import Stage

S = Stage
ANNA, TIMUR, VERA = 2002, 2001, 2003


class MadeUp(Protocol):
    """Somebody of the made-up world whom the simulated Telegram has to know."""

    @property
    def id(self) -> int: ...
    @property
    def first_name(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class MadeUpMember:
    """One of the made-up office."""

    id: int
    first_name: str
    language: str
    admin: bool


@dataclass(frozen=True)
class Sought:
    """Somebody a family asks about.

    Attributes:
        born: as a family would write it; empty where nobody knows.
        since: for so many days they have stood at the stage.
        papers: codes of casework/documents.py that the family has sent.
    """

    name: str
    born: str
    country: str
    stage: Stage = S.RECEIVED
    since: int = 0
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class MadeUpCase:
    """A request, and the family that filed it.

    Attributes:
        id: of the simulated person who asks; the same one may ask twice.
        filed: so many days ago.
        holder: who of the office works on it.
        writes: what the family wrote to the office; nobody has answered yet.
        answered: what it wrote before, and what the office answered.
        asked: what the office asks it; it owes the answer.
        note: what staff wrote down for each other.
    """

    id: int
    language: str
    first_name: str
    relation: str
    filed: int
    persons: tuple[Sought, ...]
    holder: int | None = None
    writes: str = ""
    answered: tuple[str, str] | None = None
    asked: str = ""
    note: str = ""


@dataclass(frozen=True)
class MadeUpWriter:
    """Somebody who has written and filed nothing."""

    id: int
    language: str
    first_name: str
    writes: str


@dataclass(frozen=True)
class MadeUpReader:
    """A family that has not filed anything yet.

    Attributes:
        id: of the simulated person.
    """

    id: int
    language: str
    first_name: str


OFFICE = (
    MadeUpMember(ANNA, "Anna", "en", admin=True),
    MadeUpMember(VERA, "Вера", "ru", admin=True),
    MadeUpMember(TIMUR, "Тимур", "ru", admin=False),
)

CASES = (
    MadeUpCase(3001, "ru", "Петимат", "grandmother", 320, (
        Sought("Малика Юсупова", "14.02.1993", "SY", S.EXIT_PERMISSION, 41, ("passport", "marriage_certificate")),
        Sought("Иса Юсупов", "2016", "SY", S.EXIT_PERMISSION, 41, ("birth_certificate", "requester_identity")),
        Sought("Сафия Юсупова", "около 2018", "SY", S.DOCUMENTS, 12),
    ), TIMUR, "Мы переехали в другой город. Кому сказать новый адрес?",
        answered=("Фото Сафии подойдёт любое?", "Да, подойдёт любое, где видно лицо. Спасибо вам."),
        note="Звонить после обеда: утром Петимат на работе."),
    MadeUpCase(3002, "ru", "Зарган", "aunt", 210, (
        Sought("Амина Хамидова", "март 2015", "IQ", S.KINSHIP_CHECK, 25, ("birth_certificate",)),
    ), TIMUR),
    MadeUpCase(3003, "ru", "Ахмед", "grandfather", 2, (
        Sought("Амина Хамидова", "2015", "IQ"),
        Sought("Рустам Хамидов", "", "IQ"),
    )),
    MadeUpCase(3004, "ar", "أم ياسين", "grandmother", 150, (
        Sought("ياسين العلي", "٢٠١٤", "SY", S.LOCATED, 60),
        Sought("زينب العلي", "حوالي ٢٠١٧", "SY", S.LOCATED, 60),
    ), ANNA, "هل وصلت الصورة التي أرسلتها؟"),
    MadeUpCase(3005, "ar", "حسن", "uncle", 1, (Sought("مريم العلي", "12.03.2012", "IQ"),)),
    MadeUpCase(3006, "en", "Leila", "sister", 95, (
        Sought("Sara Haddad", "1996", "SY", S.REGISTERED, 70, ("passport",)),
        Sought("Adam Haddad", "about 2017", "SY", S.LOCATION_LOST, 8),
    ), ANNA, asked="Has Sara written to anybody since the summer, and from which place?"),
    MadeUpCase(3007, "ce", "Хава", "mother", 400, (
        Sought("Ислам Асуханов", "2013", "TR", S.FLIGHT_SCHEDULED, 3, ("birth_certificate", "proof_of_kinship")),
    ), VERA),
    MadeUpCase(3008, "ce", "Сацита", "grandmother", 5, (Sought("Раяна Темирова", "7", "SY"),)),
    MadeUpCase(3009, "ru", "Марьям", "mother", 500, (
        Sought("Умар Магомадов", "03.07.2012", "RU", S.WITH_GUARDIAN, 20, ("birth_certificate", "guardianship")),
    ), VERA),
    MadeUpCase(3010, "ru", "Джамиля", "grandmother", 260, (
        Sought("Хадиджа Алиева", "1990", "SY", S.ON_HOLD, 110),
        Sought("Асия Алиева", "2016", "SY", S.ON_LIST, 15, ("birth_certificate",)),
        Sought("Юнус Алиев", "2019", "SY", S.ON_LIST, 15, ("birth_certificate",)),
    ), TIMUR),
    MadeUpCase(3011, "en", "Zarina", "aunt", 30, (Sought("Amina Khamidova", "2015", "IQ", S.SCREENING, 20),), TIMUR),
    MadeUpCase(3012, "ar", "أبو سمير", "grandfather", 75, (
        Sought("سمير الحسن", "2018", "IQ", S.NEEDS_INFORMATION, 16),
    ), ANNA),
    MadeUpCase(3001, "ru", "Петимат", "aunt", 9, (Sought("Билал Юсупов", "2014", "SY"),)),
    MadeUpCase(3013, "ru", "Тамара", "acting_for", 6, (
        Sought("Селима Дудаева", "1988", "IQ"),
        Sought("Маликат Дудаева", "2017", "IQ"),
    ), None, "Где можно сдать анализ, если мы живём в Хасавюрте?"),
    MadeUpCase(3014, "en", "Omar", "father", 180, (Sought("Yusuf Omar", "2012", "SY", S.IDENTITY_CHECK, 75),), ANNA),
)  # fmt: skip

WRITERS = (
    MadeUpWriter(3020, "ru", "Лариса", "Можно ли подать заявку, если я не родственница, а соседка?"),
    MadeUpWriter(3021, "ar", "فاطمة", "لا أملك أوراق الطفل. هل أستطيع أن أقدّم طلبًا؟"),
)
SAVED_REPLIES = (
    ("ru", "Документы пришли", "Спасибо, документы пришли. Мы посмотрим их и напишем вам."),
    ("ru", "Нет новостей", "С прошлого раза ничего не изменилось. Как только будет что сказать, мы напишем."),
    ("ar", "وصلت الأوراق", "شكرًا لكم، وصلت الأوراق. سننظر فيها ونكتب إليكم."),
    ("en", "Papers arrived", "Thank you, the papers have come. We will look at them and write to you."),
)

# Families who only read what the office writes to all, so that a broadcast takes a while.
_READERS = (
    ("ru", "Семья"),
    ("ru", "Семья"),
    ("ce", "Доьзал"),
    ("ar", "عائلة"),
    ("ru", "Семья"),
    ("en", "Family"),
)
CROWD = tuple(MadeUpReader(4000 + number, *_READERS[number % len(_READERS)]) for number in range(180))
EVERYBODY: tuple[MadeUp, ...] = (*OFFICE, *CASES, *WRITERS, *CROWD)
# A broadcast that Anna has begun: what readers of English get is still to be decided.
BROADCAST = {
    "ru": "Офис переехал. Теперь мы на улице Садовой, 12, второй этаж.\n\nПисьма в этом чате мы читаем, как и раньше.",
    "ar": "انتقل المكتب. نحن الآن في شارع الحدائق 12، الطابق الثاني.\n\nنقرأ الرسائل في هذه المحادثة كما كان.",
}
BROADCAST_READ_IN = {"ce": "ru"}

# Where an official said they are, by the names in casework/places.py; one of the places is closed.
HELD_AT = {
    "Малика Юсупова": "Roj camp",
    "Иса Юсупов": "Roj camp",
    "Сафия Юсупова": "Roj camp",
    "ياسين العلي": "Al-Hol camp",
    "زينب العلي": "Al-Hol camp",
    "Хадиджа Алиева": "Al-Hol camp",
    "Асия Алиева": "Al-Hol camp",
    "Юнус Алиев": "Al-Hol camp",
    "Амина Хамидова": "Rusafa prison, Baghdad",
}
# Who is on which flight, by what the office calls it.
FLIGHTS = {"7-A": ("Малика Юсупова", "Иса Юсупов", "Асия Алиева", "Юнус Алиев"), "6-C": ("Ислам Асуханов",)}
