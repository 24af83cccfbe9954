"""Moving one person from stage to stage: whom, where to, why where that is asked, and what the family will read.

Each press asks again whether the person still stands where the screen showed them.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, code, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import access, dossiers, moves, team
from casework.approvals import Approval
from casework.caseload import Case
from casework.dossiers import Dossier
from casework.moves import Move, Stand
from casework.permissions import Action
from casework.stages import QUIET, STAFF_WORDS, TOLD, Stage
from casework.transitions import TRANSITIONS, Transition, transition
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.standing import PERSON_NUMBER
from handlers.staff import seconding
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.guard import on_case, record
from handlers.staff.news import tell_families
from handlers.staff.seconding import Matter
from handlers.staff.steps import Desk

LONGEST_REASON = 500
TWO = N_("Ask a second person")
_FROM_TO = N_("{before} → {after}")
_BY_COLLEAGUE = N_("{name} has moved this person meanwhile. The stage is now: {stage}")
_MEANWHILE = N_("The stage has changed meanwhile. It is now: {stage}")
_THEY_READ = N_("What the family reads on its card:")
_THEY_ARE_TOLD = N_("They also get a message without names that there is news.")
_THEY_ARE_NOT_TOLD = N_("No message goes out about it.")
_NEVER_BY_BOT = N_("The bot never tells of a death. Please speak with the family yourselves.")
_ASK_REASON = N_("Why? Write it in one message. Only the team reads it.")
REASON_LENGTH = N_("A reason may have {most} letters at most.")
REASON = N_("Reason: {reason}")


def _choose(turn: Turn, case: Case, _rest: str) -> None:
    """Begin: of a single person the next stages at once."""
    turn.state["move"] = {}
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is not None and len(dossier.persons) == 1:
        _begin(turn, dossier.persons[0].id)
    else:
        turn.go(Desk.MOVE_WHO)


def _ask_whom(turn: Turn, case: Case, _rest: str) -> None:
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    persons = dossier.persons if dossier is not None else []
    buttons = [
        [Button(called(turn, dossier, each.id), f"who:{each.id}")] for each in persons if dossier is not None
    ]
    text = bold(turn.t(N_("Whose stage?")))
    turn.show(Desk.MOVE_WHO, desk_screen(turn, text, buttons, back="case"))


def called(turn: Turn, dossier: Dossier, person_id: int) -> str:
    """Return what the family calls a person, or which of the case's persons it is."""
    number = next((n for n, each in enumerate(dossier.persons, 1) if each.id == person_id), 0)
    name = dossier.persons[number - 1].name if number else ""
    return name or turn.locale.plain(PERSON_NUMBER, number=number)


def _who(turn: Turn, case: Case, person_id: str) -> bool | None:
    stand = moves.stand_of(turn.connection, id_in(person_id) or 0)
    if stand is None or stand.request_id != case.request_id:
        return False
    _begin(turn, stand.person_id)
    return None


def _begin(turn: Turn, person_id: int) -> None:
    stand = moves.stand_of(turn.connection, person_id)
    if stand is not None:
        turn.state["move"] = {"person": person_id, "seen": stand.stage.value}
        turn.go(Desk.MOVE_TO)


def _stand(turn: Turn, case: Case) -> Stand | None:
    """Return where the chosen person stands; where that is not what was shown, say who changed it and go back."""
    chosen: dict[str, Any] = turn.state.get("move") or {}
    stand = moves.stand_of(turn.connection, chosen.get("person", 0))
    if stand is None or stand.request_id != case.request_id:
        turn.go(Desk.CASE)
        return None
    if stand.stage != chosen["seen"]:
        turn.note(_changed(turn, stand))
        turn.go(Desk.CASE)
        return None
    return stand


def _changed(turn: Turn, stand: Stand) -> Html:
    mover = moves.mover_of(turn.connection, stand)
    stage = turn.t(STAFF_WORDS[stand.stage])
    if mover is None:
        return turn.t(_MEANWHILE, stage=stage)
    return turn.t(_BY_COLLEAGUE, name=team.name_of(turn.connection, turn.keys, mover), stage=stage)


def _ask_where(turn: Turn, case: Case, _rest: str) -> None:
    """Offer the next stages; the others behind one more tap, where there are next ones."""
    stand = _stand(turn, case)
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if stand is None or dossier is None:
        return
    ways = TRANSITIONS[stand.stage].values()
    forward = [each for each in ways if each.forward]
    offered = [*ways] if turn.state["move"].get("all") or not forward else forward
    buttons = [
        Button(
            turn.locale.plain(STAFF_WORDS[each.to]),
            f"to:{each.to}",
            style="success" if each.forward else None,
        )
        for each in offered
    ]
    more = [[turn.button(N_("Another stage"), "more")]] if len(offered) < len(ways) else []
    text = paragraphs(
        bold(safe(called(turn, dossier, stand.person_id))),
        turn.t(N_("Now: {stage}"), stage=turn.t(STAFF_WORDS[stand.stage])),
        turn.t(N_("To which stage?")),
    )
    turn.show(Desk.MOVE_TO, desk_screen(turn, text, [*side_by_side(buttons), *more], back="case"))


def _more(turn: Turn, case: Case, _rest: str) -> None:
    if _stand(turn, case) is not None:
        turn.state["move"]["all"] = True
        turn.go(Desk.MOVE_TO)


def _to(turn: Turn, case: Case, to: str) -> bool | None:
    stand = _stand(turn, case)
    if stand is None:
        return None
    way = transition(stand.stage, Stage(to)) if to in set(Stage) else None
    if way is None:
        return False
    turn.state["move"] |= {"to": way.to.value, "reason": ""}
    turn.go(Desk.MOVE_REASON if way.needs_reason else Desk.MOVE_SURE)
    return None


def _way(turn: Turn, stand: Stand) -> Transition | None:
    to = turn.state["move"].get("to")
    return transition(stand.stage, Stage(to)) if to else None


def _ask_why(turn: Turn, case: Case, _rest: str) -> None:
    stand = _stand(turn, case)
    way = _way(turn, stand) if stand is not None else None
    if way is not None:
        text = paragraphs(bold(_arrow(turn, way)), turn.t(_ASK_REASON))
        turn.show(Desk.MOVE_REASON, desk_screen(turn, text, back="stages"))


def _arrow(turn: Turn, way: Transition) -> Html:
    return turn.t(_FROM_TO, before=turn.t(STAFF_WORDS[way.before]), after=turn.t(STAFF_WORDS[way.to]))


def _reason(turn: Turn, case: Case, _rest: str) -> None:
    if _stand(turn, case) is None:
        return
    reason = turn.incoming.text.strip()
    if not reason or len(reason) > LONGEST_REASON:
        turn.note(turn.t(REASON_LENGTH, most=LONGEST_REASON))
        turn.go(Desk.MOVE_REASON)
        return
    turn.state["move"]["reason"] = reason
    turn.go(Desk.MOVE_SURE)


def _ask_whether(turn: Turn, case: Case, _rest: str) -> None:
    stand = _stand(turn, case)
    way = _way(turn, stand) if stand is not None else None
    if stand is None or way is None:
        return
    text = _what(turn, case.request_id, stand.person_id, way, turn.state["move"]["reason"])
    words = TWO if way.needs_two else N_("Yes, change the stage")
    sure = turn.button(words, f"sure:{way.to}", style="success")
    turn.show(Desk.MOVE_SURE, desk_screen(turn, text, [[sure]], back="stages"))


def _what(turn: Turn, request_id: int, person_id: int, way: Transition, reason: str) -> Html:
    """Say of whom what will change, and what the family will see of it."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, request_id)
    if dossier is None:
        return turn.t(N_("This case is not there any more."))
    who = joined([code(dossier.reference), bold(safe(called(turn, dossier, person_id)))], " · ")
    why = turn.t(REASON, reason=reason) if reason else None
    return paragraphs(who, bold(_arrow(turn, way)), why, what_they_read(turn, [request_id], way.to))


def what_they_read(turn: Turn, requests: list[int], stage: Stage) -> Html:
    """Show the sentence of a stage in the languages of the families, and say whether they are told of it."""
    if stage is Stage.DECEASED:
        return turn.t(_NEVER_BY_BOT)
    codes = access.languages(turn.connection, requests) or [turn.locale.code]
    shown = [_sentence(turn.around.locales.get(each), stage) for each in codes]
    told = _THEY_ARE_NOT_TOLD if stage in QUIET else _THEY_ARE_TOLD
    return paragraphs(joined([turn.t(_THEY_READ), *shown]), turn.t(told))


def _sentence(locale: Locale, stage: Stage) -> Html:
    told = TOLD[stage]
    text = locale.in_line(joined([locale.t(told.now), locale.t(told.meaning)]))
    return Html(f"<blockquote>{safe(Html(text))}</blockquote>")


def _do(turn: Turn, case: Case, to: str) -> bool | None:
    stand = _stand(turn, case)
    if stand is None:
        return None
    way = _way(turn, stand)
    if way is None or way.to != to:
        return False
    reason = turn.state.pop("move")["reason"]
    if way.needs_two:
        details = {"from": way.before.value, "to": way.to.value, "reason": reason}
        seconding.ask(turn, MATTER, details, request_id=case.request_id, person_id=stand.person_id)
    else:
        moved = moves.move(
            turn.connection,
            turn.keys,
            {stand.person_id: stand.stage},
            Move(way.to, turn.account_id, reason),
            turn.now,
        )
        tell_families(turn, moved.told)
        turn.note(turn.t(N_("The stage is now: {stage}"), stage=turn.t(STAFF_WORDS[way.to])))
    turn.go(Desk.CASE)
    return None


def _way_asked(approval: Approval) -> Transition | None:
    details = approval.asked.details
    return transition(Stage(details["from"]), Stage(details["to"]))


def _pages(turn: Turn, approval: Approval) -> list[Html]:
    """Show the second person whose stage would change, and what the family would read."""
    asked, way = approval.asked, _way_asked(approval)
    stand = moves.stand_of(turn.connection, asked.person_id or 0)
    if way is None or stand is None or asked.request_id is None:
        return [turn.t(N_("This case is not there any more."))]
    record(turn, Action.READ, asked.request_id)
    text = _what(turn, asked.request_id, stand.person_id, way, asked.details["reason"])
    changed = _changed(turn, stand) if stand.stage is not way.before else None
    return [paragraphs(text, changed)]


def _carry_out(turn: Turn, approval: Approval) -> bool:
    asked, way = approval.asked, _way_asked(approval)
    if way is None or asked.person_id is None:
        return False
    what = Move(way.to, asked.by, asked.details["reason"], approved_by=turn.account_id)
    moved = moves.move(turn.connection, turn.keys, {asked.person_id: way.before}, what, turn.now)
    tell_families(turn, moved.told)
    return bool(moved.persons)


MATTER = Matter("move", N_("Change of a stage"), Action.MOVE, _pages, _carry_out)
CHOOSE = on_case(Action.MOVE, _choose)
_TO_STAGES = on_case(Action.MOVE, lambda turn, _case, _rest: turn.go(Desk.MOVE_TO))
STEPS = (
    Step(
        Desk.MOVE_WHO,
        on_case(Action.MOVE, _ask_whom),
        presses={"who": on_case(Action.MOVE, _who), **FROM_CASE},
    ),
    Step(
        Desk.MOVE_TO,
        on_case(Action.MOVE, _ask_where),
        presses={"to": on_case(Action.MOVE, _to), "more": on_case(Action.MOVE, _more), **FROM_CASE},
    ),
    Step(
        Desk.MOVE_REASON,
        on_case(Action.MOVE, _ask_why),
        on_case(Action.MOVE, _reason),
        {"stages": _TO_STAGES, **FROM_CASE},
    ),
    Step(
        Desk.MOVE_SURE,
        on_case(Action.MOVE, _ask_whether),
        presses={"sure": on_case(Action.MOVE, _do), "stages": _TO_STAGES, **FROM_CASE},
    ),
)
