"""The numbers in words: what each view and each of its groups is called, in a list and on a picture."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from bot.charts import Bar, Panel
from bot.i18n import Html, Locale, bold, joined, paragraphs, safe, shown
from bot.turn import Turn
from casework.counted import AGES, REST, WRITTEN
from casework.countries import country_name
from casework.numbers import FUNNEL, Group, Numbers, Sort
from casework.questions import UNKNOWN
from casework.stages import STAFF_WORDS, Stage
from casework.veils import FEWEST, Hidden
from casework.words import N_

HEADINGS = {
    Sort.WEEKS: N_("Requests, by the week they came"),
    Sort.STAGES: N_("Persons, by stage"),
    Sort.AGES: N_("Persons, by age in years"),
    Sort.WAITING: N_("Requests, by time of waiting"),
    Sort.COUNTRIES: N_("Persons, by country"),
    Sort.REGIONS: N_("Requests, by where the family lives"),
    Sort.LANGUAGES: N_("Requests, by language"),
}
BUTTONS = {
    Sort.WEEKS: N_("Weeks"),
    Sort.STAGES: N_("Stages"),
    Sort.AGES: N_("Ages"),
    Sort.WAITING: N_("Waiting"),
    Sort.COUNTRIES: N_("Countries"),
    Sort.REGIONS: N_("Regions"),
    Sort.LANGUAGES: N_("Languages"),
}
# In the order of casework.numbers.WAITS.
_WAITS = (
    N_("up to a month"),
    N_("one to three months"),
    N_("three to six months"),
    N_("half a year to a year"),
    N_("one to two years"),
    N_("more than two years"),
)
_RESTS = {
    Sort.WEEKS: N_("earlier"),
    Sort.WAITING: N_("nobody waits any more"),
    Sort.REGIONS: N_("all others"),
}
_HIDDEN = {Hidden.FEW: N_("fewer than {n}"), Hidden.KEPT: N_("not shown")}
_NOT_KNOWN = N_("not known")
_VEILED = N_("Groups of fewer than {n} are not shown.")
_FUNNEL = N_("Pale: how many have come at least so far.")
_MORE = N_("There is more than fits here.")
_MOST_SHOWN = 26  # groups in one view
_LONGEST_WORDS = 60  # of a region in a family's words


def count_in_words(turn: Turn, count: int | Hidden) -> str:
    return turn.locale.plain(_HIDDEN[count], n=FEWEST) if isinstance(count, Hidden) else str(count)


def view_in_words(turn: Turn, numbers: Numbers, sort: Sort) -> Html:
    """Say a whole view in lines: whoever cannot see the picture reads the same."""
    lines = [
        Html(f"{safe(_called(turn, sort, group.code))}: {bold(safe(count_in_words(turn, group.count)))}")
        for group in numbers.views[sort][:_MOST_SHOWN]
    ]
    remarks = joined(_remarks(turn, numbers, sort))
    return paragraphs(bold(turn.t(HEADINGS[sort])), joined(lines), remarks)


def panel_of(turn: Turn, numbers: Numbers, sort: Sort) -> Panel:
    """Return a view as bars. What came earlier, and who waits no longer, would dwarf the others."""
    left_out = {REST} if sort in {Sort.WEEKS, Sort.WAITING} else set()
    groups = [group for group in numbers.views[sort] if group.code not in left_out][:_MOST_SHOWN]
    behind = _came_so_far(groups) if sort is Sort.STAGES else {}
    bars = tuple(_bar(turn, sort, group, behind.get(group.code, 0)) for group in groups)
    remark = " ".join(
        [*([turn.locale.plain(_FUNNEL)] if behind else []), *_plain_remarks(turn, numbers, sort)]
    )
    return Panel(turn.locale.plain(HEADINGS[sort]), bars, remark)


def _bar(turn: Turn, sort: Sort, group: Group, behind: int) -> Bar:
    words = _called(turn, sort, group.code)
    colour = "side" if sort is Sort.STAGES and group.code not in FUNNEL else "main"
    if isinstance(group.count, Hidden):
        return Bar(words, None, instead=count_in_words(turn, group.count), colour=colour)
    return Bar(words, group.count, behind, colour=colour)


def _came_so_far(groups: list[Group]) -> dict[str, int]:
    """Return for each stage of the way home how many are there or beyond; nothing where one of them is hidden."""
    along = [group for group in groups if group.code in FUNNEL]
    counts = [group.count for group in along if not isinstance(group.count, Hidden)]
    if len(counts) < len(along):
        return {}
    return {group.code: sum(counts[place:]) for place, group in enumerate(along)}


def _remarks(turn: Turn, numbers: Numbers, sort: Sort) -> Iterator[Html]:
    return (Html(safe(each)) for each in _plain_remarks(turn, numbers, sort))


def _plain_remarks(turn: Turn, numbers: Numbers, sort: Sort) -> list[str]:
    groups = numbers.views[sort]
    said = [turn.locale.plain(_VEILED, n=FEWEST)] if any(isinstance(g.count, Hidden) for g in groups) else []
    return said + ([turn.locale.plain(_MORE)] if len(groups) > _MOST_SHOWN else [])


def _called(turn: Turn, sort: Sort, code: str) -> str:
    if code == UNKNOWN:
        return turn.locale.plain(_NOT_KNOWN)
    if code == REST:
        return turn.locale.plain(_RESTS[sort])
    return _CALLED[sort](turn, code)


def _week(turn: Turn, code: str) -> str:
    return turn.locale.plain(N_("from {day}"), day=turn.locale.day_and_month(date.fromisoformat(code)))


def _age(turn: Turn, code: str) -> str:
    first, last = [0, *AGES][int(code)], [*AGES, 0][int(code)] - 1
    if last < 0:
        return turn.locale.plain(N_("{first} and older"), first=first)
    return turn.locale.plain(N_("{first} to {last}"), first=first, last=last)


def _region(_turn: Turn, code: str) -> str:
    """Return a family's own words, on one line."""
    written = " ".join(shown(code.removeprefix(WRITTEN)).split())
    return written if len(written) <= _LONGEST_WORDS else f"{written[:_LONGEST_WORDS]}…"


def _language(turn: Turn, code: str) -> str:
    locale: Locale = turn.around.locales.get(code)
    return locale.own_name if locale.code == code else code


_CALLED: Mapping[Sort, Callable[[Turn, str], str]] = MappingProxyType(
    {
        Sort.WEEKS: _week,
        Sort.STAGES: lambda turn, code: turn.locale.plain(STAFF_WORDS[Stage(code)]),
        Sort.AGES: _age,
        Sort.WAITING: lambda turn, code: turn.locale.plain(_WAITS[int(code)]),
        Sort.COUNTRIES: lambda turn, code: country_name(code, turn.locale.chain),
        Sort.REGIONS: _region,
        Sort.LANGUAGES: _language,
    }
)
