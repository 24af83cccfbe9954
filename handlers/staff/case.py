"""/case: one case on one card. What identifies people further stands behind a tap, and each tap is audited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.screen import TEXT_LIMIT, Button
from bot.turn import Turn
from casework import case_files, team
from casework.blocks import block_of
from casework.case_files import CaseFile, Entry, PersonFile
from casework.caseload import Case
from casework.permissions import Action
from casework.stages import STAFF_WORDS
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.everywhere import side_by_side
from handlers.family.papers import PAPERS
from handlers.family.standing import PERSON_NUMBER
from handlers.staff import (
    alike,
    appointing,
    audit,
    boarding,
    facts,
    follow_ups,
    keeping,
    moving,
    notes,
    papers,
    remind,
    reply,
    revealing,
    taking,
    thread,
    ties,
    whereabouts,
)
from handlers.staff.conversing import TITLE
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.fact_words import facts_of
from handlers.staff.guard import Guarded, on_case, refusal_of
from handlers.staff.history_words import entry_in_words
from handlers.staff.paper_words import missing_in_words
from handlers.staff.place_words import by_the_office, country_in_words
from handlers.staff.steps import Desk

_MOST_HISTORY = 12
_DOES_NOT_FIT = N_("There is more than fits here: press “Facts”.")
_KEPT_FREE = 200  # of a message: what the history leaves for signs that are counted twice


def _always(_file: CaseFile) -> bool:
    return True


def _none(_file: CaseFile) -> int:
    return 0


def _unread_messages(file: CaseFile) -> int:
    return file.unread


def _notes(file: CaseFile) -> int:
    return file.notes


def _can_be_written_to(file: CaseFile) -> bool:
    return bool(file.families)


def _to_check(file: CaseFile) -> int:
    return file.to_check


@dataclass(frozen=True)
class Offer:
    """A button of the card; shown where its action is allowed now and `when` holds.

    Attributes:
        press: what it carries; `{holder}` in it stands for who works on the case while the card is shown.
        counted: what it says instead where there is something to `count`, which is put in for {n}.
    """

    words: str
    press: str
    handler: Guarded
    when: Callable[[CaseFile], bool] = _always
    style: str | None = None
    count: Callable[[CaseFile], int] = _none
    counted: str = ""


# In this order. A new step on a case: a line here.
OFFERS = (
    Offer(N_("Take it"), "take", taking.TAKE, style="success"),
    Offer(N_("Take it over"), "take_over:{holder}", taking.TAKE_OVER),
    Offer(N_("Show everything"), "reveal", revealing.CHOOSE),
    Offer(N_("Stage"), "stage", moving.CHOOSE),
    Offer(TITLE, "messages", thread.OPEN_THREAD, count=_unread_messages, counted=N_("Messages: {n} new")),
    Offer(N_("Reply"), "reply", reply.REPLY, when=_can_be_written_to),
    Offer(notes.TITLE, "notes", notes.TO_NOTES, count=_notes, counted=N_("Notes: {n}")),
    Offer(PAPERS, "papers", papers.CHOOSE, count=_to_check, counted=N_("Papers: {n} to check")),
    Offer(facts.TITLE, "facts", facts.CHOOSE),
    Offer(N_("Whereabouts"), "where", whereabouts.WHEREABOUTS),
    Offer(remind.REMIND_ME, "remind", remind.REMIND),
    Offer(appointing.TITLE, "appoint", appointing.APPOINT),
    Offer(follow_ups.TITLE, "follow_ups", follow_ups.OF_CASE),
    Offer(N_("Flight"), "flight", boarding.FLIGHT, when=boarding.any_may),
    Offer(N_("Same person elsewhere?"), "same", alike.SAME),
    Offer(N_("Hand over"), "assign", taking.ASSIGN),
    Offer(N_("Give back"), "release", taking.RELEASE),
    Offer(keeping.TITLE, "keeping", keeping.KEEPING),
    Offer(audit.TITLE, "audit", audit.OF_CASE),
)
# What the card says of a person below name and stage, in this order; nothing where there is nothing to say.
PersonLine = Callable[[Turn, CaseFile, PersonFile], Html | None]
PERSON_LINES: tuple[PersonLine, ...] = (by_the_office, boarding.on_flight, facts_of)


def _show(turn: Turn, case: Case, _rest: str) -> None:
    file = case_files.open_case(turn.connection, turn.keys, case.request_id, turn.now.date())
    if file is None:
        turn.go(Desk.DESK)
        return
    text = _text(turn, file, PERSON_LINES)
    if len(text) > TEXT_LIMIT - _KEPT_FREE:
        text = paragraphs(_text(turn, file, ()), turn.t(_DOES_NOT_FIT))
    room = TEXT_LIMIT - _KEPT_FREE - len(text)
    turn.show(Desk.CASE, desk_screen(turn, paragraphs(text, _history(turn, file, room)), _rows(turn, file)))


def _text(turn: Turn, file: CaseFile, lines: Sequence[PersonLine]) -> Html:
    persons = [_person(turn, file, each, lines) for each in file.persons]
    of_case = [line(turn, file) for line in CASE_LINES]
    return paragraphs(_heading(turn, file), *persons, joined(each for each in of_case if each))


def _rows(turn: Turn, file: CaseFile) -> list[list[Button]]:
    allowed = (
        each
        for each in OFFERS
        if refusal_of(turn, each.handler.action, file.case) is None and each.when(file)
    )
    return side_by_side([_button(turn, file, each) for each in allowed])


def _button(turn: Turn, file: CaseFile, offer: Offer) -> Button:
    number = offer.count(file)
    label = turn.locale.plain(offer.counted, n=number) if number else turn.locale.plain(offer.words)
    return Button(label, offer.press.format(holder=file.case.holder_id), style=offer.style)


def _heading(turn: Turn, file: CaseFile) -> Html:
    holder = file.case.holder_id
    if holder is None:
        who = turn.t(N_("nobody has it"))
    elif holder == turn.account_id:
        who = turn.t(N_("with you"))
    else:
        who = turn.t(N_("with {name}"), name=team.name_of(turn.connection, turn.keys, holder))
    withdrawn = bold(turn.t(N_("withdrawn by the family"))) if file.case.withdrawn else None
    return Html(" · ".join(each for each in (code(file.reference), who, withdrawn) if each))


def _person(turn: Turn, file: CaseFile, person: PersonFile, more: Sequence[PersonLine]) -> Html:
    number = file.persons.index(person) + 1
    name = safe(person.said.name) if person.said.name else turn.t(PERSON_NUMBER, number=number)
    stage = turn.t(STAFF_WORDS[person.stage])
    since = turn.t(N_("since {day}"), day=turn.locale.date(person.since, turn.zone))
    where = safe(country_in_words(turn, person.country))
    papers = turn.t(N_("papers {have} of {all}"), have=person.papers.received, all=person.papers.counted)
    missing = turn.locale.listed(missing_in_words(turn, each) for each in person.missing)
    lines = [
        Html(f"{number}. {bold(name)}"),
        Html(f"{bold(stage)}, {since}"),
        Html(f"{where} · {papers}"),
        turn.t(N_("Missing: {papers}"), papers=Html(missing)) if missing else None,
        *(line(turn, file, person) for line in more),
    ]
    return joined(each for each in lines if each)


def _requester(turn: Turn, file: CaseFile) -> Html:
    """Say who asks, by relation alone, in which language, and when they can be contacted."""
    block, answers = block_of("requester"), file.dossier.requester
    said = {each.key: each for each in block.questions} if block is not None else {}
    language = turn.around.locales.get(file.language).own_name
    known = [key for key in ("relation", "hours") if answers.get(key) is not None]
    words = [answer_in_words(turn, said[key], answers[key]) for key in known]
    chats = turn.locale.plural("{n} chat", "{n} chats", len(file.families))
    return turn.t(N_("Asked by: {who}"), who=Html(turn.locale.listed([language, *words, chats])))


def _contact(turn: Turn, file: CaseFile) -> Html | None:
    if file.last_contact is None:
        return None
    return turn.t(N_("Last contact: {day}"), day=turn.locale.moment(file.last_contact, turn.zone))


def _unreachable(turn: Turn, file: CaseFile) -> Html | None:
    if not file.unreachable:
        return None
    return bold(turn.t(N_("The family cannot be reached here: the bot is blocked, or no chat is left.")))


def _unread(turn: Turn, file: CaseFile) -> Html | None:
    return (
        turn.locale.plural("{n} unread message", "{n} unread messages", file.unread) if file.unread else None
    )


def _sharing(turn: Turn, file: CaseFile) -> Html:
    """Say what may be shown to whom, as the family chose; what they did not answer may not."""
    block = block_of("sharing")
    answers = (file.dossier.entries.get("sharing") or [{}])[0]
    shown = [
        turn.t(each.label)
        for each in (block.questions if block is not None else ())
        if answers.get(each.key) == "yes"
    ]
    withheld = turn.t(N_("something is to be kept from somebody")) if answers.get("withhold") else None
    parts = [*shown, *([withheld] if withheld else [])]
    nobody = turn.t(N_("nobody outside"))
    return turn.t(N_("May be shown to: {whom}"), whom=Html(turn.locale.listed(parts or [nobody])))


def _waiting(turn: Turn, file: CaseFile) -> Html | None:
    if file.waiting_since is None:
        return None
    day = turn.locale.date(file.waiting_since, turn.zone)
    return turn.t(N_("The family was asked for something on {day}."), day=day)


# What the card says of the whole case, in this order.
CASE_LINES = (
    _requester,
    _sharing,
    _contact,
    _unreachable,
    _unread,
    _waiting,
    alike.elsewhere,
    keeping.hold_in_words,
)


def _history(turn: Turn, file: CaseFile, room: int) -> Html | None:
    """Fold the newest events; the oldest of them go first where the message would be too long."""
    names = team.names(turn.connection, turn.keys)
    lines = [
        turn.t(N_("What has happened")),
        *(_entry(turn, file, each, names) for each in file.history[:_MOST_HISTORY]),
    ]
    while lines and sum(len(each) + 1 for each in lines) > room:
        lines.pop()
    return Html(f"<blockquote expandable>{joined(lines)}</blockquote>") if lines else None


def _entry(turn: Turn, file: CaseFile, entry: Entry, names: Mapping[int, str]) -> Html:
    day = turn.locale.date(entry.at, turn.zone)
    return Html(f"{safe(day)}: {entry_in_words(turn, file, entry, names)}")


STEPS = (
    Step(
        Desk.CASE,
        on_case(Action.READ, _show),
        presses={**{each.press.partition(":")[0]: each.handler for each in OFFERS}, **FROM_CASE},
    ),
    *revealing.STEPS,
    *alike.STEPS,
    *ties.STEPS,
)
