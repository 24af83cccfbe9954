"""The file that can be read of everything that is held: one page of HTML, in the reader's language, without scripts and
without anything from elsewhere.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework.blocks import BLOCKS, Block, Scope
from casework.documents import DocumentState
from casework.paper_kinds import KINDS
from casework.questions import Question
from casework.reminding.rules import Kind
from casework.stages import OFFICE_TALKS, TOLD, Stage, Told
from casework.words import N_
from casework.zones import zone_name
from handlers.family.answer_words import answer_in_words
from handlers.family.event_words import event_in_words
from handlers.family.file_words import files_in_words, states_in_words
from handlers.family.rejection_words import rejection_in_words
from handlers.family.reminder_words import FAMILIES
from handlers.family.settings import REMINDERS
from handlers.family.standing import PERSON_NUMBER

_TITLE = N_("What we hold about you")
_WRITTEN = N_("Written on {day}")
_NOT_SENT = N_("A request that is not sent yet")
_YES, _NO = N_("yes"), N_("no")
_PAPER_STATES = {
    DocumentState.HAVE: N_("the family has it"),
    DocumentState.MISSING: N_("the family does not have it"),
    DocumentState.SUBMITTED: N_("received"),
    DocumentState.VERIFIED: N_("checked by staff"),
    DocumentState.REJECTED: N_("not good yet"),
}
_ASKED = N_("the office asks for this one")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:42em;margin:2em auto;padding:0 1em;color:#17324d}"
    "h1{font-size:1.5em}h2{font-size:1.2em;border-bottom:1px solid #ccd;margin-top:2em}"
    "h3{font-size:1em;margin:1.2em 0 .3em}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.25em .5em;"
    "border-bottom:1px solid #eee}th{width:40%;font-weight:normal;color:#567}"
)
Row = tuple[Html, Html]


def page(turn: Turn, held: Mapping[str, Any]) -> str:
    """Return the whole page."""
    locale = turn.locale
    direction = "rtl" if locale.right_to_left else "ltr"
    title = turn.t(_TITLE)
    body = joined(
        [
            Html(f"<h1>{title}</h1><p>{turn.t(_WRITTEN, day=locale.moment(turn.now, turn.zone))}</p>"),
            _account(turn, held),
            *(_draft(turn, held["draft"]) if held["draft"] else ()),
            *(_request(turn, request) for request in held["requests"]),
            _messages(turn, held["messages"]),
            _files(turn, held["files"]),
            _reminders(turn, held["reminders"]),
        ]
    )
    return (
        f'<!doctype html><html lang="{locale.code}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )


def _reminders(turn: Turn, reminders: Iterable[Mapping[str, Any]]) -> Html:
    """List what is still to come."""
    rows = [
        (turn.t(FAMILIES[Kind(each["kind"])].title), _day(turn, each["due_at"]))
        for each in reminders
        if each["state"] == "open" and each["kind"] in FAMILIES
    ]
    return _section(turn.t(REMINDERS), rows)


def _section(heading: Html, rows: Iterable[Row], level: int = 2) -> Html:
    lines = joined(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows)
    return Html(f"<h{level}>{heading}</h{level}><table>{lines}</table>" if lines else "")


def _day(turn: Turn, iso: str | None) -> Html:
    return safe(turn.locale.moment(datetime.fromisoformat(iso), turn.zone)) if iso else safe("–")


def _yes_no(turn: Turn, *, yes: bool) -> Html:
    return turn.t(_YES if yes else _NO)


def _account(turn: Turn, held: Mapping[str, Any]) -> Html:
    account = held["account"]
    rows = [
        (turn.t(N_("First written to us")), _day(turn, account["since"])),
        (turn.t(N_("Language")), safe(turn.locale.own_name)),
        (turn.t(N_("Time zone")), safe(zone_name(turn.zone.key, turn.locale.chain))),
        (turn.t(N_("Ordinary news")), _yes_no(turn, yes=account["news"])),
        (turn.t(N_("Urgent news")), _yes_no(turn, yes=account["urgent_news"])),
    ]
    rows += [
        (turn.t(N_("Agreement")), joined([_day(turn, each["at"]), _yes_no(turn, yes=each["given"])], ": "))
        for each in held["consents"]
    ]
    rows += [
        (turn.t(N_("Agreement withdrawn")), _day(turn, each["withdrawn_at"]))
        for each in held["consents"]
        if each["withdrawn_at"]
    ]
    rows += [(turn.t(N_("A request was removed")), _day(turn, each)) for each in held["removed_requests"]]
    return _section(turn.t(N_("You and this chat")), rows)


def _draft(turn: Turn, draft: Mapping[str, Any]) -> Iterable[Html]:
    yield Html(f"<h2>{turn.t(_NOT_SENT)}</h2>")
    yield from _answers(turn, draft["requester"], draft["persons"], draft.get("entries", {}))


def _request(turn: Turn, request: Mapping[str, Any]) -> Html:
    about = [
        (turn.t(N_("Sent")), _day(turn, request["sent"])),
        (turn.t(N_("Kept at least until")), _day(turn, request["kept_until"])),
        *([(turn.t(N_("Withdrawn")), _day(turn, request["withdrawn"]))] if request["withdrawn"] else []),
        (turn.t(N_("Open in so many chats")), safe(len(request["open_in_chats_since"]))),
    ]
    persons = [person["answers"] for person in request["persons"]]
    stages = [
        (
            _called(turn, number, person["answers"]),
            joined(
                [turn.t(_told(person["stage"]).now), _day(turn, person["stage_since"])],
                " ",
            ),
        )
        for number, person in enumerate(request["persons"], 1)
    ]
    papers = [
        (turn.t(KINDS[each["kind"]].label), _paper(turn, each))
        for each in request["papers"]
        if each["state"] is not None or each["asked_for_since"]
    ]
    heading = turn.t(N_("Request {reference}"), reference=request["reference"])
    return joined(
        [
            _section(heading, about),
            *_answers(turn, request["requester"], persons, request.get("entries", {})),
            _section(turn.t(N_("Where things stand")), stages, 3),
            _section(turn.t(N_("Papers")), papers, 3),
            _section(turn.t(N_("History")), _history(turn, request["history"]), 3),
        ]
    )


def _paper(turn: Turn, paper: Mapping[str, Any]) -> Html:
    """Say how far a paper is, what the office asks for, and why the one before could not be used."""
    state = turn.t(_PAPER_STATES[paper["state"]]) if paper["state"] is not None else None
    asked = turn.t(_ASKED) if paper["asked_for_since"] else None
    code, remark = paper["rejected_for"], paper["remark"] or ""
    why = rejection_in_words(turn.locale, code, remark) if code else None
    return joined((part for part in (state, asked, why) if part), " · ")


def _told(stage: str) -> Told:
    """Return the words for a stage as it is given out (casework/stages.py, `as_told`)."""
    return TOLD[Stage.DECEASED if stage == OFFICE_TALKS else Stage(stage)]


def _called(turn: Turn, number: int, answers: Mapping[str, Any]) -> Html:
    name = answers.get("name")
    return safe(name) if isinstance(name, str) else turn.t(PERSON_NUMBER, number=number)


def _answers(
    turn: Turn,
    requester: Mapping[str, Any],
    persons: list[Mapping[str, Any]],
    entries: Mapping[str, list[Mapping[str, Any]]],
) -> Iterable[Html]:
    """Say every answer of every block, under the words of its question."""
    for block in BLOCKS:
        match block.scope:
            case Scope.REQUESTER:
                yield _section(turn.t(block.topic), _block(turn, block, requester), 3)
            case Scope.PERSON:
                for number, answers in enumerate(persons, 1):
                    heading = joined([turn.t(block.topic), _called(turn, number, answers)], ": ")
                    yield _section(heading, _block(turn, block, answers), 3)
            case _:
                for answers in entries.get(block.key, ()):
                    yield _section(turn.t(block.topic), _block(turn, block, answers), 3)


def _block(turn: Turn, block: Block, answers: Mapping[str, Any]) -> list[Row]:
    return [
        (turn.t(question.label), _value(turn, question, answers[question.key]))
        for question in block.questions
        if answers.get(question.key) is not None
    ]


def _value(turn: Turn, question: Question, value: Any) -> Html:
    """Say an answer whole: a summary cuts a long story, this page does not."""
    if isinstance(value, list):
        return Html(
            "<br>".join(
                safe(each) if isinstance(each, str) else answer_in_words(turn, question, each)
                for each in value
            )
        )
    return answer_in_words(turn, question, value)


def _history(turn: Turn, history: Iterable[Mapping[str, Any]]) -> list[Row]:
    """List what happened; what exactly was changed stands in the file for machines."""
    return [(_day(turn, event["at"]), event_in_words(turn.locale, event["kind"])) for event in history]


def _messages(turn: Turn, messages: Iterable[Mapping[str, Any]]) -> Html:
    you, office = turn.t(N_("You")), turn.t(N_("We"))
    rows = [
        (
            joined([_day(turn, each["at"]), you if each["from"] == "you" else office], " · "),
            joined([safe(each["text"]), files_in_words(turn.locale, each["files"])], " ")
            if each["files"]
            else safe(each["text"]),
        )
        for each in messages
    ]
    return _section(turn.t(N_("What was written")), rows)


def _files(turn: Turn, files: Iterable[Mapping[str, Any]]) -> Html:
    rows = [
        (
            _day(turn, each["at"]),
            joined(
                [
                    files_in_words(turn.locale, (file["kind"] for file in each["files"])),
                    states_in_words(turn.locale, {file["state"] for file in each["files"]}),
                    *(safe(file["caption"]) for file in each["files"] if file["caption"]),
                ],
                " · ",
            ),
        )
        for each in files
    ]
    return _section(turn.t(N_("What you sent")), rows)
