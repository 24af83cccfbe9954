"""The question engine: asks what stands in casework/questions.py and casework/blocks.py, saves every answer at once,
echoes it, and goes on.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import places
from casework.answers import AskBack, Taken, Understood
from casework.countries import country_name
from casework.files import Belongs, Purpose
from casework.not_understood import NotUnderstood
from casework.partial_dates import from_json
from casework.questions import COUNTRIES_OFFERED, SPOKEN, UNKNOWN, Kind
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.birth_words import birth_in_words
from handlers.family.correcting import remember
from handlers.family.everywhere import FITS_HALF, conversation, in_rows, talk
from handlers.family.receiving import ARRIVED, sent_in, take
from handlers.family.standing import Standing, read, standing_of
from handlers.family.steps import At

_DONT_KNOW = N_("I don't know")
_GIVEN = N_("Your answer so far: {answer}")
_GIVEN_UNSAID = N_("You have answered this already.")
_KEEP = N_("Keep this answer")
_SKIP = N_("Skip")
_ALL_SAID = N_("That is all")
_MORE_TO_SAY = N_("Kept. You can add more, in writing or by voice, or press “That is all”.")
_TOO_MANY_PIECES = N_("This is as much as we can keep here. Staff read all of it.")
_VOICE_IS_FINE = N_("You can also answer with a voice message.")
_WELCOME_BACK = N_("Welcome back. Your answers are kept, and we go on where you stopped.")
_PERHAPS_A_PERSON = N_("If this is difficult, press “Talk to a person”. Your answers stay.")
_AWAY = 6 * 3600  # seconds of silence after which we say that we go on where the person stopped
_TRIES_BEFORE_A_PERSON = 3
_MOST_PIECES = 20  # of a story


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
    name = turn.locale.plain(listed.called)
    closed = turn.locale.plain(N_("{place} (closed)"), place=name)
    return Button(closed if listed.closed else name, f"site:{listed.id}")


def _typed(turn: Turn) -> None:
    standing = standing_of(turn)
    if standing is None:
        turn.go(At.HOME)
        return
    _welcome_back(turn)
    _take(turn, standing, read(turn, standing, turn.incoming.text))


def _take(turn: Turn, standing: Standing, taken: Taken) -> None:
    match taken:
        case Understood(value=value):
            remember(turn, standing)
            _answered(turn, standing, value)
        case AskBack(candidates=candidates):
            turn.state["offer"] = list(candidates)
            turn.go(At.UNSURE)
        case NotUnderstood():
            _say_what_is_wrong(turn, taken)


def _sent(turn: Turn) -> bool | None:
    """Take a voice message or a photo where words are free, a shared number where one is asked for."""
    standing, incoming = standing_of(turn), turn.incoming
    file = sent_in(incoming)
    if standing is not None and incoming.contact is not None and standing.question.kind is Kind.PHONE:
        _take(turn, standing, read(turn, standing, f"+{incoming.contact.phone.lstrip('+')}"))
    elif standing is None or file is None or standing.question.kind not in SPOKEN:
        return False
    else:
        about = Belongs(Purpose.ANSWER, standing.request_id, standing.person_id, standing.spot)
        received = take(turn, file, about)
        turn.note(turn.t(ARRIVED))
        _answered(turn, standing, {"file": received.submission_id, "as": file.kind})
    return None


def _welcome_back(turn: Turn) -> None:
    since = turn.loaded.updated_at
    if since is not None and (turn.now - since).total_seconds() > _AWAY:
        turn.note(turn.t(_WELCOME_BACK))


def _say_what_is_wrong(turn: Turn, problem: NotUnderstood) -> None:
    """Say it, differently the second time; the third time offer a person."""
    tries = turn.state["tries"] = turn.state.get("tries", 0) + 1
    same_as_before = turn.state.get("problem") == problem.first
    turn.state["problem"] = problem.first
    turn.note(turn.t(problem.again if same_as_before else problem.first))
    if tries >= _TRIES_BEFORE_A_PERSON:
        turn.note(turn.t(_PERHAPS_A_PERSON))
    turn.go(At.QUESTION)


def _answered(turn: Turn, standing: Standing, value: Any) -> bool:
    """Keep the answer, echo it, and go on.

    Always True, as a press handler says that its button was one of the screen's.
    """
    if standing.question.kind is Kind.STORY:
        _add_to_the_story(turn, standing, value)
        return True
    standing.keep(turn, value)
    turn.note(_echo(turn, standing, value))
    standing.onward(turn)
    return True


def _echo(turn: Turn, standing: Standing, value: Any) -> Html:
    """Say what was understood; of a sensitive answer only that it is kept."""
    label = turn.t(standing.question.label)
    if standing.question.sensitive:
        return Html(f"✓ {label}")
    return Html(f"✓ {label}: {answer_in_words(turn, standing.question, value)}")


def _add_to_the_story(turn: Turn, standing: Standing, piece: Any) -> None:
    """Stay at the question: a story comes in pieces."""
    pieces = [*(standing.given or []), piece]
    if len(pieces) > _MOST_PIECES:
        turn.note(turn.t(_TOO_MANY_PIECES))
    else:
        standing.keep(turn, pieces)
        turn.note(turn.t(_MORE_TO_SAY))
    turn.go(At.QUESTION)


def _choice(turn: Turn, code: str) -> bool | None:
    standing = standing_of(turn)
    if standing is None or code not in _offered(standing):
        return False
    return _answered(turn, standing, code)


def _offered(standing: Standing) -> set[str]:
    question = standing.question
    return (
        set(COUNTRIES_OFFERED) if question.kind is Kind.COUNTRY else {each.code for each in question.choices}
    )


def _site(turn: Turn, number: str) -> bool | None:
    standing = standing_of(turn)
    if standing is None or standing.question.kind is not Kind.PLACE or not number.isdecimal():
        return False
    if int(number) not in {each.id for each in places.offered(turn.connection, standing.country)}:
        return False
    return _answered(turn, standing, {"site": int(number)})


def _unknown(turn: Turn, _rest: str) -> bool | None:
    standing = standing_of(turn)
    if standing is None or not standing.question.accepts_unknown:
        return False
    return _answered(turn, standing, UNKNOWN)


def _keep_as_it_is(turn: Turn, _rest: str) -> bool | None:
    standing = standing_of(turn)
    if standing is None or standing.given is None:
        return False
    if not standing.question.sensitive:
        turn.note(_echo(turn, standing, standing.given))
    standing.onward(turn)
    return None


def _skip(turn: Turn, _rest: str) -> bool | None:
    standing = standing_of(turn)
    if standing is None or not standing.may_skip:
        return False
    standing.onward(turn)
    return None


def _back(turn: Turn, _rest: str) -> None:
    standing = standing_of(turn)
    if standing is None:
        turn.go(At.HOME)
    else:
        standing.back(turn)


def leave(turn: Turn, _rest: str = "") -> None:
    """Cancel: on the essential path it asks first; in a block nothing is lost."""
    standing = standing_of(turn)
    if standing is None:
        turn.go(At.HOME)
    else:
        standing.leave(turn)


def ask_which(turn: Turn) -> None:
    """Something typed can mean several things: ask, never guess."""
    offer = turn.state.get("offer", [])
    rows = [
        [Button(_as_button(birth_in_words(turn.locale, from_json(each))), f"offer:{number}")]
        for number, each in enumerate(offer)
    ]
    rows.append([turn.button(N_("Something else"), "else")])
    turn.show(At.UNSURE, conversation(turn, bold(turn.t(N_("Which of these do you mean?"))), rows))


def _as_button(words: Html) -> str:
    """Buttons take no markup; the words hold none but isolates."""
    return str(words)


def _chosen(turn: Turn, number: str) -> bool | None:
    offer = turn.state.get("offer", [])
    standing = standing_of(turn)
    if standing is None or not number.isdecimal() or int(number) >= len(offer):
        return False
    turn.state.pop("offer", None)
    return _answered(turn, standing, offer[int(number)])


def _something_else(turn: Turn, _rest: str) -> None:
    turn.state.pop("offer", None)
    turn.go(At.QUESTION)


_WAYS_OUT = {"cancel": leave, "talk": talk}

STEPS = (
    Step(
        At.QUESTION,
        show,
        _typed,
        {
            "choice": _choice,
            "site": _site,
            "unknown": _unknown,
            "keep": _keep_as_it_is,
            "skip": _skip,
            "back": _back,
            **_WAYS_OUT,
        },
        _sent,
    ),
    Step(
        At.UNSURE,
        ask_which,
        _typed,
        {"offer": _chosen, "else": _something_else, "back": _something_else, **_WAYS_OUT},
        _sent,
    ),
)
