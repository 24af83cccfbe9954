"""One fact of one person, chosen part by part: how it stands, who says so, how sure it is, of which day, a remark.

Nothing is written before the last of them; a colleague who was faster is named.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import facts, team
from casework.answers import AskBack, Understood, understand
from casework.caseload import Case
from casework.facts import CONFIDENCES, KINDS, LONGEST_REMARK, SOURCES, Fact, FactKind, Word
from casework.not_understood import NotUnderstood
from casework.partial_dates import from_json
from casework.permissions import Action
from casework.questions import UNKNOWN, About, Kind, Question
from casework.words import N_
from handlers.family.birth_words import birth_in_words
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_CASE, desk_screen, leading, to
from handlers.staff.fact_words import fact_in_words
from handlers.staff.facts import Look, chosen_in, heading, look_of
from handlers.staff.guard import on_case
from handlers.staff.steps import Desk

_WHEN = Question(
    About.PERSON,
    "when",
    Kind.WHEN,
    prompt=N_("Of which day is it true?"),
    label=N_("Day"),
    button=N_("Day"),
)
_HOW = N_("Write it as you know it: 12.03.2026, March 2026, 2026. You can also go on without.")
_REMARK = N_("Write a remark in one message, or save it without one. Only the team reads it.")
_SAVED = N_("Written down: {fact}")
_TAKEN_OUT = N_("It is taken out: nothing is known of it any more.")
_MEANWHILE = N_("{name} has changed this meanwhile. Nothing was changed by you.")
_TOO_LONG = N_("A remark may have {most} letters at most.")


@dataclass(frozen=True)
class Part:
    """One thing that is chosen of a fact.

    Attributes:
        words: what there is to choose from, of this kind of fact.
    """

    key: str
    prompt: str
    words: Callable[[FactKind], tuple[Word, ...]]


PARTS = (
    Part("status", N_("How does it stand?"), lambda kind: kind.statuses),
    Part("source", N_("Who says so?"), lambda _kind: SOURCES),
    Part("confidence", N_("How sure is it?"), lambda _kind: CONFIDENCES),
)


def _part(turn: Turn) -> Part | None:
    """Return what is to be chosen next; None where every part is."""
    return next((each for each in PARTS if each.key not in chosen_in(turn)), None)


def _ask_part(turn: Turn, case: Case, _rest: str) -> None:
    """Ask for the next part; with the first one, remember what is known so far."""
    look, kind, part = look_of(turn, case), KINDS.get(chosen_in(turn).get("kind", "")), _part(turn)
    if look is None or kind is None or part is None:
        turn.go(Desk.CASE if look is None else Desk.FACTS)
        return
    if part is PARTS[0]:
        chosen_in(turn)["seen"] = _stamp(look, kind.code)
    words = side_by_side([_word(turn, each) for each in part.words(kind)])
    known = look.known.get(kind.code)
    out = [turn.button(N_("Nothing is known of it any more"), "forget", style="danger")]
    text = paragraphs(
        heading(turn, look),
        bold(turn.t(kind.label)),
        turn.t(N_("So far: {fact}"), fact=fact_in_words(turn, known.fact)) if known is not None else None,
        turn.t(part.prompt),
    )
    rows = [*words, out if known is not None and part is PARTS[0] else []]
    turn.show(Desk.FACT_PART, desk_screen(turn, text, rows, back="before"))


def _stamp(look: Look, kind: str) -> str:
    """Return what tells whether somebody has changed a fact since."""
    return look.known[kind].at.isoformat() if kind in look.known else ""


def _word(turn: Turn, word: Word) -> Button:
    label = turn.locale.plain(word.label)
    return Button(label[:1].upper() + label[1:], f"choice:{word.code}")


def _choice(turn: Turn, choice: str) -> bool | None:
    kind, part = KINDS.get(chosen_in(turn).get("kind", "")), _part(turn)
    if kind is None or part is None or choice not in {each.code for each in part.words(kind)}:
        return False
    chosen_in(turn)[part.key] = choice
    turn.go(Desk.FACT_WHEN if _part(turn) is None else Desk.FACT_PART)
    return None


def _before(turn: Turn, _rest: str) -> None:
    """Go back by one part, and from the first to the list."""
    chosen = chosen_in(turn)
    taken = [each.key for each in PARTS if each.key in chosen]
    for each in ("when", "offer"):
        chosen.pop(each, None)
    if taken:
        del chosen[taken[-1]]
    turn.go(Desk.FACT_PART if taken else Desk.FACTS)


def _ask_when(turn: Turn, case: Case, _rest: str) -> None:
    """Ask of which day it is true; where what was written can mean several days, which."""
    look = look_of(turn, case)
    if look is None or _part(turn) is not None:
        turn.go(Desk.CASE if look is None else Desk.FACTS)
        return
    offer = chosen_in(turn).get("offer", [])
    offered = [
        [Button(str(birth_in_words(turn.locale, from_json(each))), f"offer:{number}")]
        for number, each in enumerate(offer)
    ]
    prompt = N_("Which of these do you mean?") if offer else _WHEN.prompt
    text = paragraphs(heading(turn, look), bold(turn.t(prompt)), turn.t(_HOW))
    leave = [turn.button(N_("Without a day"), "leave")]
    turn.show(Desk.FACT_WHEN, desk_screen(turn, text, [*offered, leave], back="before"))


def _written_when(turn: Turn, _rest: str) -> None:
    locale, today = turn.locale, turn.now.astimezone(turn.zone).date()
    taken = understand(_WHEN, turn.incoming.text, today=today, language=locale.code, label=locale.plain)
    chosen_in(turn).pop("offer", None)
    match taken:
        case Understood(value=value):
            _keep_when(turn, None if value == UNKNOWN else value)
        case AskBack(candidates=candidates):
            chosen_in(turn)["offer"] = list(candidates)
            turn.go(Desk.FACT_WHEN)
        case NotUnderstood():
            turn.note(turn.t(taken.first))
            turn.go(Desk.FACT_WHEN)


def _keep_when(turn: Turn, value: dict[str, str] | None) -> None:
    chosen_in(turn)["when"] = value
    turn.go(Desk.FACT_REMARK)


def _offer(turn: Turn, number: str) -> bool | None:
    offer = chosen_in(turn).pop("offer", [])
    if not number.isdecimal() or int(number) >= len(offer):
        return False
    _keep_when(turn, offer[int(number)])
    return None


def _leave(turn: Turn, _rest: str) -> None:
    chosen_in(turn).pop("offer", None)
    _keep_when(turn, None)


def _fact(turn: Turn, remark: str = "") -> Fact | None:
    """Return what was chosen; None while anything is missing."""
    chosen = chosen_in(turn)
    if _part(turn) is not None or "kind" not in chosen or "when" not in chosen:
        return None
    parts = {each.key: chosen[each.key] for each in PARTS}
    return Fact(kind=chosen["kind"], when=chosen["when"], remark=remark, **parts)


def _ask_remark(turn: Turn, case: Case, _rest: str) -> None:
    """Show what will be written down, as it was understood."""
    look, fact = look_of(turn, case), _fact(turn)
    if look is None or fact is None:
        turn.go(Desk.CASE if look is None else Desk.FACTS)
        return
    text = paragraphs(heading(turn, look), fact_in_words(turn, fact), turn.t(_REMARK))
    save = [turn.button(N_("Save without a remark"), "save", style="success")]
    turn.show(Desk.FACT_REMARK, desk_screen(turn, text, [save], back="when"))


def _remark(turn: Turn, case: Case, _rest: str) -> None:
    remark = turn.incoming.text.strip()
    if not remark or len(remark) > LONGEST_REMARK:
        turn.note(turn.t(_TOO_LONG, most=LONGEST_REMARK))
        turn.go(Desk.FACT_REMARK)
    else:
        _write(turn, case, remark)


def _save(turn: Turn, case: Case, _rest: str) -> None:
    _write(turn, case, "")


def _write(turn: Turn, case: Case, remark: str) -> None:
    """Write it down, unless somebody else has changed it since it was begun."""
    look, fact = _as_seen(turn, case), _fact(turn, remark)
    if look is not None and fact is not None:
        key, about = look.dossier.data_key(turn.keys), (case.request_id, look.person_id)
        facts.write(turn.connection, key, about, fact, turn.account_id, turn.now)
        turn.note(turn.t(_SAVED, fact=fact_in_words(turn, fact)))
    turn.go(Desk.FACTS)


def _as_seen(turn: Turn, case: Case) -> Look | None:
    """Return what is known if it still is what was shown; otherwise say who changed it."""
    look, chosen = look_of(turn, case), chosen_in(turn)
    kind = chosen.get("kind", "")
    if look is None or _stamp(look, kind) == chosen.get("seen"):
        return look
    by = facts.changed_by(turn.connection, (case.request_id, look.person_id))
    name = team.name_of(turn.connection, turn.keys, by) if by is not None else team.NAMELESS
    turn.note(turn.t(_MEANWHILE, name=name))
    return None


def _forget(turn: Turn, case: Case, _rest: str) -> None:
    look = _as_seen(turn, case)
    if look is not None:
        key, about = look.dossier.data_key(turn.keys), (case.request_id, look.person_id)
        facts.forget(turn.connection, key, about, chosen_in(turn)["kind"], turn.account_id, turn.now)
        turn.note(turn.t(_TAKEN_OUT))
    turn.go(Desk.FACTS)


_BEFORE = leading(_before)
_TO_WHEN = to(Action.QUEUE, Desk.FACT_WHEN)
STEPS = (
    Step(
        Desk.FACT_PART,
        on_case(Action.SET_FACT, _ask_part),
        presses={
            "choice": leading(_choice),
            "forget": on_case(Action.SET_FACT, _forget),
            "before": _BEFORE,
            **FROM_CASE,
        },
    ),
    Step(
        Desk.FACT_WHEN,
        on_case(Action.SET_FACT, _ask_when),
        leading(_written_when),
        {
            "offer": leading(_offer),
            "leave": leading(_leave),
            "before": _BEFORE,
            **FROM_CASE,
        },
    ),
    Step(
        Desk.FACT_REMARK,
        on_case(Action.SET_FACT, _ask_remark),
        on_case(Action.SET_FACT, _remark),
        {"save": on_case(Action.SET_FACT, _save), "when": _TO_WHEN, **FROM_CASE},
    ),
)
