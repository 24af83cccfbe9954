"""More persons, "Check your answers" with Change on each, and Send."""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import submissions
from casework.drafts import MOST_PERSONS, Draft
from casework.errors import CaseworkError
from casework.questions import ESSENTIAL, About
from casework.requests import file
from casework.words import N_
from handlers.family import strengthening
from handlers.family.answer_words import answer_in_words
from handlers.family.confirmation import confirm
from handlers.family.drafting import draft_of, forget, keep, stand_at
from handlers.family.everywhere import WAYS_OUT, conversation, in_rows
from handlers.family.steps import At

_ANOTHER = N_("Do you want to ask about somebody else as well?")
_CHECK = N_("Check your answers")
_NOTHING_SENT = N_("Nothing has been sent yet.")
_PRESS_TO_CHANGE = N_(
    "To change an answer, press its button. If everything is right, press “Send my request”."
)
_SEND = N_("Send my request")
_ADD = N_("Add another person")
_REMOVE = N_("Remove a person")


def ask_for_more(turn: Turn) -> None:
    """After the last question of a person: another one, or the summary."""
    draft = draft_of(turn)
    if draft is None:
        turn.go(At.HOME)
        return
    add = [[turn.button(_ADD, "add")]] if len(draft.persons) < MOST_PERSONS else []
    rows = [*add, [turn.button(N_("No, check my answers"), "check", style="success")]]
    turn.show(At.MORE, conversation(turn, bold(turn.t(_ANOTHER)), rows))


def _add(turn: Turn, _rest: str) -> bool | None:
    draft = draft_of(turn)
    if draft is None or len(draft.persons) >= MOST_PERSONS:
        return False
    stand_at(turn, draft.add_person())
    keep(turn, draft)
    turn.go(At.QUESTION)
    return None


def _check(turn: Turn, _rest: str) -> None:
    turn.go(At.REVIEW)


def _back_to_last_question(turn: Turn, _rest: str) -> None:
    draft = draft_of(turn)
    if draft is not None:
        stand_at(turn, draft.way()[-1])
    turn.go(At.QUESTION)


def show(turn: Turn) -> None:
    """List every answer, those not given included; a draft with open questions goes on with the first of
    them.
    """
    draft = draft_of(turn)
    if draft is None:
        turn.go(At.HOME)
        return
    blocks = [_block(turn, draft, About.REQUESTER, 0)]
    blocks += [_block(turn, draft, About.PERSON, number) for number in range(len(draft.persons))]
    text = paragraphs(bold(turn.t(_CHECK)), turn.t(_NOTHING_SENT), *blocks, turn.t(_PRESS_TO_CHANGE))
    turn.show(At.REVIEW, conversation(turn, text, _rows(turn, draft)))


def _block(turn: Turn, draft: Draft, about: About, number: int) -> Html:
    heading = (
        turn.t(N_("You")) if about is About.REQUESTER else turn.t(N_("Person {number}"), number=number + 1)
    )
    lines = [
        Html(f"{turn.t(at.question.label)}: {bold(answer_in_words(turn, at.question, draft.answer(at)))}")
        for at in draft.way()
        if at.question.about is about and at.person == number
    ]
    return joined([Html(f"<u>{heading}</u>"), *lines])


def _rows(turn: Turn, draft: Draft) -> list[list[Button]]:
    rows = [
        [
            _change(turn, "✎ ", number)
            for number, each in enumerate(ESSENTIAL)
            if each.about is About.REQUESTER
        ]
    ]
    for person in range(len(draft.persons)):
        which = f"{person + 1}. " if len(draft.persons) > 1 else "✎ "
        mine = [number for number, each in enumerate(ESSENTIAL) if each.about is About.PERSON]
        rows += in_rows([_change(turn, which, number, person) for number in mine], 3)
    more = [turn.button(_ADD, "add")] if len(draft.persons) < MOST_PERSONS else []
    fewer = [turn.button(_REMOVE, "fewer")] if len(draft.persons) > 1 else []
    stronger = [turn.button(N_("Tell more before sending"), "stronger")]
    return [*rows, [*more, *fewer], stronger, [turn.button(_SEND, "send", style="success")]]


def _change(turn: Turn, which: str, number: int, person: int = 0) -> Button:
    return Button(f"{which}{turn.locale.plain(ESSENTIAL[number].button)}", f"change:{person}.{number}")


def _changes(turn: Turn, place: str) -> bool | None:
    draft = draft_of(turn)
    person, _, number = place.partition(".")
    if draft is None or not (person.isdecimal() and number.isdecimal()) or int(number) >= len(ESSENTIAL):
        return False
    at = next(
        (at for at in draft.way() if at.person == int(person) and at.question is ESSENTIAL[int(number)]), None
    )
    if at is None:
        return False
    stand_at(turn, at)
    turn.state["changing"] = True
    turn.go(At.QUESTION)
    return None


def _send(turn: Turn, _rest: str) -> None:
    """File the request: the one moment at which a draft becomes a request."""
    draft = draft_of(turn)
    if draft is None:
        turn.go(At.HOME)
        return
    try:
        filed = file(turn.connection, turn.keys, turn.account_id, turn.locale.code, draft, turn.now)
    except CaseworkError as error:
        turn.note(turn.t(error.sentence))
        open_question = draft.first_open()
        if open_question is not None:
            stand_at(turn, open_question)
        turn.go(At.QUESTION if open_question is not None else At.HOME)
        return
    forget(turn)
    confirm(turn, filed)


def ask_whom_to_remove(turn: Turn) -> None:
    """Show the persons; removing one asks which, and can be left again."""
    draft = draft_of(turn)
    if draft is None:
        turn.go(At.HOME)
        return
    rows = [
        [Button(f"{number + 1}. {draft.name(number) or '…'}", f"remove:{number}", style="danger")]
        for number in range(len(draft.persons))
    ]
    text = paragraphs(
        bold(turn.t(N_("Whom do you want to remove?"))),
        turn.t(N_("Removing a person deletes the answers about them.")),
    )
    turn.show(At.REMOVE, Screen(text, [*rows, [turn.button(N_("Nobody; go back"), "back")]]))


def _remove(turn: Turn, number: str) -> bool | None:
    draft = draft_of(turn)
    if draft is None or not number.isdecimal() or int(number) >= len(draft.persons):
        return False
    submissions.erase(turn.connection, turn.now, person_id=draft.person_ids[int(number)])
    draft.drop_person(int(number))
    keep(turn, draft)
    turn.state.pop("at", None)
    turn.go(At.REVIEW)
    return None


STEPS = (
    Step(
        At.MORE,
        ask_for_more,
        presses={"add": _add, "check": _check, "back": _back_to_last_question, **WAYS_OUT},
    ),
    Step(
        At.REVIEW,
        show,
        presses={
            "change": _changes,
            "add": _add,
            "fewer": lambda turn, _rest: turn.go(At.REMOVE),
            "stronger": strengthening.from_review,
            "send": _send,
            "back": _back_to_last_question,
            **WAYS_OUT,
        },
    ),
    Step(At.REMOVE, ask_whom_to_remove, presses={"remove": _remove, "back": _check}),
)
