"""Make the request stronger: what can be added, with progress; each block can be left, taken up again and changed.

Before sending it is the draft, after sending the request itself that grows.
"""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import dossiers
from casework.blocks import BLOCKS, MOST_ENTRIES, Block, Scope, Spot, block_of
from casework.dossiers import Dossier
from casework.drafts import MOST_PERSONS
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.drafting import draft_of, keep, stand_at
from handlers.family.everywhere import BACK, TALK, in_rows, talk
from handlers.family.standing import PERSON_NUMBER, change_in, enter
from handlers.family.steps import At
from handlers.family.subject import choose, dossier_of

STRONGER = N_("Make the request stronger")
_VOLUNTARY = N_("All of this is voluntary. Every answer is kept at once, and you can go on another day.")
_NOT_SENT_YET = N_("Nothing has been sent yet.")
_STAFF_SEE = N_("What you add or change here reaches staff at once.")
_PROGRESS = N_("{title}: {done} of {all}")
_COUNT = N_("{title}: {number}")
_ADD_PERSON = N_("Add another person")
_WHOM = N_("About whom?")


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
    if turn.loaded.consent_id is None:
        turn.state["agree_for"] = At.STRENGTHEN
        turn.go(At.CONSENT)
        return
    for key in ("block", "number", "spot"):
        turn.state.pop(key, None)
    what = turn.t(_STAFF_SEE if dossier.filed else _NOT_SENT_YET)
    rows = [[Button(_label(turn, dossier, block), f"block:{block.key}")] for block in BLOCKS]
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
    done, whole = 0, 0
    for number in dossier.numbers(block):
        some, of_all = dossier.progress(block, number)
        done, whole = done + some, whole + of_all
    sign = "✓ " if done == whole else ""
    return sign + turn.locale.plain(_PROGRESS, title=title, done=done, all=whole)


def _open(turn: Turn, key: str) -> bool | None:
    """Open a block: begin with its first question, or show what was said so far."""
    dossier, block = dossier_of(turn), block_of(key)
    if dossier is None or block is None:
        return False
    turn.state["block"] = key
    if block.scope is Scope.SEVERAL or len(dossier.numbers(block)) > 1:
        turn.go(At.WHICH)
    else:
        _begin_or_show(turn, dossier, block, 0)
    return None


def _begin_or_show(turn: Turn, dossier: Dossier, block: Block, number: int) -> None:
    turn.state["number"] = number
    first = dossier.first_open(block, number)
    if first is not None and not dossier.progress(block, number)[0]:
        enter(turn, first)
    else:
        turn.go(At.BLOCK)


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
        _enter_new(turn, dossier, "person", len(dossier.persons))
    return None


def _enter_new(turn: Turn, dossier: Dossier, key: str, number: int) -> None:
    block = block_of(key)
    if block is not None:
        enter(turn, Spot(block, number, dossier.asked(block, number)[0]))


def _back(turn: Turn, _rest: str) -> None:
    dossier = dossier_of(turn)
    if dossier is None:
        turn.go(At.HOME)
    elif dossier.filed:
        turn.state["card"] = dossier.request_id
        turn.go(At.CARD)
    else:
        turn.go(At.REVIEW if dossier.draft is not None and dossier.draft.first_open() is None else At.HOME)


def _standing_block(turn: Turn) -> tuple[Dossier, Block] | None:
    dossier, block = dossier_of(turn), block_of(turn.state.get("block", ""))
    return (dossier, block) if dossier is not None and block is not None else None


def ask_which(turn: Turn) -> None:
    """Choose the person, or the relative, that a block is about."""
    found = _standing_block(turn)
    if found is None:
        turn.go(At.STRENGTHEN)
        return
    dossier, block = found
    rows = [[Button(_which(turn, dossier, block, each), f"which:{each}")] for each in dossier.numbers(block)]
    if block.add and len(rows) < MOST_ENTRIES:
        rows.append([turn.button(block.add, "add", style="success")])
    about = turn.t(_WHOM) if block.scope is Scope.PERSON else turn.t(block.before or block.topic)
    ways = [turn.button(BACK, "back"), turn.button(TALK, "talk")]
    turn.show(At.WHICH, Screen(paragraphs(bold(turn.t(block.topic)), about), [*rows, ways]))


def _which(turn: Turn, dossier: Dossier, block: Block, number: int) -> str:
    """Name one of several: a person by name, a relative by what they are."""
    done, whole = dossier.progress(block, number)
    if block.scope is Scope.PERSON:
        title = dossier.persons[number].name or turn.locale.plain(PERSON_NUMBER, number=number + 1)
    else:
        title = turn.locale.plain(block.each, number=number + 1)
    return turn.locale.plain(_PROGRESS, title=title, done=done, all=whole)


def _choose_which(turn: Turn, number: str) -> bool | None:
    found = _standing_block(turn)
    if found is None or not number.isdecimal() or int(number) not in found[0].numbers(found[1]):
        return False
    _begin_or_show(turn, *found, int(number))
    return None


def _add_entry(turn: Turn, _rest: str) -> bool | None:
    found = _standing_block(turn)
    if found is None or not found[1].add or len(found[0].numbers(found[1])) >= MOST_ENTRIES:
        return False
    dossier, block = found
    _enter_new(turn, dossier, block.key, len(dossier.numbers(block)))
    return None


def summarise(turn: Turn) -> None:
    """List the answers of a block, those not given included, each with a button that changes it."""
    found = _standing_block(turn)
    number = turn.state.get("number", 0)
    if found is None or number not in found[0].numbers(found[1]):
        turn.go(At.STRENGTHEN)
        return
    dossier, block = found
    asked, answers = dossier.asked(block, number), dossier.answers(block, number)
    lines = [
        Html(f"{turn.t(each.label)}: {bold(answer_in_words(turn, each, answers.get(each.key)))}")
        for each in asked
    ]
    change = [turn.button(each.button, f"change:{each.key}") for each in asked]
    rows = in_rows([Button(f"✎ {each.label}", each.action) for each in change], 2)
    if dossier.first_open(block, number) is not None:
        rows.insert(0, [turn.button(N_("Go on with the open questions"), "go_on", style="success")])
    if block.scope is Scope.SEVERAL:
        rows.append([turn.button(N_("Remove this entry"), "drop", style="danger")])
    ways = [turn.button(BACK, "back"), turn.button(TALK, "talk")]
    heading = _heading(turn, dossier, block, number)
    turn.show(At.BLOCK, Screen(paragraphs(heading, joined(lines)), [*rows, ways]))


def _heading(turn: Turn, dossier: Dossier, block: Block, number: int) -> Html:
    title = bold(turn.t(block.topic))
    if block.scope is Scope.SEVERAL:
        return joined([title, turn.t(block.each, number=number + 1)])
    name = dossier.persons[number].name if block.scope is Scope.PERSON else ""
    return joined([title, safe(name)]) if name else title


def _go_on(turn: Turn, _rest: str) -> bool | None:
    found = _standing_block(turn)
    first = found[0].first_open(found[1], turn.state.get("number", 0)) if found is not None else None
    if first is None:
        return False
    enter(turn, first)
    return None


def _change(turn: Turn, key: str) -> bool | None:
    found, number = _standing_block(turn), turn.state.get("number", 0)
    if found is None or number not in found[0].numbers(found[1]):
        return False
    dossier, block = found
    question = next((each for each in dossier.asked(block, number) if each.key == key), None)
    if question is None:
        return False
    change_in(turn, dossier.request_id, Spot(block, number, question))
    return None


def _to_list(turn: Turn, _rest: str) -> None:
    turn.go(At.STRENGTHEN)


def _from_summary(turn: Turn, _rest: str) -> None:
    found = _standing_block(turn)
    several = found is not None and (found[1].scope is Scope.SEVERAL or len(found[0].numbers(found[1])) > 1)
    turn.go(At.WHICH if several else At.STRENGTHEN)


def ask_to_drop(turn: Turn) -> None:
    """Removing an entry asks first."""
    text = paragraphs(
        bold(turn.t(N_("Remove this entry?"))),
        turn.t(N_("What you wrote in it is taken out of the request.")),
    )
    rows = [
        [turn.button(N_("Yes, remove it"), "yes", style="danger")],
        [turn.button(N_("No, keep it"), "no")],
    ]
    turn.show(At.DROP, Screen(text, rows))


def _drop(turn: Turn, _rest: str) -> None:
    found, number = _standing_block(turn), turn.state.get("number", 0)
    if found is not None and found[1].scope is Scope.SEVERAL and number in found[0].numbers(found[1]):
        dossier, block = found
        if dossier.draft is not None:
            del dossier.entries[block.key][number]
            keep(turn, dossier.draft)
        else:
            spot = Spot(block, number, block.questions[0])
            dossiers.drop_entry(turn.connection, turn.keys, turn.account_id, dossier, spot, turn.now)
        turn.note(turn.t(N_("It is removed.")))
    turn.go(At.WHICH)


STEPS = (
    Step(
        At.STRENGTHEN,
        show,
        presses={"block": _open, "add": _add_person, "back": _back, "talk": talk},
    ),
    Step(
        At.WHICH,
        ask_which,
        presses={"which": _choose_which, "add": _add_entry, "back": _to_list, "talk": talk},
    ),
    Step(
        At.BLOCK,
        summarise,
        presses={
            "go_on": _go_on,
            "change": _change,
            "drop": lambda turn, _rest: turn.go(At.DROP),
            "back": _from_summary,
            "talk": talk,
        },
    ),
    Step(At.DROP, ask_to_drop, presses={"yes": _drop, "no": lambda turn, _rest: turn.go(At.BLOCK)}),
)
