"""A request from a new phone or account, invitations, and who can open a request.

A reference alone opens nothing. Reference and receipt code open it; the accounts that could open it before
are told at once and can cut
the link. A second relative joins by an invitation.
"""

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, code, joined, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import access
from casework.access import Holder, How, Linked, Refusal
from casework.references import read_receipt_code, read_reference
from casework.team import LINK_PREFIX
from casework.words import N_
from handlers.family.everywhere import BACK, FROM_ASIDE, TALK, aside, to
from handlers.family.steps import At
from handlers.staff.team import join

_INVITATION = "i-"
_ASK_REFERENCE = N_("Write the reference of the request, for example HW-7K3M-9QF2.")
_WHERE = N_("It stands in the confirmation and on the picture you could save.")
_NOT_A_REFERENCE = N_(
    "This is not a whole reference, or a letter in it is wrong. Please compare it once more."
)
_ASK_CODE = N_("Now write the receipt code of {reference}.")
_FOUR_GROUPS = N_("It has sixteen letters and digits and was shown once, with the confirmation.")
_NOT_A_CODE = N_("A receipt code has sixteen letters and digits. Please compare it once more.")
_OPENED = N_("The request is open in this chat now.")
_TOLD_OTHERS = N_(
    "One of your requests was opened in another chat. If you do not know why, look who can open it."
)
_REFUSED = {
    Refusal.NO_MATCH: N_("Reference and code do not belong together, or the invitation is no longer good."),
    Refusal.TOO_OFTEN: N_("This was tried too often. Please wait an hour, or talk to a person."),
    Refusal.TOO_MANY_ACCOUNTS: N_(
        "This request is open in as many chats as it can be. Please talk to a person."
    ),
}
_WHO = N_("Who can open this request")
_THIS_CHAT = N_("This chat, since {day}")
_OTHER_CHAT = {
    How.FILED: N_("The chat it was sent from, since {day}"),
    How.RECEIPT: N_("A chat with the receipt code, since {day}"),
    How.INVITED: N_("An invited chat, since {day}"),
}
_INVITE_TEXT = N_("Send this link to one relative you trust. It works once, for seven days.")
_INVITE_WHAT = N_("Who opens it can see the request and write about it, as you can.")


def enter(turn: Turn) -> None:
    """Follow what came with /start: an invitation, or the reference of a picture.

    A reference alone opens nothing.
    """
    argument = str(turn.state.pop("argument", ""))
    if argument.startswith(LINK_PREFIX):
        join(turn, argument.removeprefix(LINK_PREFIX))
        return
    if argument.startswith(_INVITATION):
        token = argument.removeprefix(_INVITATION)
        _settle(turn, access.accept(turn.connection, turn.keys, token, turn.account_id, turn.now), At.HOME)
    elif _holds(turn, argument):
        turn.go(At.REQUESTS)
    else:
        # The same way whether or not there is such a request.
        _take_reference(turn, argument)


def _holds(turn: Turn, argument: str) -> bool:
    reference = read_reference(argument)
    return reference is not None and reference in access.references_of(
        turn.connection, turn.keys, turn.account_id
    )


def ask_reference(turn: Turn) -> None:
    _ask(turn, At.LINK_REFERENCE, bold(turn.t(_ASK_REFERENCE)), turn.t(_WHERE))


def ask_code(turn: Turn) -> None:
    reference = turn.state.get("reference")
    if reference is None:
        turn.go(At.LINK_REFERENCE)
        return
    _ask(turn, At.LINK_CODE, bold(turn.t(_ASK_CODE, reference=code(reference))), turn.t(_FOUR_GROUPS))


def _ask(turn: Turn, step: At, *text: Html) -> None:
    turn.show(step, Screen(paragraphs(*text), [[turn.button(BACK, "home"), turn.button(TALK, "talk")]]))


def _reference_typed(turn: Turn) -> None:
    _take_reference(turn, turn.incoming.text)


def _take_reference(turn: Turn, text: str) -> None:
    reference = read_reference(text)
    if reference is None:
        turn.note(turn.t(_NOT_A_REFERENCE))
        turn.go(At.LINK_REFERENCE)
        return
    turn.state["reference"] = reference
    turn.go(At.LINK_CODE)


def _code_typed(turn: Turn) -> None:
    reference = turn.state.get("reference")
    if reference is None or read_receipt_code(turn.incoming.text) is None:
        turn.note(turn.t(_NOT_A_CODE))
        turn.go(At.LINK_CODE)
        return
    _settle(
        turn,
        access.link(turn.connection, turn.keys, turn.account_id, reference, turn.incoming.text, turn.now),
        At.LINK_REFERENCE,
    )


def _settle(turn: Turn, outcome: Linked | Refusal, otherwise: At) -> None:
    """Say how it went; tell those who could open the request before."""
    turn.state.pop("reference", None)
    if isinstance(outcome, Refusal):
        turn.note(turn.t(_REFUSED[outcome]))
        turn.go(otherwise if outcome is Refusal.NO_MATCH else At.HOME)
        return
    for account_id in outcome.others:
        turn.tell(account_id, _told_others, _WHO, "holders")
    turn.note(turn.t(_OPENED))
    turn.go(At.REQUESTS)


def _told_others(locale: Locale) -> Html:
    return locale.t(_TOLD_OTHERS)


def show_holders(turn: Turn) -> None:
    """List the chats that can open the request; others can be cut off, and a relative can be invited."""
    found = _holders(turn)
    if not found:
        turn.go(At.REQUESTS)
        return
    lines = [Html(f"{number}. {_line(turn, holder)}") for number, holder in enumerate(found, 1)]
    rows = [
        [
            Button(
                turn.locale.plain(N_("Close it to number {number}"), number=number),
                f"cut:{number}",
                style="danger",
            )
        ]
        for number, holder in enumerate(found, 1)
        if holder.account_id != turn.account_id
    ]
    rows.append([turn.button(N_("Invite a relative"), "invite")])
    turn.show(At.HOLDERS, aside(turn, paragraphs(bold(turn.t(_WHO)), joined(lines)), rows))


def _line(turn: Turn, holder: Holder) -> Html:
    day = turn.locale.date(holder.since, turn.zone)
    return turn.t(_THIS_CHAT if holder.account_id == turn.account_id else _OTHER_CHAT[holder.how], day=day)


def _holders(turn: Turn) -> list[Holder]:
    """Return who can open the request whose card was shown; nobody where this account cannot (any more)."""
    found = access.holders(turn.connection, turn.state.get("card", 0))
    return found if any(holder.account_id == turn.account_id for holder in found) else []


def from_anywhere(turn: Turn) -> None:
    """Lead from the notice to the request that was opened to another chat last: the one it spoke of."""
    turn.state["card"] = access.opened_last(turn.connection, turn.account_id)
    turn.go(At.HOLDERS)


def _cut(turn: Turn, number: str) -> bool | None:
    found = _holders(turn)
    if not number.isdecimal() or not 1 <= int(number) <= len(found):
        return False
    turn.state["cut"] = found[int(number) - 1].account_id
    turn.go(At.CUT)
    return None


def ask_to_cut(turn: Turn) -> None:
    holder = next((each for each in _holders(turn) if each.account_id == turn.state.get("cut")), None)
    if holder is None:
        turn.go(At.HOLDERS)
        return
    text = paragraphs(bold(turn.t(N_("Close the request to this chat?"))), _line(turn, holder))
    rows = [
        [turn.button(N_("Yes, close it"), "yes", style="danger")],
        [turn.button(N_("No, leave it open"), "no")],
    ]
    turn.show(At.CUT, Screen(text, rows))


def _cut_now(turn: Turn, _rest: str) -> None:
    if _holders(turn):
        access.cut(turn.connection, turn.state["card"], turn.state.pop("cut", 0), turn.account_id, turn.now)
        turn.note(turn.t(N_("It is closed to that chat now.")))
    turn.go(At.HOLDERS)


def _invite(turn: Turn, _rest: str) -> bool | None:
    if not _holders(turn):
        return False
    token = access.invite(turn.connection, turn.keys, turn.state["card"], turn.account_id, turn.now)
    link = f"https://t.me/{turn.around.bot_username}?start={_INVITATION}{token}"
    turn.say(
        paragraphs(turn.t(_INVITE_TEXT), turn.t(_INVITE_WHAT), code(link)),
        [[Button(turn.locale.plain(N_("Copy the link")), copies=link)]],
    )
    turn.go(At.HOLDERS)
    return None


STEPS = (
    Step(At.ENTER, enter),
    Step(At.LINK_REFERENCE, ask_reference, _reference_typed, FROM_ASIDE),
    Step(At.LINK_CODE, ask_code, _code_typed, FROM_ASIDE),
    Step(At.HOLDERS, show_holders, presses={"cut": _cut, "invite": _invite, **FROM_ASIDE}),
    Step(At.CUT, ask_to_cut, presses={"yes": _cut_now, "no": to(At.HOLDERS)}),
)
