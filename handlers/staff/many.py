"""/many: changing the stage of everybody of a flight or at a place: where to, who would move and who not, and why.

Nothing happens before a second person has seen the same and agrees (handlers/staff/many_approved.py).
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import groups, many
from casework.groups import Group, Of
from casework.many import Asked, Plan
from casework.permissions import Action, may
from casework.stages import STAFF_WORDS, Stage
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff import seconding
from handlers.staff.everywhere import FROM_DESK, desk_screen, to
from handlers.staff.group_words import counted_in_words, group_in_words
from handlers.staff.guard import at_desk
from handlers.staff.many_approved import MATTER
from handlers.staff.many_words import plan_in_words
from handlers.staff.moving import LONGEST_REASON, REASON_LENGTH, TWO
from handlers.staff.steps import Desk

_TITLE = N_("Change the stage of many")
_HOW = N_("Choose a flight or a place. Everybody of it can go to another stage together.")
_WHERE_TO = N_("To which stage?")
_NOBODY = N_("Nobody of them can go to another stage together with others.")
_ASK_REASON = N_("Why? Write it in one message. Only the team reads it.")
_CHANGED = N_("Things have changed while you looked. Please look again.")


def everybody_button(turn: Turn, group: Group, persons: int) -> list[Button]:
    """Make the button by which one begins, for who may and where there is anybody."""
    words = N_("Change the stage of everybody")
    return [turn.button(words, f"many:{group}")] if persons and may(turn.role, Action.MANY) else []


def _choose(turn: Turn, _rest: str) -> None:
    rows = [[turn.button(N_("Flights"), "flights"), turn.button(N_("Places"), "places")]]
    turn.show(Desk.MANY, desk_screen(turn, paragraphs(bold(turn.t(_TITLE)), turn.t(_HOW)), rows))


def _begin(turn: Turn, carried: str) -> bool | None:
    group = Group.read(carried)
    if group is None or group_in_words(turn, group) is None:
        return False
    turn.state["many"] = {"group": str(group), "without": []}
    turn.go(Desk.MANY_TO)
    return None


def _group(turn: Turn) -> Group | None:
    """Return the group that was chosen; where there is none any more, go back."""
    group = Group.read(turn.state.get("many", {}).get("group", ""))
    if group is None or group_in_words(turn, group) is None:
        turn.go(Desk.MANY)
        return None
    return group


def _ask_where(turn: Turn, _rest: str) -> None:
    """Say how many stand where, and offer the next stages; the others behind one more tap."""
    group = _group(turn)
    if group is None:
        return
    standing = groups.standing(turn.connection, group)
    ways = many.targets(standing)
    forward = [stage for stage, next_step in ways.items() if next_step]
    offered = forward if forward and not turn.state["many"].get("all") else list(ways)
    buttons = [Button(turn.locale.plain(STAFF_WORDS[stage]), f"to:{stage}") for stage in offered]
    more = [[turn.button(N_("Another stage"), "more")]] if len(offered) < len(ways) else []
    question = turn.t(_WHERE_TO if ways else _NOBODY)
    name = group_in_words(turn, group) or Html()
    text = paragraphs(bold(name), counted_in_words(turn, standing), question)
    turn.show(Desk.MANY_TO, desk_screen(turn, text, [*side_by_side(buttons), *more], back="group"))


def _more(turn: Turn, _rest: str) -> None:
    if _group(turn) is not None:
        turn.state["many"]["all"] = True
        turn.go(Desk.MANY_TO)


def _to(turn: Turn, stage: str) -> bool | None:
    group = _group(turn)
    if group is None:
        return None
    if stage not in many.targets(groups.standing(turn.connection, group)):
        return False
    turn.state["many"] |= {"to": stage, "reason": "", "without": []}
    turn.go(Desk.MANY_SURE)
    return None


def _plan(turn: Turn, group: Group) -> Plan | None:
    """Look what would happen by what was chosen; None where no stage was chosen."""
    chosen: dict[str, Any] = turn.state["many"]
    if "to" not in chosen:
        return None
    without = [Stage(each) for each in chosen["without"]]
    return many.plan(turn.connection, group, Stage(chosen["to"]), without)


def _looked_at(turn: Turn) -> tuple[Group, Plan] | None:
    """Return what was chosen and what would happen; where that is nothing any more, go back to the stages."""
    group = _group(turn)
    plan = _plan(turn, group) if group is not None else None
    if group is None:
        return None
    if plan is None or not (plan.moving or turn.state["many"]["without"]):
        turn.note(turn.t(_NOBODY))
        turn.go(Desk.MANY_TO)
        return None
    return group, plan


def _ask_why(turn: Turn, _rest: str) -> None:
    found = _looked_at(turn)
    if found is not None:
        to = turn.t(STAFF_WORDS[found[1].to])
        text = paragraphs(bold(group_in_words(turn, found[0]) or Html()), bold(to), turn.t(_ASK_REASON))
        turn.show(Desk.MANY_REASON, desk_screen(turn, text, back="preview"))


def _reason(turn: Turn, _rest: str) -> None:
    if _looked_at(turn) is None:
        return
    reason = turn.incoming.text.strip()
    if not reason or len(reason) > LONGEST_REASON:
        turn.note(turn.t(REASON_LENGTH, most=LONGEST_REASON))
        turn.go(Desk.MANY_REASON)
        return
    turn.state["many"]["reason"] = reason
    turn.go(Desk.MANY_SURE)


def _preview(turn: Turn, _rest: str) -> None:
    """Show what would happen. Where a reason is needed it comes next: who it is needed for can be left out first."""
    found = _looked_at(turn)
    if found is None:
        return
    group, plan = found
    chosen = turn.state["many"]
    chosen["print"] = plan.print
    text = plan_in_words(turn, group, plan, chosen["reason"])
    turn.show(
        Desk.MANY_SURE,
        desk_screen(turn, text, [_going_on(turn, plan), *_leaving_out(turn, plan)], back="stages"),
    )


def _going_on(turn: Turn, plan: Plan) -> list[Button]:
    if not plan.moving:
        return []
    if plan.needs_reason and not turn.state["many"]["reason"]:
        return [turn.button(N_("Say why"), "why")]
    return [turn.button(TWO, "ask", style="success")]


def _leaving_out(turn: Turn, plan: Plan) -> list[list[Button]]:
    """Offer to leave out who stands at one of several stages, and to take everybody in again."""
    words = N_("Without: {stage}")
    without = [
        Button(turn.locale.plain(words, stage=turn.locale.plain(STAFF_WORDS[stage])), f"without:{stage}")
        for stage in (plan.moving if len(plan.moving) > 1 else ())
    ]
    again = [turn.button(N_("Everybody again"), "without:")] if turn.state["many"]["without"] else []
    return [*side_by_side(without), again]


def _without(turn: Turn, stage: str) -> bool | None:
    found = _looked_at(turn)
    if found is None:
        return None
    if stage and (stage not in found[1].moving or len(found[1].moving) == 1):
        return False
    turn.state["many"]["without"] = [*turn.state["many"]["without"], stage] if stage else []
    turn.go(Desk.MANY_SURE)
    return None


def _ask(turn: Turn, _rest: str) -> None:
    """Ask a second person for exactly what was on the screen; if it would be something else by now, show it anew."""
    found = _looked_at(turn)
    if found is None:
        return
    group, plan = found
    chosen = turn.state["many"]
    missing = plan.needs_reason and not chosen["reason"]
    if plan.print != chosen.get("print") or not plan.moving or missing:
        turn.note(turn.t(_CHANGED))
        turn.go(Desk.MANY_SURE)
        return
    staying = sum(plan.staying.values())
    reason = chosen["reason"] if plan.needs_reason else ""
    asked = Asked(group, plan.to, reason, plan.moving, len(plan.requests), staying)
    seconding.ask(turn, MATTER, asked.to_json())
    turn.state.pop("many")
    turn.go(Desk.DESK)


def _back_to_group(turn: Turn, _rest: str) -> None:
    """Go back to the page of the flight or place."""
    group = _group(turn)
    if group is not None:
        look = "flight" if group.of is Of.FLIGHT else "place"
        turn.state[look] = {"id": group.id, "page": 0}
        turn.go(Desk.FLIGHT if group.of is Of.FLIGHT else Desk.PLACE)


MANY = to(Action.MANY, Desk.MANY)
EVERYBODY = at_desk(Action.MANY, _begin)
_TO_STAGES = at_desk(Action.MANY, lambda turn, _: turn.go(Desk.MANY_TO))
STEPS = (
    Step(
        Desk.MANY,
        at_desk(Action.MANY, _choose),
        presses={
            "flights": to(Action.SEE_FLIGHTS, Desk.FLIGHTS),
            "places": to(Action.SEE_PLACES, Desk.PLACES),
            **FROM_DESK,
        },
    ),
    Step(
        Desk.MANY_TO,
        at_desk(Action.MANY, _ask_where),
        presses={
            "to": at_desk(Action.MANY, _to),
            "more": at_desk(Action.MANY, _more),
            "group": at_desk(Action.MANY, _back_to_group),
            **FROM_DESK,
        },
    ),
    Step(
        Desk.MANY_REASON,
        at_desk(Action.MANY, _ask_why),
        at_desk(Action.MANY, _reason),
        {"preview": to(Action.MANY, Desk.MANY_SURE), **FROM_DESK},
    ),
    Step(
        Desk.MANY_SURE,
        at_desk(Action.MANY, _preview),
        presses={
            "ask": at_desk(Action.MANY, _ask),
            "why": to(Action.MANY, Desk.MANY_REASON),
            "without": at_desk(Action.MANY, _without),
            "stages": _TO_STAGES,
            **FROM_DESK,
        },
    ),
)
