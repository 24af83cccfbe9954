"""Withdraw a request from its card: one person or all of it. Asks first, and says what it means."""

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, paragraphs, safe
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import access
from casework.requests import Card, PersonCard, cards_of
from casework.stages import Stage
from casework.withdrawing import withdraw
from casework.words import N_
from handlers.family.everywhere import BACK, TALK, talk, to
from handlers.family.standing import PERSON_NUMBER
from handlers.family.steps import At

_WITHDRAW = N_("Withdraw this request")
_WHOM = N_("What do you want to withdraw?")
_ALL = N_("The whole request")
_SURE = N_("Do you want to withdraw this request?")
_SURE_OF_ONE = N_("Do you want to take this person out of the request?")
_MEANS = (
    N_("Staff then stop working on it, unless the law obliges them to go on."),
    N_("It stays stored. If you want it taken up again, press “Talk to a person” and write to us."),
)
_OTHERS_SEE = N_("Others who can open this request will see it.")
_DONE = N_("It is withdrawn. Staff see this on the request.")
_YES, _YES_ONE = N_("Yes, withdraw it"), N_("Yes, take this person out")
CHANGED = N_("Something has changed in one of your requests.")
_EVERYBODY = 0  # in the state: all that is left of the request


def withdraw_button(turn: Turn, card: Card) -> list[Button]:
    """Make the row of a card; empty where nothing is left to withdraw."""
    return [turn.button(_WITHDRAW, "withdraw")] if _left(card) else []


def withdraw_pressed(turn: Turn, _rest: str) -> bool | None:
    """Ask whom, where there is a choice."""
    card = _card(turn)
    if card is None or not _left(card):
        return False
    turn.state["withdraw"] = _EVERYBODY
    turn.go(At.WITHDRAW if len(_left(card)) > 1 else At.WITHDRAW_SURE)
    return None


def ask_whom(turn: Turn) -> None:
    card = _card(turn)
    if card is None or not _left(card):
        turn.go(At.CARD)
        return
    rows = [
        [turn.button(_ALL, f"whom:{_EVERYBODY}")],
        *([Button(_called(turn, number, person), f"whom:{number}")] for number, person in _left(card)),
        [turn.button(BACK, "back"), turn.button(TALK, "talk")],
    ]
    turn.show(At.WITHDRAW, Screen(bold(turn.t(_WHOM)), rows))


def _chosen(turn: Turn, number: str) -> bool | None:
    card = _card(turn)
    if card is None or not number.isdecimal():
        return False
    if int(number) != _EVERYBODY and int(number) not in dict(_left(card)):
        return False
    turn.state["withdraw"] = int(number)
    turn.go(At.WITHDRAW_SURE)
    return None


def ask(turn: Turn) -> None:
    """Say what it means, and let the person turn back."""
    card, number = _card(turn), turn.state.get("withdraw")
    if card is None or number is None or not _left(card):
        turn.go(At.CARD)
        return
    person = dict(_left(card)).get(number)
    turn.show(At.WITHDRAW_SURE, Screen(paragraphs(*_question(turn, person, card)), _answers(turn, person)))


def _question(turn: Turn, person: PersonCard | None, card: Card) -> list[Html | None]:
    others = turn.t(_OTHERS_SEE) if len(access.holders(turn.connection, card.request_id)) > 1 else None
    name = safe(_called(turn, turn.state["withdraw"], person)) if person is not None else None
    return [
        bold(turn.t(_SURE_OF_ONE if person is not None else _SURE)),
        name,
        *(turn.t(line) for line in _MEANS),
        others,
    ]


def _called(turn: Turn, number: int, person: PersonCard) -> str:
    """Return the name; the number where it was only spoken."""
    return f"{number}. {person.name}" if person.name else turn.locale.plain(PERSON_NUMBER, number=number)


def _answers(turn: Turn, person: PersonCard | None) -> list[list[Button]]:
    return [
        [turn.button(_YES_ONE if person is not None else _YES, "yes", style="danger")],
        [turn.button(N_("No, leave it as it is"), "no")],
        [turn.button(TALK, "talk")],
    ]


def _withdraw(turn: Turn, _rest: str) -> bool | None:
    card, number = _card(turn), turn.state.pop("withdraw", None)
    if card is None or number is None:  # closed to this chat meanwhile
        turn.go(At.REQUESTS)
        return None
    person = dict(_left(card)).get(number)
    if person is None and number != _EVERYBODY:
        return False
    done = withdraw(
        turn.connection,
        turn.keys,
        card.request_id,
        turn.account_id,
        turn.now,
        person.person_id if person is not None else None,
    )
    if done is not None:
        turn.note(turn.t(_DONE))
        for account_id in done.others:
            turn.tell(account_id, _told, N_("My requests"), "mine")
    turn.go(At.CARD)
    return None


def _told(locale: Locale) -> Html:
    return locale.t(CHANGED)


def _card(turn: Turn) -> Card | None:
    cards = cards_of(turn.connection, turn.keys, turn.account_id)
    return next((each for each in cards if each.request_id == turn.state.get("card")), None)


def _left(card: Card) -> list[tuple[int, PersonCard]]:
    """Return those who are not withdrawn, with their numbers on the card."""
    over = {Stage.WITHDRAWN, Stage.CLOSED}
    return [(number, each) for number, each in enumerate(card.persons, 1) if each.stage not in over]


STEPS = (
    Step(At.WITHDRAW, ask_whom, presses={"whom": _chosen, "back": to(At.CARD), "talk": talk}),
    Step(At.WITHDRAW_SURE, ask, presses={"yes": _withdraw, "no": to(At.CARD), "talk": talk}),
)
