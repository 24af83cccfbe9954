"""A photo that came where nothing was asked may be a paper: then it goes where its sender says, not to staff."""

from dataclasses import asdict

from bot.incoming import Kind
from bot.turn import Turn
from casework import messages
from casework.files import Belongs, Purpose, Sent
from handlers.family.drafting import draft_of
from handlers.family.receiving import ARRIVED, take
from handlers.family.steps import At
from handlers.family.subject import choose, dossier_of

_PAPER = {Kind.PHOTO.value, Kind.DOCUMENT.value}  # what can be a paper; a voice can only tell of one


def is_paper(file: Sent) -> bool:
    return file.kind in _PAPER


def can_be_placed(turn: Turn, waiting: list[Sent]) -> bool:
    """Whether what waits may be a paper, and it is plain of which request."""
    return any(map(is_paper, waiting)) and _request_of(turn) is not None


def _request_of(turn: Turn) -> int | None:
    """Return the request a paper would be for: that of the card, the only one, the draft, or the last one chosen."""
    about = turn.state.get("talk_of") or messages.sole_request(turn.connection, turn.account_id)
    if about is not None:
        return int(about)
    draft = draft_of(turn)
    if draft is not None and not draft.empty:
        return draft.request_id
    dossier = dossier_of(turn)
    return dossier.request_id if dossier is not None else None


def begin_placing(turn: Turn) -> bool | None:
    """Let the sender choose which paper it is."""
    request_id = _request_of(turn)
    if request_id is None:
        return False
    choose(turn, request_id)
    for key in ("paper_of", "other_papers"):
        turn.state.pop(key, None)
    turn.state["placing"] = True
    turn.go(At.PAPERS)
    return None


def is_placing(turn: Turn) -> bool:
    return bool(turn.state.get("placing"))


def forget_placing(turn: Turn) -> None:
    turn.state.pop("placing", None)


def place_waiting(turn: Turn, purpose: str, request_id: int, person_id: int | None, then: At) -> None:
    """Keep what waits as this paper; words and voices that came with it are asked about again."""
    forget_placing(turn)
    waiting = [Sent(**each) for each in turn.state.get("waiting", [])]
    placed = [file for file in waiting if is_paper(file)]
    if purpose == Purpose.PORTRAIT:
        placed = [file for file in placed if file.kind == Kind.PHOTO]
    for file in placed:
        take(turn, file, Belongs(purpose, request_id, person_id))
    if placed:
        turn.note(turn.t(ARRIVED))
    left = [file for file in waiting if file not in placed]
    turn.state["waiting"] = [asdict(file) for file in left]
    turn.go(At.PASS_ON if left or turn.state.get("said") else then)
