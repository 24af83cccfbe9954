"""A birth date in words, as it was understood: never more exact than what was said."""

from datetime import date

from bot.i18n import Html, Locale
from casework.partial_dates import BirthDate, Kind, Spoken, spoken
from casework.words import N_

_SEASONS = (N_("spring {year}"), N_("summer {year}"), N_("autumn {year}"), N_("winter {year}"))


def birth_in_words(locale: Locale, birth: BirthDate) -> Html:
    """Say a stored birth date, for the echo, the summary and the buttons' text."""
    return _words(locale, spoken(birth))


def _words(locale: Locale, said: Spoken) -> Html:
    plain = _exact(locale, said)
    return locale.t(N_("about {date}"), date=plain) if said.about and said.kind is not Kind.BETWEEN else plain


def _exact(locale: Locale, said: Spoken) -> Html:
    match said.kind:
        case Kind.DAY:
            return Html(locale.day(date(said.year or 1, said.month or 1, said.day or 1)))
        case Kind.MONTH:
            return Html(locale.month(date(said.year or 1, said.month or 1, 1)))
        case Kind.YEAR | Kind.ABOUT_YEAR:
            return locale.t(N_("{year}"), year=said.year)
        case Kind.SEASON:
            return locale.t(_SEASONS[(said.season or 1) - 1], year=said.year)
        case Kind.BETWEEN | Kind.EITHER:
            return _several(locale, said)
        case _:
            return _age(locale, said)


def _several(locale: Locale, said: Spoken) -> Html:
    parts = [_words(locale, part) for part in said.parts]
    if said.kind is Kind.BETWEEN:
        return locale.t(N_("between {first} and {last}"), first=parts[0], last=parts[-1])
    words = parts[0]
    for part in parts[1:]:
        words = locale.t(N_("{first} or {other}"), first=words, other=part)
    return words


def _age(locale: Locale, said: Spoken) -> Html:
    years = locale.plural("{n} year", "{n} years", said.years or 0)
    months = locale.plural("{n} month", "{n} months", said.months or 0)
    age = {Kind.AGE_YEARS: years, Kind.AGE_MONTHS: months}.get(
        said.kind, locale.t(N_("{years} and {months}"), years=years, months=months)
    )
    return locale.t(N_("{age} old"), age=age)
