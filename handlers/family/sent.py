"""What you sent: every file and album with what has become of it; seen again, replaced or removed."""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.screen import Button, Screen
from bot.stored_files import way_back
from bot.turn import Turn
from casework import submissions
from casework.files import Purpose
from casework.paper_kinds import KINDS
from casework.refusals import SENTENCES
from casework.submissions import Submitted
from casework.words import N_
from handlers.family.everywhere import BACK, TALK, talk, to
from handlers.family.file_words import files_in_words, states_in_words
from handlers.family.papers import PORTRAIT, SENT, called
from handlers.family.passing_on import offer
from handlers.family.steps import At
from handlers.family.subject import choose, dossier_of, dossier_with

_A_PAGE = 6
_NOTHING = N_("You have sent nothing yet, or it is removed.")
_ONLY_YOURS = N_("Here is only what came from this chat.")
_WHAT = {
    Purpose.PORTRAIT.value: PORTRAIT,
    Purpose.ANSWER.value: N_("Answer to a question"),
    Purpose.TALK.value: N_("Message to staff"),
}
_SENT_ON = N_("Sent on {day}: {files}")
_AGAIN = N_("This is how it is stored:")
_ASK = N_("Remove it?")
_FOR_GOOD = N_("It is deleted for good, and the office cannot see it any more. In this chat it stays.")
_REMOVED = N_("It is removed, and the office does not have it any more.")


def show(turn: Turn) -> None:
    """List what this account has sent, the newest first."""
    found = _listed(turn)
    newer = turn.state.get("sent_at", 0)
    page = found[newer : newer + _A_PAGE]
    lines = [_line(turn, number, each) for number, each in enumerate(page, newer + 1)]
    rows = [
        [Button(_title(turn, number, each), f"open:{number}")] for number, each in enumerate(page, newer + 1)
    ]
    ways = [
        *([turn.button(N_("Newer"), "newer")] if newer else []),
        *([turn.button(N_("Older"), "older")] if len(found) > newer + _A_PAGE else []),
    ]
    about = [*lines, turn.t(_ONLY_YOURS)] if page else [turn.t(_NOTHING)]
    rows += [ways, [turn.button(BACK, "back"), turn.button(TALK, "talk")]]
    turn.show(At.SENT, Screen(paragraphs(bold(turn.t(SENT)), *about), rows))


def _listed(turn: Turn) -> list[Submitted]:
    """Return what the list is about: everything, what belongs to the request, or to one paper of it."""
    which = turn.state.get("sent_of", {})
    everything = which.get("all")
    dossier = dossier_of(turn) if not everything else None
    if not everything and dossier is None:
        return []
    request_id = dossier.request_id if dossier is not None else None
    found = submissions.of_account(turn.connection, turn.keys, turn.account_id, request_id)
    if "purpose" in which:
        place = (which["purpose"], which["person"])
        found = [each for each in found if (each.purpose, each.person_id) == place]
    return found[::-1]


def _what(turn: Turn, submitted: Submitted) -> str:
    kind = KINDS.get(submitted.purpose)
    return turn.locale.plain(kind.label if kind is not None else _WHAT[submitted.purpose])


def _title(turn: Turn, number: int, submitted: Submitted) -> str:
    return turn.locale.in_line(f"{number}. {_what(turn, submitted)}")


def _line(turn: Turn, number: int, submitted: Submitted) -> Html:
    files = files_in_words(turn.locale, (file.kind for file in submitted.files))
    day = safe(turn.locale.date(submitted.created_at, turn.zone))
    states = states_in_words(turn.locale, submitted.states)
    whose = _whose(turn, submitted)
    head = [Html(f"{number}. {bold(_what(turn, submitted))}"), *([whose] if whose else [])]
    return joined([joined(head, " · "), Html(f"{day} · {files} · {states}")])


def _whose(turn: Turn, submitted: Submitted) -> Html | None:
    """Name the person where the request is about several."""
    dossier = dossier_of(turn)
    if dossier is None or submitted.request_id != dossier.request_id or len(dossier.persons) == 1:
        return None
    numbers = [number for number, said in enumerate(dossier.persons) if said.id == submitted.person_id]
    return called(turn, dossier, numbers[0]) if numbers else None


def _older(turn: Turn, _rest: str) -> None:
    turn.state["sent_at"] = turn.state.get("sent_at", 0) + _A_PAGE
    turn.go(At.SENT)


def _newer(turn: Turn, _rest: str) -> None:
    turn.state["sent_at"] = max(0, turn.state.get("sent_at", 0) - _A_PAGE)
    turn.go(At.SENT)


def _open(turn: Turn, number: str) -> bool | None:
    found = _listed(turn)
    if not number.isdecimal() or not 1 <= int(number) <= len(found):
        return False
    turn.state["sent"] = found[int(number) - 1].submission_id
    turn.go(At.SENT_ITEM)
    return None


def _back(turn: Turn, _rest: str) -> None:
    turn.state.pop("sent_at", None)
    turn.go(turn.state.pop("before_sent", At.HOME))


def everything(turn: Turn, _rest: str) -> None:
    """List all that came from this chat, whatever it was for."""
    turn.state["sent_of"] = {"all": True}
    turn.state["before_sent"] = turn.loaded.step
    turn.go(At.SENT)


def _chosen(turn: Turn) -> Submitted | None:
    return submissions.one(turn.connection, turn.keys, turn.state.get("sent", 0), turn.account_id)


def show_one(turn: Turn) -> None:
    """Show what has become of one of them, and what can be done with it."""
    submitted = _chosen(turn)
    if submitted is None:
        turn.go(At.SENT)
        return
    day = turn.locale.date(submitted.created_at, turn.zone)
    files = files_in_words(turn.locale, (file.kind for file in submitted.files))
    refused = {file.refused_for for file in submitted.files if file.refused_for is not None}
    text = paragraphs(
        joined([bold(_what(turn, submitted)), *filter(None, [_whose(turn, submitted)])]),
        joined(
            [turn.t(_SENT_ON, day=day, files=files), bold(states_in_words(turn.locale, submitted.states))]
        ),
        *(turn.t(SENTENCES[refusal]) for refusal in sorted(refused)),
    )
    rows = [
        [turn.button(N_("See it again"), "again")] if submitted.stored else [],
        [turn.button(N_("Send another one instead"), "replace")] if _replaceable(turn, submitted) else [],
        [turn.button(N_("Remove it"), "remove", style="danger")],
        [turn.button(BACK, "back"), turn.button(TALK, "talk")],
    ]
    turn.show(At.SENT_ITEM, Screen(text, rows))


def _replaceable(turn: Turn, submitted: Submitted) -> bool:
    of_a_paper = submitted.purpose in KINDS or submitted.purpose == Purpose.PORTRAIT
    return of_a_paper and dossier_with(turn, submitted.request_id or 0) is not None


def _again(turn: Turn, _rest: str) -> bool | None:
    """Send the stored files back into the chat, below it the screen anew."""
    submitted = _chosen(turn)
    if submitted is None or not submitted.stored:
        return False
    turn.say(turn.t(_AGAIN))
    for file in submitted.stored:
        turn.upload(*way_back(file))
    turn.go(At.SENT_ITEM)
    return None


def _replace(turn: Turn, _rest: str) -> bool | None:
    """Ask for another one; what was sent before goes once that is safely stored."""
    submitted = _chosen(turn)
    if submitted is None or not _replaceable(turn, submitted):
        return False
    choose(turn, submitted.request_id or 0)
    turn.state["replaces"] = submitted.submission_id
    if submitted.person_id is not None:
        turn.state["paper_of"] = submitted.person_id
    if submitted.purpose in KINDS:
        turn.state["paper"] = submitted.purpose
    turn.go(At.PAPER if submitted.purpose in KINDS else At.PORTRAIT)
    return None


def ask_to_remove(turn: Turn) -> None:
    """Removing asks first."""
    submitted = _chosen(turn)
    if submitted is None:
        turn.go(At.SENT)
        return
    what = Html(f"{bold(_what(turn, submitted))}")
    rows = [
        [turn.button(N_("Yes, remove it for good"), "yes", style="danger")],
        [turn.button(N_("No, keep it"), "no")],
    ]
    text = paragraphs(bold(turn.t(_ASK)), what, turn.t(_FOR_GOOD))
    turn.show(At.TAKE_BACK, Screen(text, rows))


def _remove(turn: Turn, _rest: str) -> None:
    if submissions.remove(turn.connection, turn.state.pop("sent", 0), turn.account_id, turn.now):
        turn.note(turn.t(_REMOVED))
    turn.go(At.SENT)


STEPS = (
    Step(
        At.SENT,
        show,
        offer,
        {"open": _open, "older": _older, "newer": _newer, "back": _back, "talk": talk},
        offer,
    ),
    Step(
        At.SENT_ITEM,
        show_one,
        offer,
        {
            "again": _again,
            "replace": _replace,
            "remove": to(At.TAKE_BACK),
            "back": to(At.SENT),
            "talk": talk,
        },
        offer,
    ),
    Step(At.TAKE_BACK, ask_to_remove, presses={"yes": _remove, "no": to(At.SENT_ITEM)}),
)
