"""Make the request stronger: what can be added, with progress; each block can be left, taken up again and changed.

Before sending it is the draft, after sending the request itself that grows.
"""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.blocks import BLOCKS, Block, Scope, block_of
from casework.dossiers import Dossier
from casework.drafts import MOST_PERSONS
from casework.words import N_
from handlers.family import papers
from handlers.family.consent import agreed_before
from handlers.family.drafting import draft_of, keep, stand_at
from handlers.family.everywhere import BACK, TALK, talk
from handlers.family.one_block import begin_or_show, enter_new, told
from handlers.family.passing_on import offer
from handlers.family.steps import At
from handlers.family.subject import choose, dossier_of

STRONGER = N_("Make the request stronger")
_VOLUNTARY = N_("All of this is voluntary. Every answer is kept at once, and you can go on another day.")
_NOT_SENT_YET = N_("Nothing has been sent yet.")
_STAFF_SEE = N_("What you add or change here reaches staff at once.")
_COUNT = N_("{title}: {number}")
_ADD_PERSON = N_("Add another person")


def from_card(turn: Turn, _rest: str = "") -> None:
    """Open the list for the request whose card is on the screen."""
    choose(turn, turn.state.get("card", 0))
    turn.go(At.STRENGTHEN)


def from_review(turn: Turn, _rest: str = "") -> bool | None:
    """Open the list for the draft, before it is sent."""
    draft = draft_of(turn)
    if draft is None:
        return False
    choose(turn, draft.request_id)
    turn.go(At.STRENGTHEN)
    return None


def from_anywhere(turn: Turn) -> None:
    """Open the list from a confirmation, however old: for the only request, or after choosing one."""
    if dossier_of(turn) is None:
        turn.go(At.REQUESTS)
    else:
        turn.go(At.STRENGTHEN)


def show(turn: Turn) -> None:
    """Show every block with how far it is."""
    dossier = dossier_of(turn)
    if dossier is None:
        turn.go(At.HOME)
        return
    if not agreed_before(turn, At.STRENGTHEN):
        return
    for key in ("block", "number", "spot"):
        turn.state.pop(key, None)
    what = turn.t(_STAFF_SEE if dossier.filed else _NOT_SENT_YET)
    rows = [[Button(_label(turn, dossier, block), f"block:{block.key}")] for block in BLOCKS]
    rows.append([Button(papers.label(turn, dossier), "papers")])
    if len(dossier.persons) < MOST_PERSONS:
        rows.append([turn.button(_ADD_PERSON, "add")])
    ways = [turn.button(BACK, "back"), turn.button(TALK, "talk")]
    text = paragraphs(bold(turn.t(STRONGER)), turn.t(_VOLUNTARY), what)
    turn.show(At.STRENGTHEN, Screen(text, [*rows, ways]))


def _label(turn: Turn, dossier: Dossier, block: Block) -> str:
    title = turn.locale.plain(block.topic)
    if block.scope is Scope.SEVERAL:
        number = len(dossier.numbers(block))
        return turn.locale.plain(_COUNT, title=title, number=number) if number else title
    progress = [dossier.progress(block, number) for number in dossier.numbers(block)]
    begun = any(dossier.begun(block, number) for number in dossier.numbers(block))
    return told(turn, title, progress, begun=begun)


def _open(turn: Turn, key: str) -> bool | None:
    """Open a block: begin with its first question, or show what was said so far."""
    dossier, block = dossier_of(turn), block_of(key)
    if dossier is None or block is None:
        return False
    turn.state["block"] = key
    if block.scope is Scope.SEVERAL or len(dossier.numbers(block)) > 1:
        turn.go(At.WHICH)
    else:
        begin_or_show(turn, dossier, block, 0)
    return None


def _add_person(turn: Turn, _rest: str) -> bool | None:
    """Add somebody: on the essential path before sending, by name first afterwards."""
    dossier = dossier_of(turn)
    if dossier is None or len(dossier.persons) >= MOST_PERSONS:
        return False
    if dossier.draft is not None:
        stand_at(turn, dossier.draft.add_person())
        keep(turn, dossier.draft)
        turn.go(At.QUESTION)
    else:
        enter_new(turn, dossier, "person", len(dossier.persons))
    return None


def _back(turn: Turn, _rest: str) -> None:
    dossier = dossier_of(turn)
    if dossier is None:
        turn.go(At.HOME)
    elif dossier.filed:
        turn.state["card"] = dossier.request_id
        turn.go(At.CARD)
    else:
        turn.go(At.REVIEW if dossier.draft is not None and dossier.draft.first_open() is None else At.HOME)


STEPS = (
    Step(
        At.STRENGTHEN,
        show,
        typed=offer,
        other=offer,
        presses={"block": _open, "papers": papers.enter, "add": _add_person, "back": _back, "talk": talk},
    ),
)
