"""A changed message corrects the answer it gave, where that can still be changed."""

from bot.incoming import Kind as Input
from bot.turn import Turn
from casework.answers import Understood
from casework.questions import Kind
from casework.words import N_
from handlers.family.answer_words import answer_in_words
from handlers.family.standing import Standing, read, standing_at

_CORRECTED = N_("Your changed message was understood. {label}: {answer}")
_NOT_CORRECTED = N_("Your changed message could not be read as an answer, so the earlier answer stays.")
_REMEMBERED = 12  # answers


def remember(turn: Turn, standing: Standing) -> None:
    """Note which message answered what."""
    if turn.incoming.kind is Input.TEXT and standing.question.kind is not Kind.STORY:
        answered = turn.state.setdefault("answered", {})
        answered[str(turn.incoming.message_id)] = [standing.request_id, standing.spot]
        while len(answered) > _REMEMBERED:
            del answered[next(iter(answered))]


def correct(turn: Turn) -> bool:
    """Take a changed message as the corrected answer; False where it answered nothing that can be changed."""
    place = turn.state.get("answered", {}).get(str(turn.incoming.message_id))
    standing = standing_at(turn, *place) if place is not None else None
    if standing is None:
        return False
    taken = read(turn, standing, turn.incoming.text)
    if isinstance(taken, Understood):
        standing.keep(turn, taken.value)
        answer = answer_in_words(turn, standing.question, taken.value)
        turn.note(turn.t(_CORRECTED, label=turn.t(standing.question.label), answer=answer))
    else:
        turn.note(turn.t(_NOT_CORRECTED))
    turn.go(turn.loaded.step)
    return True
