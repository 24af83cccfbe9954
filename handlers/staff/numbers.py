"""/stats: the most important counts in words, a picture, and a button for each way to look at them."""

from bot.charts import recipe_of
from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.turn import Turn
from casework import numbers as counts
from casework.numbers import WAITS, Numbers, Sort, Unit
from casework.permissions import Action, may
from casework.veils import Hidden
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import at_desk
from handlers.staff.number_words import BUTTONS, count_in_words, panel_of, view_in_words
from handlers.staff.steps import Desk

TO_NUMBERS = N_("Numbers")
_TOTALS = {Unit.REQUESTS: N_("Requests: {n}"), Unit.PERSONS: N_("Persons: {n}")}
_THIS_WEEK = N_("Came this week: {n}")
_STILL_WAIT = N_("Requests in which somebody still waits: {n}")


def _count(turn: Turn) -> Numbers:
    veil = not may(turn.role, Action.READ)
    keys, now, zone = turn.keys, turn.now, turn.zone
    return turn.beside("numbers", lambda connection: counts.count(connection, keys, now, zone, veil=veil))


def _open(turn: Turn, wanted: str) -> bool | None:
    """Send the picture of a view, of the weeks where none is named, and the counts below it."""
    if wanted and wanted not in set(Sort):
        return False
    found = _count(turn)
    _draw(turn, found, Sort(wanted or Sort.WEEKS))
    _summary(turn, found)
    return None


def _look(turn: Turn, wanted: str) -> bool | None:
    """Say the view in the place of the screen, send its picture below, and the screen anew below that."""
    if wanted not in set(Sort):
        return False
    found = _count(turn)
    turn.close(view_in_words(turn, found, Sort(wanted)))
    _draw(turn, found, Sort(wanted))
    _summary(turn, found)
    return None


def _draw(turn: Turn, found: Numbers, sort: Sort) -> None:
    recipe = recipe_of([panel_of(turn, found, sort)], right_to_left=turn.locale.right_to_left)
    turn.upload("sendPhoto", recipe, protected=True)


def _show(turn: Turn, _rest: str) -> None:
    _summary(turn, _count(turn))


def _summary(turn: Turn, found: Numbers) -> None:
    lines = [_said(turn, words, found.totals[unit]) for unit, words in _TOTALS.items()]
    weeks = [group.code for group in found.views[Sort.WEEKS]]
    this_week = found.together(Sort.WEEKS, weeks[-2:-1])
    waiting = found.together(Sort.WAITING, [str(number) for number in range(len(WAITS) + 1)])
    lines += [_said(turn, _THIS_WEEK, Hidden.KEPT if this_week is None else this_week)]
    lines += [_said(turn, _STILL_WAIT, Hidden.KEPT if waiting is None else waiting)]
    buttons = [turn.button(words, f"by:{sort}") for sort, words in BUTTONS.items()]
    text = paragraphs(bold(turn.t(TO_NUMBERS)), joined(lines))
    turn.show(Desk.NUMBERS, desk_screen(turn, text, side_by_side(buttons)))


def _said(turn: Turn, words: str, count: int | Hidden) -> Html:
    return turn.t(words, n=bold(safe(count_in_words(turn, count))))


STATS = at_desk(Action.NUMBERS, _open)
STEPS = (
    Step(
        Desk.NUMBERS,
        at_desk(Action.NUMBERS, _show),
        presses={"by": at_desk(Action.NUMBERS, _look), **FROM_DESK},
    ),
)
