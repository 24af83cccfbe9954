"""One paper of one person: what it is good for, how it is got; sent here as a photo or a PDF, or said to be missing."""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs
from bot.incoming import Kind, id_in
from bot.screen import Screen
from bot.turn import Turn
from casework import checking, documents, submissions
from casework.documents import DocumentState
from casework.files import Belongs, Purpose
from casework.paper_kinds import KINDS, DocumentKind
from casework.words import N_
from handlers.family.consent import agreed_before
from handlers.family.everywhere import BACK, TALK, begin_talk, talk
from handlers.family.information import DOCUMENTS as ABOUT_PAPERS
from handlers.family.information import to_page
from handlers.family.papers import PORTRAIT, SENT, Desk, called, desk_of
from handlers.family.passing_on import offer
from handlers.family.placing import forget_placing
from handlers.family.receiving import ARRIVED, sent_in, take
from handlers.family.rejection_words import rejection_in_words
from handlers.family.steps import At
from handlers.family.subject import choose, dossier_with
from handlers.family.talking import keep_files
from handlers.staff.news import tell_holder

_SO_FAR = N_("Now: {state}")
_SEND = N_(
    "To send it, send a photo or a PDF file in this chat now. Several pages can come one after the other."
)
_MORE = N_("More pages of it can be sent here too.")
_VOICE = N_("You can also tell us about it in a voice message.")
_CLIP = N_("Press the paper clip beside the text field, choose a photo or a PDF file, and send it.")
_NOT_A_PAPER = N_("This was not kept: a paper can be sent as a photo or a PDF file.")
_NOT_A_PORTRAIT = N_("This was not kept: here a photo of the person fits.")
_NOTED = {
    DocumentState.HAVE: N_("Noted: you have it and send it later."),
    DocumentState.MISSING: N_("Noted: you do not have it. You can change this at any time."),
}
_SAID = {
    DocumentState.HAVE: N_("We have it, I will send it later"),
    DocumentState.MISSING: N_("We do not have it"),
}
_INSTEAD = N_("What you send next replaces the one before, once it is safely stored.")
_VOLUNTARY = N_("A photo helps staff to recognise the person. It is voluntary, and you can leave it out.")
_ONLY_STAFF = N_("Only staff see it. It is never published, and no program compares faces.")
_SEND_PHOTO = N_("To send one, send the photo in this chat now.")


def show(turn: Turn) -> None:
    """Show one paper."""
    desk, kind = desk_of(turn), KINDS.get(turn.state.get("paper", ""))
    if desk is None or kind is None:
        turn.go(At.PAPERS)
        return
    whose = [] if kind.of_requester else [desk.name(turn)]
    state, sent = desk.state_in_words(turn, kind), desk.paper(kind).received or desk.arrives(kind)
    text = paragraphs(
        joined([bold(turn.t(kind.label)), *whose]),
        turn.t(_SO_FAR, state=state) if state is not None else None,
        _why(turn, desk, kind),
        joined([turn.t(kind.good_for), turn.t(kind.how)], " ") if not sent else None,
        turn.t(_INSTEAD) if "replaces" in turn.state else None,
        turn.t(_MORE) if sent else joined([turn.t(_SEND), turn.t(_VOICE)], " "),
    )
    send = N_("Send one more") if sent else N_("Send it now")
    rows = [[turn.button(send, "how", style="success")]]
    rows += [[turn.button(_SAID[state], f"say:{state}")] for state in _may_say(desk, kind)]
    if _sent_before(turn, desk, kind.code, desk.owner(kind)):
        rows.append([turn.button(SENT, "sent")])
    rows.append([turn.button(ABOUT_PAPERS.title, "page")])
    rows.append([turn.button(BACK, "back"), turn.button(TALK, "talk")])
    turn.show(At.PAPER, Screen(text, rows))


def _why(turn: Turn, desk: Desk, kind: DocumentKind) -> Html | None:
    """Say why the one before cannot be used, until another one has come."""
    paper = desk.paper(kind)
    if paper.rejected_for is None or desk.arrives(kind):
        return None
    key = desk.dossier.data_key(turn.keys)
    remarks = checking.remarks(turn.connection, key, desk.dossier.request_id)
    return rejection_in_words(turn.locale, paper.rejected_for, remarks.get(paper.document_id, ""))


def _may_say(desk: Desk, kind: DocumentKind) -> list[DocumentState]:
    """Return what the family may say of the paper: nothing once it is with the office, or on its way there.

    That there is none can be said again where the office asks.
    """
    paper = desk.paper(kind)
    if paper.received or desk.arrives(kind):
        return []
    said = {paper.state} - ({DocumentState.MISSING} if paper.asked else set())
    return [state for state in _SAID if state not in said]


def _sent_before(turn: Turn, desk: Desk, purpose: str, person_id: int | None) -> bool:
    about = Belongs(purpose, desk.dossier.request_id, person_id)
    return submissions.has_sent(turn.connection, turn.account_id, about)


def from_anywhere(turn: Turn) -> None:
    """Lead from a notice to the paper it is about; to the requests where this account may not open it (any more)."""
    document_id = id_in(turn.incoming.action.partition(":")[2])
    place = documents.place_of(turn.connection, document_id) if document_id is not None else None
    dossier = dossier_with(turn, place[0]) if place is not None else None
    if place is None or dossier is None or not dossier.persons:
        turn.go(At.REQUESTS)
        return
    _, person_id, kind = place
    choose(turn, dossier.request_id)
    forget_placing(turn)
    for each in ("replaces", "other_papers"):
        turn.state.pop(each, None)
    turn.state["paper_of"] = person_id if person_id is not None else dossier.persons[0].id
    turn.state["paper"] = kind.code
    if agreed_before(turn, At.PAPER):
        turn.go(At.PAPER)


def _how(turn: Turn, _rest: str) -> None:
    turn.note(turn.t(_CLIP))
    turn.go(turn.loaded.step)


def _say(turn: Turn, word: str) -> bool | None:
    desk, kind = desk_of(turn), KINDS.get(turn.state.get("paper", ""))
    if desk is None or kind is None or word not in set(_may_say(desk, kind)):
        return False
    state = DocumentState(word)
    request_id, now, by = desk.dossier.request_id, turn.now, turn.account_id
    documents.set_state(turn.connection, request_id, desk.owner(kind), kind.code, state, now, by=by)
    if desk.paper(kind).asked and state is DocumentState.MISSING:
        tell_holder(turn, request_id)
    turn.note(turn.t(_NOTED[state]))
    turn.go(At.PAPERS)
    return None


def paper_sent(turn: Turn) -> None:
    """Take a photo or a file as this paper; a voice that tells of it goes to staff as a message."""
    desk, kind, file = desk_of(turn), KINDS.get(turn.state.get("paper", "")), sent_in(turn.incoming)
    if desk is None or kind is None:
        turn.go(At.PAPERS)
    elif file is None:
        turn.note(turn.t(_NOT_A_PAPER))
        turn.go(At.PAPER)
    elif file.kind in {Kind.VOICE, Kind.VIDEO_NOTE}:
        begin_talk(turn)
        keep_files(turn, [file], forwarded=turn.incoming.forwarded)
        turn.go(At.PAPER)
    else:
        about = Belongs(kind.code, desk.dossier.request_id, desk.owner(kind), _replaces(turn))
        take(turn, file, about)
        turn.note(turn.t(ARRIVED))
        turn.go(At.PAPER)


def _replaces(turn: Turn) -> str | None:
    old = turn.state.pop("replaces", None)
    return submissions.replacing(old) if old is not None else None


def _to_list(turn: Turn, _rest: str) -> None:
    turn.state.pop("replaces", None)
    turn.go(At.PAPERS)


def _to_sent(turn: Turn, _rest: str) -> bool | None:
    desk = desk_of(turn)
    if desk is None:
        return False
    kind = KINDS.get(turn.state.get("paper", ""))
    of_paper = turn.loaded.step == At.PAPER and kind is not None
    purpose = kind.code if of_paper and kind is not None else Purpose.PORTRAIT.value
    owner = desk.owner(kind) if of_paper and kind is not None else desk.person.id
    turn.state["sent_of"] = {"purpose": purpose, "person": owner}
    turn.state["before_sent"] = turn.loaded.step
    turn.go(At.SENT)
    return None


def show_portrait(turn: Turn) -> None:
    """Ask for a photo of the person, which nobody has to give."""
    desk = desk_of(turn)
    if desk is None:
        turn.go(At.PAPERS)
        return
    sent = _sent_before(turn, desk, Purpose.PORTRAIT, desk.person.id)
    text = paragraphs(
        joined([bold(turn.t(PORTRAIT)), called(turn, desk.dossier, desk.number)]),
        *([] if sent else [turn.t(_VOLUNTARY), turn.t(_ONLY_STAFF)]),
        turn.t(_INSTEAD) if "replaces" in turn.state else None,
        turn.t(_SEND_PHOTO),
    )
    rows = [
        [turn.button(SENT, "sent")] if sent else [],
        [turn.button(N_("Leave it out"), "back")] if not sent else [],
        [turn.button(BACK, "back"), turn.button(TALK, "talk")],
    ]
    turn.show(At.PORTRAIT, Screen(text, rows))


def portrait_sent(turn: Turn) -> None:
    desk, file = desk_of(turn), sent_in(turn.incoming)
    if desk is None:
        turn.go(At.PAPERS)
        return
    if file is None or file.kind not in {Kind.PHOTO, Kind.DOCUMENT}:
        turn.note(turn.t(_NOT_A_PORTRAIT))
    else:
        about = Belongs(Purpose.PORTRAIT, desk.dossier.request_id, desk.person.id, _replaces(turn))
        take(turn, file, about)
        turn.note(turn.t(ARRIVED))
    turn.go(At.PORTRAIT)


STEPS = (
    Step(
        At.PAPER,
        show,
        offer,
        {
            "how": _how,
            "say": _say,
            "sent": _to_sent,
            "page": to_page(ABOUT_PAPERS.key),
            "back": _to_list,
            "talk": talk,
        },
        paper_sent,
    ),
    Step(
        At.PORTRAIT,
        show_portrait,
        offer,
        {"sent": _to_sent, "back": _to_list, "talk": talk},
        portrait_sent,
    ),
)
