"""From which stage a person may go on to which, what each move needs, and after how long a stage is overdue.

The stages are those of domain.md. A move that is in no table is none: nothing else moves a person but the family's own
withdrawing (casework/withdrawing.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from casework.stages import Stage

S = Stage
# The way home in its order; who is there already needs no list and no journey any more.
BEFORE = (
    *(S.RECEIVED, S.SCREENING, S.REGISTERED, S.LOCATED, S.IDENTITY_CHECK, S.KINSHIP_CHECK),
    *(S.DOCUMENTS, S.EXIT_PERMISSION, S.ON_LIST, S.FLIGHT_SCHEDULED),
)
AFTER = (S.ARRIVED, S.MEDICAL_CARE, S.WITH_GUARDIAN, S.AFTERCARE)
# Beside the way: work waits, and goes on from where it stood.
WAITING = (S.NEEDS_INFORMATION, S.ON_HOLD, S.COMPETING_CLAIM, S.LOCATION_LOST, S.REFUSED_BY_MOTHER)
# Work has ended, unless that was a mistake or somebody comes back to it.
ENDED = (S.CLOSED, S.DUPLICATE, S.WITHDRAWN, S.TRANSFERRED, S.DECEASED)
OVER = frozenset(ENDED)
# Not home yet: they are where they are thought to be. Who has come home was there once.
ON_THE_WAY = frozenset((*BEFORE, *WAITING))
# A journey is prepared for them: only these can be put on a flight.
JOURNEY = (S.DOCUMENTS, S.EXIT_PERMISSION, S.ON_LIST, S.FLIGHT_SCHEDULED)
# Decided of one person at a time, after a look at their case: nobody goes there or from there together with others.
ONE_BY_ONE = frozenset(
    {S.NEEDS_INFORMATION, S.COMPETING_CLAIM, S.REFUSED_BY_MOTHER, S.DUPLICATE, S.WITHDRAWN, S.DECEASED}
)

# Forward: needs no reason. One step, or over a step that a person may not need.
FORWARD: Mapping[Stage, tuple[Stage, ...]] = {
    S.RECEIVED: (S.SCREENING,),
    S.SCREENING: (S.REGISTERED,),
    S.REGISTERED: (S.LOCATED,),
    S.LOCATED: (S.IDENTITY_CHECK,),
    S.IDENTITY_CHECK: (S.KINSHIP_CHECK, S.DOCUMENTS),
    S.KINSHIP_CHECK: (S.DOCUMENTS,),
    S.DOCUMENTS: (S.EXIT_PERMISSION,),
    S.EXIT_PERMISSION: (S.ON_LIST,),
    S.ON_LIST: (S.FLIGHT_SCHEDULED,),
    S.FLIGHT_SCHEDULED: (S.ARRIVED,),
    S.ARRIVED: (S.MEDICAL_CARE, S.WITH_GUARDIAN),
    S.MEDICAL_CARE: (S.WITH_GUARDIAN,),
    S.WITH_GUARDIAN: (S.AFTERCARE, S.CLOSED),
    S.AFTERCARE: (S.CLOSED,),
}


def _earlier(way: tuple[Stage, ...], first: int = 0) -> dict[Stage, tuple[Stage, ...]]:
    return {stage: way[first:place] for place, stage in enumerate(way) if place > first}


# Back: what was thought done is not. Nobody becomes unread again.
BACK: Mapping[Stage, tuple[Stage, ...]] = {
    **_earlier(BEFORE, first=1),
    **_earlier(AFTER),
    S.ARRIVED: (S.FLIGHT_SCHEDULED,),
    **dict.fromkeys(WAITING, BEFORE[1:]),
    S.NEEDS_INFORMATION: (*BEFORE[1:], *AFTER),
    S.ON_HOLD: (*BEFORE[1:], *AFTER),
    S.CLOSED: (S.SCREENING, S.AFTERCARE),
    **dict.fromkeys((S.DUPLICATE, S.WITHDRAWN, S.TRANSFERRED, S.DECEASED), (S.SCREENING,)),
}
_SOUGHT = BEFORE[BEFORE.index(S.REGISTERED) :]  # it is known who is looked for
_FOUND = BEFORE[BEFORE.index(S.LOCATED) : -1]  # somebody who is found may also come home by another way
_ANY = (*BEFORE, *AFTER, *WAITING)
# Sideways: by where one goes, from where.
_SIDEWAYS_FROM: Mapping[Stage, tuple[Stage, ...]] = {
    S.NEEDS_INFORMATION: (*BEFORE, *AFTER, S.ON_HOLD),
    S.ON_HOLD: _ANY,
    S.COMPETING_CLAIM: (*BEFORE, *WAITING),
    S.LOCATION_LOST: (*_SOUGHT, *WAITING),
    S.REFUSED_BY_MOTHER: (*_SOUGHT, *WAITING),
    S.ARRIVED: (*_FOUND, S.LOCATION_LOST),
    S.CLOSED: _ANY,
    S.DUPLICATE: (*BEFORE, *WAITING),
    S.WITHDRAWN: (*BEFORE, *WAITING),
    S.TRANSFERRED: _ANY,
    S.DECEASED: (*_ANY, S.CLOSED, S.WITHDRAWN, S.TRANSFERRED),
}
# Two people have to agree: it raises the greatest hopes, or ends all.
TWO_PEOPLE = frozenset({S.ON_LIST, S.FLIGHT_SCHEDULED, S.DECEASED})

_DAY = timedelta(days=1)
# How long a case may stay at a stage without a step, where the config says nothing else ([reminders.stage_days]); where
# there is no limit, nobody of the office is waited for.
Limits = Mapping[Stage, timedelta]
LIMITS: Limits = {
    S.RECEIVED: 3 * _DAY,
    S.SCREENING: 14 * _DAY,
    S.REGISTERED: 60 * _DAY,
    S.LOCATED: 30 * _DAY,
    S.IDENTITY_CHECK: 60 * _DAY,
    S.KINSHIP_CHECK: 60 * _DAY,
    S.DOCUMENTS: 60 * _DAY,
    S.EXIT_PERMISSION: 90 * _DAY,
    S.ON_LIST: 60 * _DAY,
    S.FLIGHT_SCHEDULED: 14 * _DAY,
    S.ARRIVED: 7 * _DAY,
    S.MEDICAL_CARE: 30 * _DAY,
    S.WITH_GUARDIAN: 30 * _DAY,
    S.AFTERCARE: 90 * _DAY,
    S.NEEDS_INFORMATION: 14 * _DAY,
    S.ON_HOLD: 90 * _DAY,
    S.COMPETING_CLAIM: 14 * _DAY,
    S.LOCATION_LOST: 60 * _DAY,
    S.REFUSED_BY_MOTHER: 90 * _DAY,
}


@dataclass(frozen=True)
class Transition:
    """A move that is allowed.

    Attributes:
        forward: along the way; any other needs a reason.
    """

    before: Stage
    to: Stage
    forward: bool

    @property
    def needs_reason(self) -> bool:
        return not self.forward

    @property
    def needs_two(self) -> bool:
        """Whether a second person has to agree; also where somebody who was said to have died is alive."""
        return self.to in TWO_PEOPLE or self.before is Stage.DECEASED


def _transitions() -> dict[Stage, dict[Stage, Transition]]:
    table: dict[Stage, dict[Stage, Transition]] = {}
    for before in Stage:
        sideways = (to for to, sources in _SIDEWAYS_FROM.items() if before in sources)
        others = chain(BACK.get(before, ()), sideways)
        ways = [(to, True) for to in FORWARD.get(before, ())] + [(to, False) for to in others]
        table[before] = {}
        for to, forward in ways:
            if to is not before:
                table[before].setdefault(to, Transition(before, to, forward))
    return table


TRANSITIONS = _transitions()


def transition(before: Stage, to: Stage) -> Transition | None:
    """Return the move between two stages; None where it is not allowed."""
    return TRANSITIONS[before].get(to)


def overdue_at(stage: Stage, since: datetime, limits: Limits) -> datetime | None:
    """Return when somebody who stands at a stage since then is overdue; None where nothing is waited for."""
    limit = limits.get(stage)
    return since + limit if limit is not None else None
