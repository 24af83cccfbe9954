"""My requests: one card a request, with each person's stage in plain words."""

from datetime import datetime
from itertools import groupby

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import access, retention
from casework.events import STAGE
from casework.requests import (
    PERSON_WITHDRAWN,
    RECEIVED,
    REQUEST_WITHDRAWN,
    Card,
    PersonCard,
    TimelineEntry,
    cards_of,
)
from casework.stages import TOLD, Stage
from casework.words import N_
from handlers.family.event_words import event_in_words
from handlers.family.everywhere import FROM_ASIDE, aside, to
from handlers.family.information import STAGES, to_page
from handlers.family.passing_on import offer
from handlers.family.remind_me import REMIND_ME
from handlers.family.remind_me import from_card as remind_me
from handlers.family.standing import PERSON_NUMBER
from handlers.family.steps import At
from handlers.family.strengthening import STRONGER
from handlers.family.strengthening import from_card as strengthen
from handlers.family.talking import new_from_office, thread_button
from handlers.family.thread import from_card
from handlers.family.withdrawing import withdraw_button, withdraw_pressed

_NONE = N_("This chat holds no request yet.")
_SOON = N_(
    "Nothing new has come to this request for long. It is removed from our records after {day}, "
    "unless you want it kept."
)
_KEEP, _KEPT = N_("Please keep it"), N_("Thank you. We keep it.")
_REMOVED = {
    retention.Why.EXPIRED: N_(
        "A request of yours was removed from our records on {day}, because nothing new had come for long. "
        "If you still need us, write to us or file it again."
    ),
    retention.Why.OFFICE: N_(
        "A request of yours was removed from our records on {day} by the office. "
        "If you have a question about it, write to us."
    ),
}
_MOST_REMOVED = 3
_HAPPENED = N_("What has happened")
_EVENTS = frozenset({RECEIVED, REQUEST_WITHDRAWN, PERSON_WITHDRAWN})
_MOST_EVENTS = 12  # the newest; all of them are in /my_data


def list_requests(turn: Turn) -> None:
    """Show the requests this account may open; a single one opens at once."""
    cards = cards_of(turn.connection, turn.keys, turn.account_id)
    link = [[turn.button(N_("Open a request sent from another phone"), "link")]]
    for each in retention.removed_from(turn.connection, turn.account_id)[:_MOST_REMOVED]:
        turn.note(turn.t(_REMOVED[each.why], day=turn.locale.date(each.at, turn.zone)))
    if not cards:
        turn.show(At.REQUESTS, aside(turn, turn.t(_NONE), link))
    elif len(cards) == 1:
        _show(turn, cards[0], several=False)
    else:
        rows = [[Button(_title(turn, card), f"open:{number}")] for number, card in enumerate(cards)]
        turn.show(At.REQUESTS, aside(turn, bold(turn.t(N_("Your requests"))), [*rows, *link]))


def _title(turn: Turn, card: Card) -> str:
    persons = turn.locale.plural("{n} person", "{n} persons", len(card.persons))
    return turn.locale.in_line(f"{card.reference} · {persons}")


def _open(turn: Turn, number: str) -> bool | None:
    cards = cards_of(turn.connection, turn.keys, turn.account_id)
    if not number.isdecimal() or int(number) >= len(cards):
        return False
    _show(turn, cards[int(number)], several=len(cards) > 1)
    return None


def from_anywhere(turn: Turn) -> None:
    """Open the card that a notice is about; the list where this account may not open it (any more)."""
    request_id = id_in(turn.incoming.action.partition(":")[2])
    if request_id is not None:
        turn.state["card"] = request_id
    turn.go(At.CARD)


def show_card(turn: Turn) -> None:
    """Show the card that was opened last; the list where it cannot be opened (any more)."""
    cards = cards_of(turn.connection, turn.keys, turn.account_id)
    card = next((each for each in cards if each.request_id == turn.state.get("card")), None)
    if card is None:
        list_requests(turn)
    else:
        _show(turn, card, several=len(cards) > 1)


def _show(turn: Turn, card: Card, *, several: bool) -> None:
    persons = [_together(turn, list(group)) for _, group in groupby(enumerate(card.persons, 1), _standing)]
    removed = retention.warned_of(turn.connection, turn.around.periods, card.request_id)
    text = paragraphs(
        turn.t(N_("Request {reference}"), reference=code(card.reference)),
        turn.t(_SOON, day=turn.locale.date(removed, turn.zone)) if removed is not None else None,
        *persons,
        _timeline(turn, card),
    )
    turn.state["card"] = card.request_id
    more = "all" if several else "link"
    others = N_("All my requests") if several else N_("Open a request sent from another phone")
    rows = [
        new_from_office(turn),
        [turn.button(_KEEP, "keep", style="success")] if removed is not None else [],
        [turn.button(STRONGER, "stronger", style="success")],
        [turn.button(STAGES.title, "stages")],
        thread_button(turn),
        [turn.button(REMIND_ME, "remind"), turn.button(N_("Who can open this request"), "holders")],
        withdraw_button(turn, card),
        [turn.button(others, more)],
    ]
    turn.show(At.CARD, aside(turn, text, rows))


def _standing(numbered: tuple[int, PersonCard]) -> tuple[Stage, datetime]:
    return numbered[1].stage, numbered[1].since


def _together(turn: Turn, group: list[tuple[int, PersonCard]]) -> Html:
    """Say once what holds for persons who stand at the same stage since the same time."""
    stage, since = _standing(group[0])
    told = TOLD[stage]
    day = turn.locale.date(since, turn.zone)
    return paragraphs(
        joined(Html(f"{number}. {bold(_name(turn, number, person))}") for number, person in group),
        joined([bold(turn.t(told.now)), turn.t(told.meaning)]),
        turn.t(N_("Next: {what}"), what=turn.t(told.then)),
        turn.t(N_("You: {what}"), what=turn.t(told.you)),
        turn.t(N_("Since {day}"), day=day),
    )


def _name(turn: Turn, number: int, person: PersonCard) -> Html:
    return safe(person.name) if person.name else turn.t(PERSON_NUMBER, number=number)


def _timeline(turn: Turn, card: Card) -> Html:
    wholly = {entry.at for entry in card.timeline if entry.kind == REQUEST_WITHDRAWN}
    lines = [
        _entry(turn, card, entry)
        for entry in card.timeline
        if (entry.kind in _EVENTS or entry.kind.startswith(STAGE))
        and not (entry.kind == PERSON_WITHDRAWN and entry.at in wholly)
    ]
    return Html(f"<blockquote>{joined([turn.t(_HAPPENED), *lines[-_MOST_EVENTS:]])}</blockquote>")


def _entry(turn: Turn, card: Card, entry: TimelineEntry) -> Html:
    """Say when what happened, and to whom where there are several persons and it is about one of them."""
    what = event_in_words(turn.locale, entry.kind)
    numbered = enumerate(card.persons, 1)
    whom = next((each for each in numbered if each[1].person_id == entry.person_id), None)
    if whom is not None and len(card.persons) > 1 and entry.kind.startswith(STAGE):
        what = joined([_name(turn, *whom), what], ": ")
    return joined([safe(turn.locale.date(entry.at, turn.zone)), what], ": ")


def _keep(turn: Turn, _rest: str) -> bool | None:
    """Keep the request on the card because its family says so."""
    request_id = turn.state.get("card", 0)
    if not access.opens(turn.connection, turn.account_id, request_id):
        return False
    if retention.warned_of(turn.connection, turn.around.periods, request_id) is not None:
        retention.keep_for_family(turn.connection, request_id, turn.account_id, turn.now)
    turn.note(turn.t(_KEPT))
    turn.go(At.CARD)
    return None


def _all(turn: Turn, _rest: str) -> None:
    turn.go(At.REQUESTS)


STEPS = (
    Step(
        At.REQUESTS,
        list_requests,
        offer,
        {"open": _open, "link": to(At.LINK_REFERENCE), **FROM_ASIDE},
        offer,
    ),
    Step(
        At.CARD,
        show_card,
        offer,
        {
            "keep": _keep,
            "all": _all,
            "link": to(At.LINK_REFERENCE),
            "holders": to(At.HOLDERS),
            "stronger": strengthen,
            "withdraw": withdraw_pressed,
            "stages": to_page(STAGES.key),
            "written": from_card,
            "remind": remind_me,
            **FROM_ASIDE,
        },
        offer,
    ),
)
