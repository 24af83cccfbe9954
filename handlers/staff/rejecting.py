"""Sending a paper back: why, in whose words, and what the family will read of it in its own language."""

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, joined, paragraphs, safe
from bot.turn import Turn
from casework import access, checking
from casework.caseload import Case
from casework.permissions import Action
from casework.rejections import BY_CODE, REJECTIONS, Rejection
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.rejection_words import rejection_in_words
from handlers.staff.everywhere import FROM_CASE, desk_screen, leading
from handlers.staff.guard import on_case
from handlers.staff.news import tell_of_paper
from handlers.staff.paper import TO_PAPER, TO_REASONS, UNREACHED, as_seen, changed, heading, row_of
from handlers.staff.steps import Desk

LONGEST_REMARK = 300  # characters: in every language of the family it fits into one message
_WHY = N_("Why can it not be used? The family reads it, and how to mend it.")
_THEY_READ = N_("The family gets a message without names, and reads this at the paper:")
_ADD = N_("You can add to it in your own words: write them now. The family reads them as they are.")
_SAY = N_("Write in one message what is wrong. The family reads it as it is.")
_IN = N_("Language of the family: {languages}")
_TOO_LONG = N_("Words for the family may have {most} letters at most.")
_SENT_BACK = N_("Sent back. The family is told that there is news, and asked for the paper again.")


def _ask_why(turn: Turn, case: Case, _rest: str) -> None:
    look = as_seen(turn, case)
    if look is None:
        return
    if not look.held.may_be_rejected:
        turn.go(Desk.PAPER)
        return
    for each in ("why", "remark"):
        turn.state["checking"].pop(each, None)
    reasons = side_by_side([turn.button(each.label, f"why:{each.code}") for each in REJECTIONS])
    text = paragraphs(heading(turn, look), turn.t(_WHY))
    turn.show(Desk.REJECT, desk_screen(turn, text, reasons, back="paper"))


def _choose(turn: Turn, why: str) -> bool | None:
    if why not in BY_CODE:
        return False
    turn.state.setdefault("checking", {})["why"] = why
    turn.go(Desk.REJECT_SURE)
    return None


def _chosen(turn: Turn) -> tuple[Rejection | None, str]:
    chosen = turn.state.get("checking", {})
    return BY_CODE.get(chosen.get("why", "")), chosen.get("remark", "")


def _ask_whether(turn: Turn, case: Case, _rest: str) -> None:
    look, (why, remark) = as_seen(turn, case), _chosen(turn)
    if look is None:
        return
    if why is None:
        turn.go(Desk.REJECT)
        return
    codes = access.languages(turn.connection, [case.request_id]) or [turn.locale.code]
    families = [turn.around.locales.get(each) for each in codes]
    languages = turn.locale.listed(each.own_name for each in families)
    text = paragraphs(
        heading(turn, look),
        bold(turn.t(why.label)),
        joined([turn.t(_THEY_READ), *(_preview(each, why, remark) for each in families)]),
        joined([turn.t(_SAY if why.needs_words else _ADD), turn.t(_IN, languages=languages)]),
    )
    sure = turn.button(N_("Yes, send it back"), f"sure:{why.code}", style="danger")
    rows = [[sure]] if remark or not why.needs_words else []
    turn.show(Desk.REJECT_SURE, desk_screen(turn, text, rows, back="reasons"))


def _preview(family: Locale, why: Rejection, remark: str) -> Html:
    """Show what a family reads, in the direction it reads it."""
    words = family.in_line(rejection_in_words(family, why.code, remark))
    return Html(f"<blockquote>{safe(Html(words))}</blockquote>")


def _written(turn: Turn, _rest: str) -> None:
    words = turn.incoming.text.strip()
    if not words or len(words) > LONGEST_REMARK:
        turn.note(turn.t(_TOO_LONG, most=LONGEST_REMARK))
    else:
        turn.state.setdefault("checking", {})["remark"] = words
    turn.go(Desk.REJECT_SURE)


def _send_back(turn: Turn, case: Case, code: str) -> bool | None:
    look, (why, remark) = as_seen(turn, case), _chosen(turn)
    if look is None:
        return None
    if why is None or why.code != code or (why.needs_words and not remark) or not look.held.may_be_rejected:
        return False
    key, by = look.dossier.data_key(turn.keys), turn.account_id
    if not checking.reject(turn.connection, key, look.held, why, remark, by, turn.now):
        changed(turn, look)
        return None
    told = tell_of_paper(turn, case.request_id, look.held.paper.document_id)
    turn.note(turn.t(_SENT_BACK if told else UNREACHED))
    turn.go(Desk.PAPERS)
    return None


STEPS = (
    Step(
        Desk.REJECT,
        on_case(Action.CHECK_PAPER, _ask_why),
        presses={"why": leading(_choose), "paper": TO_PAPER, **FROM_CASE},
    ),
    Step(
        Desk.REJECT_SURE,
        on_case(Action.CHECK_PAPER, _ask_whether),
        leading(_written),
        {
            "sure": on_case(Action.CHECK_PAPER, _send_back, subject=row_of),
            "reasons": TO_REASONS,
            **FROM_CASE,
        },
    ),
)
