"""The question engine: asks what stands in casework/questions.py, saves every answer at once, echoes it, and
goes on.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs, safe
from bot.screen import Button
from bot.turn import Turn
from casework.answers import AskBack, NotUnderstood, Understood, understand
from casework.countries import country_name
from casework.drafts import At as Place
from casework.drafts import Draft
from casework.partial_dates import from_json
from casework.questions import COUNTRIES_OFFERED, UNKNOWN, About, Kind, Question
from casework.words import N_
from handlers.family.birth_words import birth_in_words
from handlers.family.drafting import begin, draft_of, keep, place_of, stand_at
from handlers.family.everywhere import WAYS_OUT, conversation, in_rows
from handlers.family.steps import At

_DONT_KNOW = N_("I don't know")
_NOT_GIVEN = N_("not given")
_GIVEN = N_("Your answer so far: {answer}")
_KEEP = N_("Keep this answer")
_WELCOME_BACK = N_("Welcome back. Your answers are kept, and we go on where you stopped.")
_PERHAPS_A_PERSON = N_("If this is difficult, press “Talk to a person”. Your answers stay.")
_AWAY = 6 * 3600  # seconds of silence after which we say that we go on where the person stopped
_TRIES_BEFORE_A_PERSON = 3


def show(turn: Turn) -> None:
    """Ask the question the person stands at."""
    draft = draft_of(turn)
    place = place_of(turn, draft) if draft is not None else None
    if draft is None or place is None:
        turn.go(At.HOME if draft is None else At.REVIEW)
        return
    turn.state["at"] = str(place)
    turn.show(At.QUESTION, conversation(turn, _text(turn, draft, place), _buttons(turn, draft, place)))


def _standing(turn: Turn) -> tuple[Draft, Place] | None:
    """Return the draft and the question in it that the person stands at."""
    draft = draft_of(turn)
    place = place_of(turn, draft) if draft is not None else None
    return (draft, place) if draft is not None and place is not None else None


def _text(turn: Turn, draft: Draft, place: Place) -> Html:
    question = place.question
    name = _called(turn, draft, place)
    several = question.about is About.PERSON and len(draft.persons) > 1
    which = turn.t(N_("Person {number}"), number=place.person + 1) if several else None
    why = turn.t(question.why) if question.why else None
    given = draft.answer(place)
    now = turn.t(_GIVEN, answer=answer_in_words(turn, question, given)) if given is not None else None
    prompt = turn.t(question.prompt, name=name) if name else turn.t(question.prompt)
    return paragraphs(which, bold(prompt), why, now)


def _called(turn: Turn, draft: Draft, place: Place) -> str:
    """Return the name a prompt speaks of; "this person" while it is not known."""
    if place.question.about is not About.PERSON or place.question.key == "name":
        return ""
    return draft.name(place.person) or turn.locale.plain(N_("this person"))


def _buttons(turn: Turn, draft: Draft, place: Place) -> list[list[Button]]:
    question = place.question
    rows: list[list[Button]] = []
    if question.kind is Kind.CHOICE:
        rows = in_rows([turn.button(each.label, f"choice:{each.code}") for each in question.choices], 2)
    elif question.kind is Kind.COUNTRY:
        names = [(each, country_name(each, turn.locale.chain)) for each in COUNTRIES_OFFERED]
        rows = in_rows([Button(name, f"choice:{each}") for each, name in names], 3)
    if question.accepts_unknown:
        rows.append([turn.button(_DONT_KNOW, "unknown")])
    if draft.answer(place) is not None:
        rows.append([turn.button(_KEEP, "keep", style="success")])
    return rows


def _typed(turn: Turn) -> None:
    standing = _standing(turn)
    if standing is None:
        turn.go(At.HOME)
        return
    draft, place = standing
    _welcome_back(turn)
    locale = turn.locale
    today = turn.now.astimezone(turn.zone).date()
    taken = understand(
        place.question, turn.incoming.text, today=today, language=locale.code, label=locale.plain
    )
    match taken:
        case Understood(value=value):
            _answered(turn, draft, place, value)
        case AskBack(candidates=candidates):
            turn.state["offer"] = list(candidates)
            turn.go(At.UNSURE)
        case NotUnderstood():
            _say_what_is_wrong(turn, taken)


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


def _answered(turn: Turn, draft: Draft, place: Place, value: Any) -> bool:
    """Keep the answer, echo it, and go on: to the next question, or back to the summary it was changed from.

    Always True, as a press handler says that its button was one of the screen's.
    """
    draft.put(place, value)
    keep(turn, draft)
    turn.note(Html(f"✓ {turn.t(place.question.label)}: {answer_in_words(turn, place.question, value)}"))
    following = draft.after(place)
    if turn.state.pop("changing", False):
        turn.go(At.REVIEW)
    elif following is None:
        turn.go(At.MORE)
    else:
        turn.go(At.QUESTION)
    stand_at(turn, following or place)
    return True


def answer_in_words(turn: Turn, question: Question, value: Any) -> Html:
    """Say an answer as people read it; a missing one as "not given"."""
    if value is None:
        return turn.t(_NOT_GIVEN)
    if value == UNKNOWN:
        return turn.t(N_("not known"))
    match question.kind:
        case Kind.NAME:
            return safe(value)
        case Kind.BIRTH:
            return safe(birth_in_words(turn.locale, from_json(value)))
        case Kind.COUNTRY:
            return safe(country_name(value, turn.locale.chain))
        case Kind.CHOICE:
            return turn.t(question.labels[value])


def _choice(turn: Turn, code: str) -> bool | None:
    standing = _standing(turn)
    if standing is None or code not in _offered(standing[1].question):
        return False
    return _answered(turn, *standing, code)


def _offered(question: Question) -> set[str]:
    return (
        set(COUNTRIES_OFFERED) if question.kind is Kind.COUNTRY else {each.code for each in question.choices}
    )


def _unknown(turn: Turn, _rest: str) -> bool | None:
    standing = _standing(turn)
    if standing is None or not standing[1].question.accepts_unknown:
        return False
    return _answered(turn, *standing, UNKNOWN)


def _keep_as_it_is(turn: Turn, _rest: str) -> bool | None:
    standing = _standing(turn)
    given = standing[0].answer(standing[1]) if standing is not None else None
    if standing is None or given is None:
        return False
    return _answered(turn, *standing, given)


def _back(turn: Turn, _rest: str) -> None:
    """Go to the question before; from a change back to the summary; from the first question to the menu."""
    draft = draft_of(turn) or begin(turn)
    place = place_of(turn, draft)
    before = draft.before(place) if place is not None else None
    if turn.state.pop("changing", False):
        turn.go(At.REVIEW)
    elif before is None:
        turn.go(At.HOME)
    else:
        stand_at(turn, before)
        turn.go(At.QUESTION)


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
    standing = _standing(turn)
    if standing is None or not number.isdecimal() or int(number) >= len(offer):
        return False
    return _answered(turn, *standing, offer[int(number)])


def _something_else(turn: Turn, _rest: str) -> None:
    turn.state.pop("offer", None)
    turn.go(At.QUESTION)


STEPS = (
    Step(
        At.QUESTION,
        show,
        _typed,
        {"choice": _choice, "unknown": _unknown, "keep": _keep_as_it_is, "back": _back, **WAYS_OUT},
    ),
    Step(
        At.UNSURE,
        ask_which,
        _typed,
        {"offer": _chosen, "else": _something_else, "back": _something_else, **WAYS_OUT},
    ),
)
