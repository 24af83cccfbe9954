"""One draft of a broadcast: everything it is made of on one screen, and what readers of a missing language get."""

from zoneinfo import ZoneInfo

from bot.dialog import Step
from bot.i18n import paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import broadcasts
from casework.broadcasts import LEFT_OUT, Broadcast, State
from casework.permissions import Action
from casework.words import N_
from casework.zones import zone_name
from handlers.family.everywhere import side_by_side
from handlers.staff.audience_words import language_in_words
from handlers.staff.broadcast_audience import WHO
from handlers.staff.broadcast_sending import PREVIEW, UNASK, UNSCHEDULE, to_mend
from handlers.staff.broadcast_texts import TEXT, WRITTEN
from handlers.staff.broadcast_words import draft_in_words, title_in_words
from handlers.staff.broadcasts import BROADCASTS, DRAFT, current, draft, save, waits_for_second
from handlers.staff.everywhere import FROM_DESK, desk_screen, to
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

_WAITS = N_("A second person looks at it. Nothing can be changed meanwhile.")
_SCHEDULED = N_("It starts on {moment} ({zone}).")
_MAKE_URGENT, _MAKE_ORDINARY = N_("Make it urgent"), N_("Make it ordinary")
_URGENT_MEANS = N_("Urgent news also comes in quiet hours, and to those who want no ordinary news.")


def _show(turn: Turn, _rest: str) -> None:
    broadcast = current(turn)
    if broadcast is None:
        return
    if broadcast.state is State.STARTED:
        turn.go(Desk.CAST_RUN)
    elif broadcast.state is State.SCHEDULED:
        _show_scheduled(turn, broadcast)
    elif waits_for_second(turn, broadcast):
        rows = [
            [turn.button(N_("Look at it"), "preview")],
            [turn.button(N_("Take it back"), "unask")],
        ]
        text = paragraphs(title_in_words(turn, broadcast), turn.t(_WAITS))
        turn.show(Desk.CAST, desk_screen(turn, text, rows, back="list"))
    else:
        _show_draft(turn, broadcast)


def _show_scheduled(turn: Turn, broadcast: Broadcast) -> None:
    zone = broadcast.details.zone or turn.zone.key
    moment = turn.locale.moment(broadcast.due_at or turn.now, ZoneInfo(zone))
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_SCHEDULED, moment=moment, zone=zone_name(zone, turn.locale.chain)),
    )
    rows = [
        [turn.button(N_("Look at it"), "preview")],
        [turn.button(N_("Back to the draft"), "unschedule")],
    ]
    turn.show(Desk.CAST, desk_screen(turn, text, rows, back="list"))


def _show_draft(turn: Turn, broadcast: Broadcast) -> None:
    plan = broadcasts.plan(turn.connection, turn.keys, broadcast, turn.around.locales.fallback.code)
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    text = draft_in_words(turn, broadcast, plan, written)
    wanted = dict.fromkeys([*(_read_as(turn, each) for each in plan.languages), *written])
    buttons = [
        Button(f"{'✓' if each in written else '✎'} {language_in_words(turn, each)}", f"text:{each}")
        for each in [*wanted, *(each.code for each in turn.around.locales if each.code not in wanted)]
    ]
    missing = [
        Button(
            turn.locale.plain(N_("Missing: {language}"), language=language_in_words(turn, each)),
            f"missing:{each}",
        )
        for each in plan.missing(turn.around.locales.fallback.code)
    ]
    rows = [
        [turn.button(N_("To whom"), "who")],
        *side_by_side(buttons),
        *side_by_side(missing),
        [turn.button(N_("File"), "file"), turn.button(N_("Button"), "link")],
        [turn.button(_MAKE_ORDINARY if broadcast.urgent else _MAKE_URGENT, "urgent")],
        [_further(turn, broadcast.id, ready=to_mend(turn, broadcast, plan, written) is None)],
        [turn.button(N_("Drop it"), "drop", style="danger")],
    ]
    turn.show(Desk.CAST, desk_screen(turn, text, rows, back="list"))


def _further(turn: Turn, broadcast_id: int, *, ready: bool) -> Button:
    if ready:
        return turn.button(N_("Look at it and send"), f"preview:{broadcast_id}", style="success")
    return turn.button(N_("What is still missing?"), f"preview:{broadcast_id}")


def _read_as(turn: Turn, language: str) -> str:
    return language if turn.around.locales.offers(language) else turn.around.locales.fallback.code


def _urgent(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        broadcast.urgent = not broadcast.urgent
        if broadcast.urgent:
            turn.note(turn.t(_URGENT_MEANS))
        save(turn, broadcast)


def _ask_missing(turn: Turn, _rest: str) -> None:
    """Ask what the readers of a language without a text shall get."""
    broadcast = draft(turn)
    if broadcast is None:
        return
    language = turn.state["cast"].get("language", "")
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    rows = [[turn.button(N_("Write it"), f"text:{language}")]]
    rows += [
        [
            Button(
                turn.locale.plain(N_("They read it in {other}"), other=language_in_words(turn, each)),
                f"instead:{each}",
            )
        ]
        for each in written
        if each != language
    ]
    rows.append([turn.button(N_("Leave them out"), "out")])
    question = turn.t(
        N_("There is no text in this language: {language}. What shall its readers get?"),
        language=language_in_words(turn, language),
    )
    turn.show(
        Desk.CAST_MISSING,
        desk_screen(turn, paragraphs(title_in_words(turn, broadcast), question), rows, back="draft"),
    )


def _missing(turn: Turn, language: str) -> bool | None:
    if not turn.around.locales.offers(language) or "cast" not in turn.state:
        return False
    turn.state["cast"]["language"] = language
    turn.go(Desk.CAST_MISSING)
    return None


def _instead(turn: Turn, other: str) -> bool | None:
    broadcast = draft(turn)
    if broadcast is None:
        return None
    if other not in broadcasts.texts(turn.connection, turn.keys, broadcast.id):
        return False
    broadcast.details.instead[turn.state["cast"].get("language", "")] = other
    save(turn, broadcast)
    return None


def _out(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        broadcast.details.instead[turn.state["cast"].get("language", "")] = LEFT_OUT
        save(turn, broadcast)


STEPS = (
    Step(
        Desk.CAST,
        at_desk(Action.BROADCAST, _show),
        presses={
            "who": WHO,
            "text": TEXT,
            "missing": at_desk(Action.BROADCAST, _missing),
            "file": to(Action.BROADCAST, Desk.CAST_FILE),
            "link": to(Action.BROADCAST, Desk.CAST_LINK),
            "urgent": at_desk(Action.BROADCAST, _urgent),
            "preview": PREVIEW,
            "unask": UNASK,
            "unschedule": UNSCHEDULE,
            "drop": to(Action.BROADCAST, Desk.CAST_DROP),
            "list": BROADCASTS,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.CAST_MISSING,
        at_desk(Action.BROADCAST, _ask_missing),
        WRITTEN,  # whoever writes instead of pressing “Write it” means this language
        {
            "text": TEXT,
            "instead": at_desk(Action.BROADCAST, _instead),
            "out": at_desk(Action.BROADCAST, _out),
            "draft": DRAFT,
            **FROM_DESK,
        },
    ),
)
