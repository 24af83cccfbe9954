"""Papers: for each person the list of what helps, how far each is, and how many have come in."""

from dataclasses import dataclass

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import documents, submissions
from casework.documents import DocumentState, Paper, Progress
from casework.dossiers import Dossier, Said
from casework.files import Purpose
from casework.paper_kinds import DOCUMENTS, KINDS, DocumentKind, counted_for
from casework.words import N_
from handlers.family.consent import agreed_before
from handlers.family.everywhere import BACK, TALK, talk
from handlers.family.passing_on import offer
from handlers.family.placing import forget_placing, is_placing, place_waiting
from handlers.family.standing import PERSON_NUMBER
from handlers.family.steps import At
from handlers.family.subject import dossier_of

PAPERS = N_("Papers")
PORTRAIT = N_("Photo of the person")
SENT = N_("What you sent")
WHICH_PAPER = N_("Which paper is it?")
_OTHER_PAPERS = N_("Other papers")
_WHOSE = N_("Whose papers?")
_PROGRESS = N_("{title}: {done} of {all}")
_COME_IN = N_("{received} of the {counted} papers that help most have come in.")
_MOST = N_("These help most:")
_TOO = N_("These can help too:")
_PRESS = N_("Press a paper to send it, or to say whether you have it.")
_STATES = {
    DocumentState.HAVE: N_("you have it"),
    DocumentState.MISSING: N_("you do not have it"),
    DocumentState.SUBMITTED: N_("received"),
    DocumentState.VERIFIED: N_("checked by staff"),
    DocumentState.REJECTED: N_("cannot be used"),
}
_ON_ITS_WAY = N_("on its way")
_ASKED, _AGAIN = N_("the office asks for this one"), N_("please send it again")


@dataclass(frozen=True)
class Desk:
    """The papers of one person of a request.

    Attributes:
        papers: what is known of every paper of the request.
        arriving: person and kind of what was sent and is not stored yet.
    """

    dossier: Dossier
    number: int
    counted: tuple[DocumentKind, ...]
    papers: dict[tuple[int, str], Paper]
    arriving: frozenset[tuple[int | None, str]]

    @property
    def person(self) -> Said:
        return self.dossier.persons[self.number]

    def paper(self, kind: DocumentKind) -> Paper:
        return documents.paper_of(self.papers, self.dossier.request_id, self.person.id, kind)

    @property
    def first(self) -> tuple[DocumentKind, ...]:
        """Return what stands in the list at once: what the office asks for, the longest asked for first, and what is
        counted.
        """
        asked = [paper for paper in map(self.paper, DOCUMENTS) if paper.asked_at is not None]
        asked.sort(key=lambda paper: (paper.asked_at, paper.document_id))
        return tuple(dict.fromkeys([*(paper.kind for paper in asked), *self.counted]))

    def owner(self, kind: DocumentKind) -> int | None:
        """Return whose paper it is, as submissions name it: the requester's own is nobody else's."""
        return None if kind.of_requester else self.person.id

    def progress(self) -> Progress:
        return documents.progress(self.papers, self.dossier.request_id, self.person.id, self.counted)

    def arrives(self, kind: DocumentKind) -> bool:
        """Whether something was sent that is not stored yet, and nothing before it was."""
        return not self.paper(kind).received and (self.owner(kind), kind.code) in self.arriving

    def state_in_words(self, turn: Turn, kind: DocumentKind) -> Html | None:
        """Say how far a paper is, and that the office asks for it; nothing where nothing was said of it, or sent."""
        paper = self.paper(kind)
        if self.arrives(kind):
            return turn.t(_ON_ITS_WAY)
        rejected = paper.state is DocumentState.REJECTED
        parts = [_STATES[paper.state]] if paper.state is not None else []
        parts += [_AGAIN if rejected else _ASKED] if paper.asked else []
        return Html(turn.locale.listed(map(turn.t, parts))) if parts else None

    def name(self, turn: Turn) -> Html:
        return called(turn, self.dossier, self.number)


def desk_of(turn: Turn) -> Desk | None:
    """Return the papers of the person that was chosen, or of the only one."""
    dossier = dossier_of(turn)
    if dossier is None:
        return None
    chosen = [number for number, said in enumerate(dossier.persons) if said.id == turn.state.get("paper_of")]
    if not chosen and len(dossier.persons) > 1:
        return None
    number = chosen[0] if chosen else 0
    turn.state["paper_of"] = dossier.persons[number].id
    return _desks(turn, dossier)[number]


def _desks(turn: Turn, dossier: Dossier) -> list[Desk]:
    today = turn.now.astimezone(turn.zone).date()
    papers = documents.of_request(turn.connection, dossier.request_id)
    arriving = submissions.arriving(turn.connection, dossier.request_id)
    counted = [counted_for(said.answers.get("birth"), today) for said in dossier.persons]
    return [Desk(dossier, number, kinds, papers, arriving) for number, kinds in enumerate(counted)]


def called(turn: Turn, dossier: Dossier, number: int) -> Html:
    """Return what a person is called on the screen."""
    name = dossier.persons[number].name
    return safe(name) if name else turn.t(PERSON_NUMBER, number=number + 1)


def enter(turn: Turn, _rest: str = "") -> None:
    """Come to the papers of the request that is being made stronger."""
    for key in ("paper_of", "other_papers"):
        turn.state.pop(key, None)
    forget_placing(turn)
    turn.go(At.PAPERS)


def label(turn: Turn, dossier: Dossier) -> str:
    """Return the words of the button that leads here: how many of all that are counted have come in."""
    counted = {
        (desk.owner(kind), kind.code): desk.paper(kind).received
        for desk in _desks(turn, dossier)
        for kind in desk.counted
    }
    title = turn.locale.plain(PAPERS)
    return turn.locale.plain(_PROGRESS, title=title, done=sum(counted.values()), all=len(counted))


def ask_whose(turn: Turn) -> None:
    """Choose the person, where there are several."""
    dossier = dossier_of(turn)
    if dossier is None:
        turn.go(At.HOME)
        return
    rows = []
    for desk in _desks(turn, dossier):
        name = turn.locale.plain(PERSON_NUMBER, number=desk.number + 1)
        progress = desk.progress()
        words = {"title": desk.person.name or name, "done": progress.received, "all": progress.counted}
        rows.append([Button(turn.locale.plain(_PROGRESS, **words), f"whose:{desk.number}")])
    question = turn.t(WHICH_PAPER) if is_placing(turn) else None
    rows.append([turn.button(BACK, "back"), turn.button(TALK, "talk")])
    turn.show(At.WHOSE_PAPERS, Screen(paragraphs(question, bold(turn.t(_WHOSE))), rows))


def _whose(turn: Turn, number: str) -> bool | None:
    dossier = dossier_of(turn)
    if dossier is None or not number.isdecimal() or int(number) >= len(dossier.persons):
        return False
    turn.state["paper_of"] = dossier.persons[int(number)].id
    turn.go(At.PAPERS)
    return None


def show(turn: Turn) -> None:
    """Show every kind with its state; those that are counted first."""
    if not agreed_before(turn, At.PAPERS):
        return
    desk = desk_of(turn)
    if desk is None:
        turn.go(At.HOME if dossier_of(turn) is None else At.WHOSE_PAPERS)
        return
    heading = joined([bold(turn.t(PAPERS)), desk.name(turn)])
    question = bold(turn.t(WHICH_PAPER)) if is_placing(turn) else turn.t(_PRESS)
    others = bool(turn.state.get("other_papers"))
    kinds = _others(desk) if others else desk.first
    text = paragraphs(heading, _progress(turn, desk), _listed(turn, desk, kinds, others=others), question)
    rows = [[_button(turn, desk, kind)] for kind in kinds]
    rows += _further(turn, desk) if not others else []
    ways = [turn.button(BACK, "back"), turn.button(TALK, "talk")]
    turn.show(At.PAPERS, Screen(text, [*rows, ways]))


def _others(desk: Desk) -> tuple[DocumentKind, ...]:
    return tuple(kind for kind in DOCUMENTS if kind not in desk.first)


def _further(turn: Turn, desk: Desk) -> list[list[Button]]:
    request_id = desk.dossier.request_id
    sent = not is_placing(turn) and submissions.has_any(turn.connection, turn.account_id, request_id)
    return [
        [turn.button(_OTHER_PAPERS, "others")],
        [turn.button(PORTRAIT, "portrait")],
        [turn.button(SENT, "sent")] if sent else [],
    ]


def _progress(turn: Turn, desk: Desk) -> Html:
    progress = desk.progress()
    return turn.t(_COME_IN, received=progress.received, counted=progress.counted)


def _listed(turn: Turn, desk: Desk, kinds: tuple[DocumentKind, ...], *, others: bool) -> Html:
    lines = [_line(turn, desk, kind) for kind in kinds]
    return joined([Html(f"<u>{turn.t(_TOO if others else _MOST)}</u>"), *lines])


def _line(turn: Turn, desk: Desk, kind: DocumentKind) -> Html:
    name, state = turn.t(kind.label), desk.state_in_words(turn, kind)
    return Html(f"{name}: {bold(state)}") if state is not None else name


def _button(turn: Turn, desk: Desk, kind: DocumentKind) -> Button:
    sign = "✓ " if desk.paper(kind).received else ""
    return Button(sign + turn.locale.plain(kind.label), f"paper:{kind.code}")


def _choose(turn: Turn, code: str) -> bool | None:
    desk = desk_of(turn)
    if desk is None or code not in KINDS:
        return False
    turn.state["paper"] = code
    turn.state.pop("replaces", None)
    if is_placing(turn):
        place_waiting(turn, code, desk.dossier.request_id, desk.owner(KINDS[code]), At.PAPER)
    else:
        turn.go(At.PAPER)
    return None


def _show_others(turn: Turn, _rest: str) -> None:
    turn.state["other_papers"] = True
    turn.go(At.PAPERS)


def _portrait(turn: Turn, _rest: str) -> bool | None:
    desk = desk_of(turn)
    if desk is None:
        return False
    turn.state.pop("replaces", None)
    if is_placing(turn):
        place_waiting(turn, Purpose.PORTRAIT, desk.dossier.request_id, desk.person.id, At.PORTRAIT)
    else:
        turn.go(At.PORTRAIT)
    return None


def _to_sent(turn: Turn, _rest: str) -> None:
    turn.state["sent_of"] = {}
    turn.state["before_sent"] = At.PAPERS
    turn.go(At.SENT)


def _back(turn: Turn, _rest: str) -> None:
    dossier = dossier_of(turn)
    if turn.loaded.step == At.PAPERS and turn.state.pop("other_papers", False):
        turn.go(At.PAPERS)
    elif turn.loaded.step == At.PAPERS and dossier is not None and len(dossier.persons) > 1:
        turn.state.pop("paper_of", None)
        turn.go(At.WHOSE_PAPERS)
    elif is_placing(turn):
        forget_placing(turn)
        turn.go(At.PASS_ON)
    else:
        turn.go(At.STRENGTHEN)


STEPS = (
    Step(At.WHOSE_PAPERS, ask_whose, offer, {"whose": _whose, "back": _back, "talk": talk}, offer),
    Step(
        At.PAPERS,
        show,
        offer,
        {
            "paper": _choose,
            "others": _show_others,
            "portrait": _portrait,
            "sent": _to_sent,
            "back": _back,
            "talk": talk,
        },
        offer,
    ),
)
