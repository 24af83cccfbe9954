"""/queue: which cases wait, page by page; by stage, place and language too."""

from collections.abc import Mapping

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import places, team
from casework import queue as queued
from casework.permissions import Action
from casework.queue import A_PAGE, Line, Looked, Looker, View
from casework.reminding.rules import answered_within
from casework.stages import STAFF_WORDS, Stage
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.place_words import place_called
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

_TITLES = {
    View.NEW: N_("New cases"),
    View.MINE: N_("My cases"),
    View.UNASSIGNED: N_("Cases that nobody has"),
    View.UNANSWERED: N_("Families who wait for an answer"),
    View.WAITING: N_("Cases that wait for the family"),
    View.OVERDUE: N_("Overdue cases"),
    View.STAGE: N_("Stage: {value}"),
    View.PLACE: N_("Place: {value}"),
    View.LANGUAGE: N_("Language: {value}"),
}
_NOTHING = N_("There is nothing here now.")


def _show(turn: Turn, _rest: str) -> None:
    look = _look(turn)
    lines = queued.page(turn.connection, turn.keys, look, looker(turn))
    shown, more = lines[:A_PAGE], len(lines) > A_PAGE
    names = team.names(turn.connection, turn.keys)
    blocks = [_line(turn, each, names) for each in shown] or [turn.t(_NOTHING)]
    text = paragraphs(_title(turn, look), *blocks)
    cases = [Button(each.reference, f"open:{each.request_id}") for each in shown]
    pages = [turn.button(N_("First page"), "first")] if look.behind is not None else []
    pages += [turn.button(N_("Next page"), "more")] if more else []
    if more:
        turn.state["queue"]["last"] = [shown[-1].created_at.isoformat(), shown[-1].request_id]
    turn.show(Desk.QUEUE, desk_screen(turn, text, [*side_by_side(cases), pages], back="views"))


def looker(turn: Turn) -> Looker:
    return Looker(turn.account_id, turn.now, answered_within(turn.around.rules))


def _look(turn: Turn) -> Looked:
    stored = turn.state.setdefault("queue", {"view": View.UNASSIGNED.value})
    behind = stored.get("behind")
    return Looked(View(stored["view"]), stored.get("value", ""), (behind[0], behind[1]) if behind else None)


def _title(turn: Turn, look: Looked) -> Html:
    return bold(turn.t(_TITLES[look.view], value=_value(turn, look)))


def _value(turn: Turn, look: Looked) -> Html | str:
    match look.view:
        case View.STAGE:
            return turn.t(STAFF_WORDS[Stage(look.value)])
        case View.PLACE:
            return place_called(turn.locale, places.name_of(turn.connection, int(look.value)) or "")
        case View.LANGUAGE:
            return turn.around.locales.get(look.value).own_name
        case _:
            return ""


def _line(turn: Turn, line: Line, names: Mapping[int, str]) -> Html:
    """Say what one case waits for. No name: the list is no record of anybody."""
    stages = turn.locale.listed(dict.fromkeys(turn.t(STAFF_WORDS[stage]) for stage in line.stages))
    people = turn.locale.plural("{n} person", "{n} persons", line.persons)
    holder = None
    if line.holder_id is not None:
        holder = turn.t(N_("with {name}"), name=names.get(line.holder_id, team.NAMELESS))
    late = bold(turn.t(N_("overdue"))) if line.overdue else None
    waits = turn.t(N_("waits for an answer")) if line.unanswered_since is not None else None
    unread = (
        turn.locale.plural("{n} unread message", "{n} unread messages", line.unread) if line.unread else None
    )
    since = turn.t(N_("since {day}"), day=turn.locale.date(line.created_at, turn.zone))
    language = safe(turn.around.locales.get(line.language).own_name)
    facts = [people, Html(stages), language, since, holder, waits, unread, late]
    return joined([code(line.reference), Html(" · ".join(each for each in facts if each))])


def _open_view(turn: Turn, value: str) -> bool | None:
    view, _, rest = value.partition(":")
    if view not in set(View) or not _fits(turn, View(view), rest):
        return False
    turn.state["queue"] = {"view": view, "value": rest}
    turn.go(Desk.QUEUE)
    return None


def _fits(turn: Turn, view: View, value: str) -> bool:
    match view:
        case View.STAGE:
            return value in set(Stage)
        case View.PLACE:
            site_id = id_in(value)
            return site_id is not None and places.name_of(turn.connection, site_id) is not None
        case View.LANGUAGE:
            return turn.around.locales.offers(value)
        case _:
            return not value


def _more(turn: Turn, _rest: str) -> None:
    stored = turn.state.get("queue", {})
    if "last" in stored:
        stored["behind"] = stored.pop("last")
    turn.go(Desk.QUEUE)


def _first(turn: Turn, _rest: str) -> None:
    turn.state.get("queue", {}).pop("behind", None)
    turn.go(Desk.QUEUE)


def _open(turn: Turn, value: str) -> bool | None:
    request_id = id_in(value)
    if request_id is None:
        return False
    turn.state["case"] = request_id
    turn.go(Desk.CASE)
    return None


def _views(turn: Turn, _rest: str) -> None:
    """Show every way to look: by what waits, by stage, by place, by language."""
    plain = [turn.button(_TITLES[view], f"queue:{view}") for view in queued.PLAIN]
    stages = [
        Button(turn.locale.plain(STAFF_WORDS[stage]), f"queue:{View.STAGE}:{stage}")
        for stage in queued.stages_in_use(turn.connection)
    ]
    sites = [
        Button(place_called(turn.locale, site.called), f"queue:{View.PLACE}:{site.id}")
        for site in places.offered(turn.connection, None)
    ]
    languages = [Button(each.own_name, f"queue:{View.LANGUAGE}:{each.code}") for each in turn.around.locales]
    text = bold(turn.t(N_("Which cases?")))
    turn.show(Desk.VIEWS, desk_screen(turn, text, side_by_side([*plain, *stages, *sites, *languages])))


def _by_word(turn: Turn, view: str) -> bool | None:
    """Open the queue as it was looked at last, or by the word that follows the command."""
    if not view:
        turn.state.get("queue", {}).pop("behind", None)
        turn.go(Desk.QUEUE)
        return None
    return _open_view(turn, view.lower())


BY_WORD = at_desk(Action.QUEUE, _by_word)
OPEN_VIEW = at_desk(Action.QUEUE, _open_view)
OPEN_CASE = at_desk(Action.QUEUE, _open)
_TO_VIEWS = at_desk(Action.QUEUE, lambda turn, _: turn.go(Desk.VIEWS))
STEPS = (
    Step(
        Desk.QUEUE,
        at_desk(Action.QUEUE, _show),
        presses={
            "open": OPEN_CASE,
            "more": at_desk(Action.QUEUE, _more),
            "first": at_desk(Action.QUEUE, _first),
            "views": _TO_VIEWS,
            **FROM_DESK,
        },
    ),
    Step(Desk.VIEWS, at_desk(Action.QUEUE, _views), presses={"queue": OPEN_VIEW, **FROM_DESK}),
)
