"""Delete me: what goes, what stays, one press; a second one where requests go that only this chat can open."""

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.erasure import Fate, Holdings, erase_account, holdings, on_hold
from casework.words import N_
from handlers.family.drafting import draft_of
from handlers.family.everywhere import BACK, TALK, talk, to
from handlers.family.steps import At

_ASK = N_("Do you want to delete everything about you?")
_GOES = N_("These go for good: your settings, what you wrote to us, answers not sent, and how to reach you.")
_SOLE = N_("There are requests that only this chat can open. You choose what happens to them.")
_KEEP_THE_CODE = N_("To open them again later you need the reference and the receipt code.")
SHARED = N_("Requests that other chats can open too stay with them.")
ON_HOLD = N_(
    "There is a request that the office must not delete for now. It is deleted as soon as that ends."
)
_STAYS = N_("A number without a name stays. It tells us only that something was deleted.")
_THE_CHAT = N_("Messages in this chat stay until you delete them. “Delete this chat now” in the menu helps.")
_DELETE = N_("Delete everything about me")
_DELETE_ALL = N_("Delete me and my requests")
_DELETE_ME = N_("Delete me, keep my requests")
SURE = N_("Shall your requests be deleted too?")
YES = N_("Yes, delete my requests too")
NO_WAY_BACK = N_("The office then has nothing left of them to work with. Nobody can bring them back.")
_GONE = N_("Everything about you is deleted. If you write here again, we begin anew.")
_GONE_LATER = N_(
    "Everything about you is deleted, but for a request that the office must not delete for now. "
    "It goes as soon as that ends, and no chat can open it until then."
)
_GONE_BUT = N_("Everything about you is deleted. Your requests stay with the office.")


def ask(turn: Turn) -> None:
    """Say what goes and what stays; where requests are held here alone, offer both ways."""
    held = remember(turn)
    text = paragraphs(
        bold(turn.t(_ASK)),
        turn.t(_GOES),
        turn.t(_SOLE) if held.sole else None,
        turn.t(_KEEP_THE_CODE) if held.sole else None,
        turn.t(ON_HOLD) if on_hold(turn.connection, held.sole) else None,
        turn.t(SHARED) if held.shared else None,
        turn.t(_STAYS),
        turn.t(_THE_CHAT),
    )
    rows = [[turn.button(_DELETE, "office", style="danger")]]
    if held.sole:
        rows = [
            [turn.button(_DELETE_ME, "office", style="danger")],
            [turn.button(_DELETE_ALL, "all", style="danger")],
        ]
    turn.show(At.DELETE_ME, Screen(text, [*rows, _ways_out(turn)]))


def ask_again(turn: Turn) -> None:
    """Requests are more than settings: ask once more."""
    rows = [
        [turn.button(YES, "yes", style="danger")],
        [turn.button(N_("No, go back"), "no")],
        [turn.button(TALK, "talk")],
    ]
    turn.show(At.DELETE_SURE, Screen(what_it_means(turn), rows))


def what_it_means(turn: Turn) -> Html:
    """Say that requests go for good, and if the office has to keep one of them for now."""
    sole = holdings(turn.connection, turn.account_id).sole
    waits = turn.t(ON_HOLD) if on_hold(turn.connection, sole) else None
    return paragraphs(bold(turn.t(SURE)), turn.t(NO_WAY_BACK), waits)


def _ways_out(turn: Turn) -> list[Button]:
    return [turn.button(BACK, "home"), turn.button(TALK, "talk")]


def _leave_requests(turn: Turn, _rest: str) -> None:
    _erase(turn, Fate.OFFICE)


def _with_requests(turn: Turn, _rest: str) -> None:
    _erase(turn, Fate.ERASED)


def _erase(turn: Turn, fate: Fate) -> None:
    """Erase, and say so from memory: the address is gone with the commit."""
    held = unchanged(turn, At.DELETE_ME)
    if held is None:
        return
    words = turn.t(_last_words(turn, held, fate))
    erase(turn, fate)
    turn.part()
    if not turn.close(words):
        turn.say(words)


def _last_words(turn: Turn, held: Holdings, fate: Fate) -> str:
    if fate is Fate.ERASED and on_hold(turn.connection, held.sole):
        return _GONE_LATER
    return _GONE_BUT if held.shared or (held.sole and fate is Fate.OFFICE) else _GONE


def remember(turn: Turn) -> Holdings:
    """Note what a screen speaks of, so that nothing else is erased by its buttons."""
    held = holdings(turn.connection, turn.account_id)
    turn.state["held"] = list(held.sole)
    return held


def unchanged(turn: Turn, otherwise: At) -> Holdings | None:
    """Return what is held; None where other requests have become this chat's alone: then it is asked anew."""
    held = holdings(turn.connection, turn.account_id)
    if turn.state.get("held") == list(held.sole):
        return held
    turn.go(otherwise)
    return None


def erase(turn: Turn, fate: Fate, *, keep_address: bool = False) -> None:
    draft = draft_of(turn)
    erase_account(
        turn.connection,
        turn.account_id,
        fate,
        turn.now,
        draft=draft.request_id if draft is not None else None,
        keep_address=keep_address,
    )


STEPS = (
    Step(
        At.DELETE_ME,
        ask,
        presses={"office": _leave_requests, "all": to(At.DELETE_SURE), "home": to(At.HOME), "talk": talk},
    ),
    Step(At.DELETE_SURE, ask_again, presses={"yes": _with_requests, "no": to(At.DELETE_ME), "talk": talk}),
)
