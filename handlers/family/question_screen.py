"""A question as it is shown: why it is asked, how it can be answered, what was answered so far, and its buttons."""

from bot.i18n import Html, bold, joined, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import places
from casework.countries import country_name
from casework.questions import COUNTRIES_OFFERED, SPOKEN, Kind
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.everywhere import FITS_HALF, conversation, in_rows
from handlers.family.place_words import place_called
from handlers.family.standing import Standing, standing_of
from handlers.family.steps import At

_DONT_KNOW = N_("I don't know")
_GIVEN = N_("Your answer so far: {answer}")
_GIVEN_UNSAID = N_("You have answered this already.")
_KEEP = N_("Keep this answer")
_SKIP = N_("Skip")
_ALL_SAID = N_("That is all")
_VOICE_IS_FINE = N_("You can also answer with a voice message.")


def show(turn: Turn) -> None:
    """Ask the question the person stands at."""
    standing = standing_of(turn)
    if standing is None:
        turn.go(At.REVIEW if "draft" in turn.state else At.HOME)
        return
    if "spot" not in turn.state:
        turn.state["at"] = standing.spot
    turn.show(At.QUESTION, conversation(turn, _text(turn, standing), _buttons(turn, standing)))


def _text(turn: Turn, standing: Standing) -> Html:
    question, name = standing.question, standing.called
    prompt = turn.t(question.prompt, name=name) if name else turn.t(question.prompt)
    return paragraphs(standing.heading(turn), bold(prompt), _hints(turn, standing), _so_far(turn, standing))


def _hints(turn: Turn, standing: Standing) -> Html | None:
    """Say why it is asked and how it can be answered; of a story that is begun nothing more.

    That a voice will do is said at names and in the blocks: often enough to be known, and no more.
    """
    question = standing.question
    if question.kind is Kind.STORY:
        return turn.t(question.why) if question.why and not standing.given else None
    by_voice = question.kind in SPOKEN and (standing.may_skip or question.kind is Kind.NAME)
    hints = [hint for hint in (question.why, _VOICE_IS_FINE if by_voice else None) if hint]
    return joined([turn.t(hint) for hint in hints], " ")


def _so_far(turn: Turn, standing: Standing) -> Html | None:
    """Repeat the answer given before; of a sensitive one only that there is one."""
    question, given = standing.question, standing.given
    if given is None:
        return None
    if question.kind is Kind.STORY:
        return turn.locale.plural("{n} message is kept so far.", "{n} messages are kept so far.", len(given))
    if question.sensitive:
        return turn.t(_GIVEN_UNSAID)
    return turn.t(_GIVEN, answer=answer_in_words(turn, question, given))


def _buttons(turn: Turn, standing: Standing) -> list[list[Button]]:
    question = standing.question
    rows = _choices(turn, standing)
    unknown = [turn.button(_DONT_KNOW, "unknown")] if question.accepts_unknown else []
    if question.kind is Kind.STORY and standing.given:
        rows += [unknown, [turn.button(_ALL_SAID, "keep", style="success")]]
    elif standing.given is not None:
        rows += [unknown, [turn.button(_KEEP, "keep", style="success")]]
    elif standing.may_skip:
        rows.append([*unknown, turn.button(_SKIP, "skip")])
    else:
        rows.append(unknown)
    return rows


def _choices(turn: Turn, standing: Standing) -> list[list[Button]]:
    match standing.question.kind:
        case Kind.CHOICE:
            wide = max(len(turn.locale.plain(each.label)) for each in standing.question.choices)
            choices = [turn.button(each.label, f"choice:{each.code}") for each in standing.question.choices]
            return in_rows(choices, 2 if wide <= FITS_HALF else 1)
        case Kind.COUNTRY:
            chain = turn.locale.chain
            offered = [Button(country_name(each, chain), f"choice:{each}") for each in COUNTRIES_OFFERED]
            return in_rows(offered, 3)
        case Kind.PLACE:
            return [[_place(turn, each)] for each in places.offered(turn.connection, standing.country)]
        case _:
            return []


def _place(turn: Turn, listed: places.Listed) -> Button:
    name = place_called(turn.locale, listed.called)
    closed = turn.locale.plain(N_("{place} (closed)"), place=name)
    return Button(closed if listed.closed else name, f"site:{listed.id}")
