"""Papers as staff read of them: how far each is, what was sent, why it was sent back."""

from bot.i18n import Html, bold, joined, safe
from bot.turn import Turn
from casework.checking import Held
from casework.documents import DocumentState, Paper
from casework.rejections import BY_CODE
from casework.submissions import Submitted
from casework.words import N_
from handlers.family.file_words import files_in_words, states_in_words

_MOST_SENT = 12  # of what was sent for one paper, the newest
_STATES = {
    DocumentState.HAVE: N_("the family has it"),
    DocumentState.MISSING: N_("the family does not have it"),
    DocumentState.SUBMITTED: N_("to be checked"),
    DocumentState.VERIFIED: N_("found good"),
    DocumentState.REJECTED: N_("sent back"),
}
_SIGNS = {DocumentState.VERIFIED: "✓ ", DocumentState.REJECTED: "✗ "}


def state_in_words(turn: Turn, paper: Paper) -> Html:
    """Say how far a paper is, and since when."""
    if paper.state is None:
        return turn.t(N_("nothing is known of it"))
    state = bold(turn.t(_STATES[paper.state]))
    since = turn.t(N_("since {day}"), day=turn.locale.date(paper.since or turn.now, turn.zone))
    return Html(turn.locale.listed([state, since]))


def line_of(turn: Turn, held: Held) -> Html:
    """Say in one line what the office knows of a paper."""
    files = [file for each in held.sent for file in each.files]
    parts = [
        state_in_words(turn, held.paper) if held.paper.state is not None else None,
        turn.t(BY_CODE[held.paper.rejected_for].label) if held.paper.rejected_for else None,
        bold(turn.t(N_("more has come"))) if held.paper.more_at is not None else None,
        asked_in_words(turn, held.paper),
        files_in_words(turn.locale, (file.kind for file in files)) if files else None,
        turn.t(N_("on its way")) if held.arrives else None,
    ]
    return Html(f"{turn.t(held.kind.staff_label)}: {joined((each for each in parts if each), ' · ')}")


def asked_in_words(turn: Turn, paper: Paper) -> Html | None:
    """Say since when the office asks for a paper; of one that was sent back that goes without saying."""
    if paper.asked_at is None or paper.state is DocumentState.REJECTED:
        return None
    return turn.t(N_("asked for on {day}"), day=turn.locale.date(paper.asked_at, turn.zone))


def missing_in_words(turn: Turn, paper: Paper) -> Html:
    """Name a paper that is missing, with what the office has said of it."""
    name = turn.t(paper.kind.staff_label)
    if paper.state is DocumentState.REJECTED:
        return turn.t(N_("{paper} (sent back)"), paper=name)
    return turn.t(N_("{paper} (asked for)"), paper=name) if paper.asked else name


def label_of(turn: Turn, held: Held) -> str:
    """Return the words of the button that leads to a paper."""
    sign = "● " if held.paper.to_check else _SIGNS.get(held.paper.state, "") if held.paper.state else ""
    return sign + turn.locale.plain(held.kind.staff_label)


def sent_in_words(turn: Turn, held: Held) -> Html | None:
    """List what was sent of a paper, the newest first; what came since staff decided is marked."""
    fresh = {file.file_id for file in held.fresh}
    newest = held.sent[::-1][:_MOST_SENT]
    lines = [_sent(turn, each, new=any(file.file_id in fresh for file in each.files)) for each in newest]
    return joined(lines) if lines else None


def _sent(turn: Turn, submitted: Submitted, *, new: bool) -> Html:
    parts = [submitted_in_words(turn, submitted), *([bold(turn.t(N_("new")))] if new else [])]
    return joined(["•", joined(parts, " · ")], " ")


def submitted_in_words(turn: Turn, submitted: Submitted) -> Html:
    """Say when what was sent, and what has become of it."""
    day = safe(turn.locale.date(submitted.created_at, turn.zone))
    files = files_in_words(turn.locale, (file.kind for file in submitted.files))
    return joined([day, files, states_in_words(turn.locale, submitted.states)], " · ")
