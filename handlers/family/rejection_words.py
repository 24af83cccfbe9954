"""Why a paper cannot be used, in words for the family: what is wrong, how to mend it, what staff add."""

from bot.i18n import Html, Locale, joined
from casework.rejections import BY_CODE
from casework.words import N_

OFFICE_ADDS = N_("The office adds: {words}")


def rejection_in_words(locale: Locale, code: str, remark: str) -> Html:
    """Say a reason (casework/rejections.py) in this language; the remark stays in the language it was written in."""
    why = BY_CODE[code]
    said = joined([locale.t(each) for each in (why.wrong, why.mend) if each], " ")
    return joined([said, locale.t(OFFICE_ADDS, words=remark)]) if remark else said
