"""One block of what makes a request stronger: whom it is about, its answers with Change, an entry taken out again."""

from collections.abc import Sequence

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import dossiers
from casework.blocks import MOST_ENTRIES, Block, Scope, Spot, block_of
from casework.dossiers import Dossier
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.drafting import keep
from handlers.family.everywhere import BACK, TALK, side_by_side, talk
from handlers.family.passing_on import offer
from handlers.family.standing import PERSON_NUMBER, change_in, enter
from handlers.family.steps import At
from handlers.family.subject import dossier_of

_PROGRESS = N_("{title}: {done} of {all}")
_WHOM = N_("About whom?")


def told(turn: Turn, title: str, progress: Sequence[tuple[int, int]], *, begun: bool) -> str:
    """Count only what is begun: a list of zeros reads like an examination."""
    done, whole = (sum(each) for each in zip(*progress, strict=True))
    if done == whole:
        return f"✓ {title}"
    return turn.locale.plain(_PROGRESS, title=title, done=done, all=whole) if begun else title


def begin_or_show(turn: Turn, dossier: Dossier, block: Block, number: int) -> None:
    turn.state["number"] = number
    first = dossier.first_open(block, number)
    if first is not None and not dossier.progress(block, number)[0]:
        enter(turn, first)
    else:
        turn.go(At.BLOCK)


def enter_new(turn: Turn, dossier: Dossier, key: str, number: int) -> None:
    block = block_of(key)
    if block is not None:
        enter(turn, Spot(block, number, dossier.asked(block, number)[0]))


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
    if block.scope is Scope.PERSON:
        title = dossier.persons[number].name or turn.locale.plain(PERSON_NUMBER, number=number + 1)
    else:
        title = turn.locale.plain(block.each, number=number + 1)
    begun = dossier.begun(block, number)
    return told(turn, title, [dossier.progress(block, number)], begun=begun)


def _choose_which(turn: Turn, number: str) -> bool | None:
    found = _standing_block(turn)
    if found is None or not number.isdecimal() or int(number) not in found[0].numbers(found[1]):
        return False
    begin_or_show(turn, *found, int(number))
    return None


def _add_entry(turn: Turn, _rest: str) -> bool | None:
    found = _standing_block(turn)
    if found is None or not found[1].add or len(found[0].numbers(found[1])) >= MOST_ENTRIES:
        return False
    dossier, block = found
    enter_new(turn, dossier, block.key, len(dossier.numbers(block)))
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
    rows = side_by_side([Button(f"✎ {each.label}", each.action) for each in change])
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
        At.WHICH,
        ask_which,
        typed=offer,
        other=offer,
        presses={"which": _choose_which, "add": _add_entry, "back": _to_list, "talk": talk},
    ),
    Step(
        At.BLOCK,
        summarise,
        typed=offer,
        other=offer,
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
