"""What a second person is shown of a change of many stages, and what happens when they agree."""

from collections.abc import Sequence

from bot.i18n import Html, joined, paragraphs
from bot.turn import Turn
from casework import many
from casework.approvals import Approval
from casework.many import Asked
from casework.permissions import Action
from casework.words import N_
from handlers.staff.group_words import counted_in_words
from handlers.staff.listing import Listing
from handlers.staff.many_words import done_in_words, going_in_words, heading, told_in_words
from handlers.staff.moving import REASON
from handlers.staff.news import tell_families
from handlers.staff.seconding import Matter, Words

_MEANWHILE = N_("Of these, {n} stand elsewhere by now or are withdrawn. They would be left as they are.")
_STAYING = N_("Others who stay where they are: {n}.")


def _pages(turn: Turn, approval: Approval) -> Sequence[Html]:
    """Say what would happen now to those who were seen, then list them."""
    asked = Asked.from_json(approval.asked.details)
    still = many.still_there(turn.connection, asked)
    counts = {stage: len(persons) for stage, persons in asked.seen.items()}
    changed = len(asked.persons) - still.persons
    text = paragraphs(
        heading(turn, asked.group, asked.to),
        joined([going_in_words(turn, len(asked.persons), asked.requests), counted_in_words(turn, counts)]),
        turn.t(_MEANWHILE, n=changed) if changed else None,
        turn.t(_STAYING, n=asked.staying) if asked.staying else None,
        turn.t(REASON, reason=asked.reason) if asked.reason else None,
        told_in_words(turn, still.requests, asked.to) if still.requests else None,
    )
    return Listing(turn, text, asked.persons)


def _carry_out(turn: Turn, approval: Approval) -> bool | Words:
    """Move who still stands there, tell their families, and say how many moved and how many did not."""
    asked = Asked.from_json(approval.asked.details)
    by, second = approval.asked.by, turn.account_id
    done = many.carry_out(turn.connection, turn.keys, asked, by, second, approval.id, turn.now)
    if not done.persons:
        return False
    tell_families(turn, done.told)
    return lambda locale: done_in_words(locale, done)


MATTER = Matter("many", N_("Change of the stage of many"), Action.MANY, _pages, _carry_out)
