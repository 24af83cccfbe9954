"""The question engine: asks what stands in casework/questions.py and casework/blocks.py, saves every answer at once,
echoes it, and goes on.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold
from bot.screen import Button
from bot.turn import Turn
from casework import places
from casework.answers import AskBack, Taken, Understood
from casework.files import Belongs, Purpose
from casework.not_understood import NotUnderstood
from casework.partial_dates import from_json
from casework.questions import COUNTRIES_OFFERED, SPOKEN, UNKNOWN, Kind
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.birth_words import birth_in_words
from handlers.family.correcting import remember
from handlers.family.everywhere import conversation, talk
from handlers.family.question_screen import show
from handlers.family.receiving import ARRIVED, sent_in, take
from handlers.family.standing import Standing, read, standing_of
from handlers.family.steps import At

_MORE_TO_SAY = N_("Kept. You can add more, in writing or by voice, or press “That is all”.")
_TOO_MANY_PIECES = N_("This is as much as we can keep here. Staff read all of it.")
_WELCOME_BACK = N_("Welcome back. Your answers are kept, and we go on where you stopped.")
_PERHAPS_A_PERSON = N_("If this is difficult, press “Talk to a person”. Your answers stay.")
_AWAY = 6 * 3600  # seconds of silence after which we say that we go on where the person stopped
_TRIES_BEFORE_A_PERSON = 3
_MOST_PIECES = 20  # of a story


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
