"""What stands behind a tap: everything that was said of one person, or of the requester. Each tap is audited."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.screen import TEXT_LIMIT, Button
from bot.turn import Turn
from casework import dossiers
from casework.blocks import BLOCKS, Block, Scope
from casework.caseload import Case
from casework.dossiers import Dossier, Said
from casework.permissions import Action
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.standing import PERSON_NUMBER
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.guard import on_case
from handlers.staff.steps import Desk

_OF_REQUEST = "request"


def _choose(turn: Turn, case: Case, _rest: str) -> bool | None:
    """Show whom one may read about; nothing of it yet."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is None:
        return False
    people = [
        [Button(_called(turn, number, said), f"all:{said.id}")]
        for number, said in enumerate(dossier.persons, 1)
    ]
    rest = [turn.button(N_("The requester and the family"), f"all:{_OF_REQUEST}")]
    text = paragraphs(
        bold(turn.t(N_("About whom?"))), turn.t(N_("What you open is written into the audit log."))
    )
    turn.show(Desk.REVEALED, desk_screen(turn, text, [*people, rest], back="case"))
    return None


def _reveal(turn: Turn, case: Case, whom: str) -> bool | None:
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    said = next((each for each in dossier.persons if str(each.id) == whom), None) if dossier else None
    if dossier is None or (said is None and whom != _OF_REQUEST):
        return False
    parts = list(_of_person(turn, dossier, said) if said is not None else _of_request(turn, dossier))
    whole = paragraphs(*parts)
    text = whole if len(whole) < TEXT_LIMIT else _shortened(turn, parts)
    turn.show(Desk.REVEALED, desk_screen(turn, text, back="case"))
    return None


def _shortened(turn: Turn, parts: list[Html]) -> Html:
    """Leave out the last parts where they do not fit into a message, and say so."""
    note = turn.t(N_("There is more than fits here."))
    while len(paragraphs(*parts, note)) >= TEXT_LIMIT:
        parts.pop()
    return paragraphs(*parts, note)


def _called(turn: Turn, number: int, said: Said) -> str:
    return said.name or turn.locale.plain(PERSON_NUMBER, number=number)


def _of_person(turn: Turn, dossier: Dossier, said: Said) -> Iterator[Html]:
    number = dossier.persons.index(said) + 1
    yield bold(Html(f"{number}. {safe(_called(turn, number, said))}"))
    for block in BLOCKS:
        if block.scope is Scope.PERSON:
            yield from _block(turn, block, said.answers)


def _of_request(turn: Turn, dossier: Dossier) -> Iterator[Html]:
    for block in BLOCKS:
        if block.scope is Scope.REQUESTER:
            yield from _block(turn, block, dossier.requester)
        elif block.scope is not Scope.PERSON:
            for answers in dossier.entries.get(block.key, ()):
                yield from _block(turn, block, answers)


def _block(turn: Turn, block: Block, answers: Mapping[str, Any]) -> Iterator[Html]:
    lines = [
        Html(f"{turn.t(each.label)}: {answer_in_words(turn, each, answers[each.key])}")
        for each in block.questions
        if answers.get(each.key) is not None
    ]
    if lines:
        yield joined([bold(turn.t(block.topic)), *lines])


CHOOSE = on_case(Action.READ, _choose)
STEPS = (Step(Desk.REVEALED, CHOOSE, presses={"all": on_case(Action.REVEAL, _reveal), **FROM_CASE}),)
