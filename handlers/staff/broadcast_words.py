"""A broadcast in words: how it stands, who would get it, in which languages, and what is wrong with a text."""

from collections.abc import Iterable

from bot.i18n import Html, Locale, bold, code, joined, paragraphs, safe
from bot.turn import Turn
from casework.audience import NO_LANGUAGE
from casework.broadcast_texts import Found, Problem
from casework.broadcasts import LEFT_OUT, REQUEST, Broadcast, Plan, Share, State, Text
from casework.promises import promises_in
from casework.words import N_
from handlers.staff.audience_words import audience_in_words, language_in_words

STATES = {
    State.DRAFT: N_("draft"),
    State.SCHEDULED: N_("waits for its time"),
    State.STARTED: N_("sent"),
}
ORDINARY, URGENT = N_("Ordinary news"), N_("Urgent news")
KINDS = {"photo": N_("a picture"), "document": N_("a document"), "voice": N_("a voice message")}
_TITLE = N_("Broadcast {code}")
_TO = N_("To whom:")
_WOULD = N_("Would get it: {n}")
_UNREACHABLE = N_("Cannot be reached: {n}")
_SAID_NO = N_("Said no to such news: {n}")
_LEFT_OUT = N_("Left out, because their language is missing: {n}")
_READS = {
    "own": N_("{language}: {n}, written"),
    "other": N_("{language}: {n}, read it in {other}"),
    "out": N_("{language}: {n}, left out"),
    "missing": N_("{language}: {n}, <b>the text is missing</b>"),
}
_ALSO = N_("Also written: {languages}")
_FILE = N_("With {what}")
_BUTTON = N_("Button: open my request")
_LINK = N_("Button: {link}")
_PROMISES = N_(
    "Families may take these words for a day or a return they can count on: {words}. Can they be left out?"
)
_MEND = {
    Problem.EMPTY: N_("There are no words in this message. Write the text as one message."),
    Problem.TOO_LONG: N_("The text is {over} signs too long: {room} fit. Shorten it, and send it again."),
    Problem.SIGNS: N_(
        "Families would read these signs as they stand: {what}. "
        "Take them out; to format words, mark them and choose a format in Telegram."
    ),
    Problem.LINK: N_("This is no address that can be opened: {what}. An address begins with https://"),
    Problem.KIND: N_("This kind of formatting cannot be sent: {what}. Take it off, and send the text again."),
}
_MOST_NAMED = 20  # words that promise
_LONGEST_SHOWN = 60  # signs of what was written
_KEPT = N_("The draft stands as it was.")


def title_in_words(turn: Turn, broadcast: Broadcast) -> Html:
    kind = turn.t(URGENT if broadcast.urgent else ORDINARY)
    name = bold(turn.t(_TITLE, code=code(broadcast.details.code)))
    return joined([name, kind, turn.t(STATES[broadcast.state])], " · ")


def draft_in_words(turn: Turn, broadcast: Broadcast, plan: Plan, written: dict[str, Text]) -> Html:
    """Say the whole of a draft."""
    return paragraphs(
        title_in_words(turn, broadcast),
        joined([turn.t(_TO), audience_in_words(turn, broadcast.details.audience)]),
        count_in_words(turn, plan),
        languages_in_words(turn, plan, written) or None,
        _beside(turn, broadcast) or None,
    )


def count_in_words(turn: Turn, plan: Plan) -> Html:
    """Say who would get it, and count apart who would not."""
    lines = [turn.t(_WOULD, n=bold(str(plan.wanted)))]
    others = (
        (_UNREACHABLE, plan.count.unreachable),
        (_SAID_NO, plan.count.said_no),
        (_LEFT_OUT, plan.left_out),
    )
    return joined([*lines, *(turn.t(words, n=n) for words, n in others if n)])


def languages_in_words(turn: Turn, plan: Plan, written: dict[str, Text]) -> Html:
    """Say for each language of the audience how many read it, and in which language."""
    lines = [_share(turn, each) for each in plan.shares]
    read = {each.reads for each in plan.shares}
    unread = [language_in_words(turn, each) for each in written if each not in read]
    if unread:
        lines.append(turn.t(_ALSO, languages=turn.locale.listed(unread)))
    return joined(lines)


def _share(turn: Turn, share: Share) -> Html:
    own = turn.around.locales.fallback.code if share.language == NO_LANGUAGE else share.language
    how = {None: "missing", LEFT_OUT: "out", own: "own"}.get(share.reads, "other")
    return turn.t(
        _READS[how],
        language=language_in_words(turn, share.language),
        n=share.readers,
        other=language_in_words(turn, share.reads or ""),
    )


def _beside(turn: Turn, broadcast: Broadcast) -> Html:
    media, link = broadcast.details.media, broadcast.details.link
    lines = [turn.t(_FILE, what=turn.t(KINDS[media.kind]))] if media else []
    if link:
        lines.append(turn.t(_BUTTON) if link == REQUEST else turn.t(_LINK, link=link))
    return joined(lines)


def promises_in_words(turn: Turn, written: Iterable[Text]) -> Html | None:
    """Point out the words that promise something; None where there are none."""
    found = list(dict.fromkeys(each for text in written for each in promises_in(text.body.text)))[
        :_MOST_NAMED
    ]
    return (
        turn.t(_PROMISES, words=Html(turn.locale.listed(bold(each[:_LONGEST_SHOWN]) for each in found)))
        if found
        else None
    )


def mend_in_words(turn: Turn, found: Iterable[Found], room: int) -> Html:
    """Say what is wrong with a text and how to mend it."""
    lines = []
    for each in found:
        shown = turn.locale.listed(what[:_LONGEST_SHOWN] for what in each.what)
        lines.append(turn.t(_MEND[each.problem], what=shown, over=each.over, room=room))
    return joined([*lines, turn.t(_KEPT)])


def shown_text(locale: Locale, text: Text, most: int) -> Html:
    """Show a text in words, without its formatting, on a screen that has other things to say."""
    full = text.body.text
    short = full if len(full) <= most else f"{full[:most]}…"
    name = locale.own_name
    return Html(f"{bold(name)}\n<blockquote expandable>{safe(short)}</blockquote>")
