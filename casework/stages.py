"""The stages of a person's way home, and the plain sentences a family reads at each.

A draft has no stage: it becomes `received` when it is sent. No sentence holds a date, a
probability or a promise. `deceased` has no sentence of its own: staff speak to the family, the bot never
announces it.
"""

from dataclasses import dataclass
from enum import StrEnum

from casework.words import N_


class Stage(StrEnum):
    RECEIVED = "received"
    SCREENING = "screening"
    REGISTERED = "registered"
    LOCATED = "located"
    IDENTITY_CHECK = "identity_check"
    KINSHIP_CHECK = "kinship_check"
    DOCUMENTS = "documents"
    EXIT_PERMISSION = "exit_permission"
    ON_LIST = "on_list"
    FLIGHT_SCHEDULED = "flight_scheduled"
    ARRIVED = "arrived"
    MEDICAL_CARE = "medical_care"
    WITH_GUARDIAN = "with_guardian"
    AFTERCARE = "aftercare"
    CLOSED = "closed"
    NEEDS_INFORMATION = "needs_information"
    ON_HOLD = "on_hold"
    DUPLICATE = "duplicate"
    COMPETING_CLAIM = "competing_claim"
    LOCATION_LOST = "location_lost"
    REFUSED_BY_MOTHER = "refused_by_mother"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    DECEASED = "deceased"


@dataclass(frozen=True)
class Told:
    """What a family reads about a stage: what it is, what it means, what comes next, what they can do now."""

    now: str
    meaning: str
    then: str
    you: str


_NOTHING = N_("Nothing is needed from you now.")
_PAPERS = N_(
    "If you have papers or photos about the person, you can send them: press “Make the request stronger”."
)
_NEWS = N_("If something changes in your family or you learn something new, please write to us here.")
_WRITE = N_("Press “Talk to a person” and write to us.")
_OFFICE_TALKS = Told(
    N_("The office is looking into this request"),
    N_("A member of staff is working on it in person."),
    N_("A member of staff will speak with you."),
    _WRITE,
)

TOLD: dict[Stage, Told] = {
    Stage.RECEIVED: Told(
        N_("Your request has arrived"),
        N_("It is stored safely and waits for a member of staff to read it."),
        N_("Somebody from the office reads it and checks whether anything is missing."),
        _PAPERS,
    ),
    Stage.SCREENING: Told(
        N_("Staff are reading your request"),
        N_("A member of staff checks what you wrote and what may be missing."),
        N_("The person is entered in the office's register, or we ask you a question here."),
        _PAPERS,
    ),
    Stage.REGISTERED: Told(
        N_("The person is in the office's register"),
        N_("The office knows who is looked for and who is asking."),
        N_("The office tries to learn where the person is."),
        _NEWS,
    ),
    Stage.LOCATED: Told(
        N_("The office has word of where the person is"),
        N_("A place is known. For safety we do not write it here."),
        N_("The office tries to make sure that it is the right person."),
        _NEWS,
    ),
    Stage.IDENTITY_CHECK: Told(
        N_("The person's identity is being checked"),
        N_("Names, dates and papers from both countries are compared."),
        N_("When identity is clear, the family tie is checked."),
        _PAPERS,
    ),
    Stage.KINSHIP_CHECK: Told(
        N_("The family tie is being checked"),
        N_("Papers, and sometimes a DNA test of a relative, show who belongs together."),
        N_("When the tie is clear, travel papers are prepared."),
        N_("If we ask a relative for a sample, we write to you here first."),
    ),
    Stage.DOCUMENTS: Told(
        N_("Papers are being prepared"),
        N_("The papers needed to leave one country and enter the other are collected."),
        N_("The other country is asked for permission to leave."),
        _PAPERS,
    ),
    Stage.EXIT_PERMISSION: Told(
        N_("Permission to leave has been asked for"),
        N_("A court or a ministry of the other country decides. The office cannot decide this."),
        N_("If permission is given, the person can be put on a travel list."),
        _NOTHING,
    ),
    Stage.ON_LIST: Told(
        N_("The person is on a travel list"),
        N_("A list says who may travel when a journey becomes possible. It is not yet a journey."),
        N_("If a journey is prepared, the office speaks with you."),
        _NEWS,
    ),
    Stage.FLIGHT_SCHEDULED: Told(
        N_("A journey is being prepared"),
        N_("Plans can still change. Please do not tell others about it yet."),
        N_("A member of staff tells you where and when to be."),
        _WRITE,
    ),
    Stage.ARRIVED: Told(
        N_("The person has arrived"),
        N_("They are in the country and are being looked after."),
        N_("Doctors see them first. Then staff speak with you about meeting."),
        _WRITE,
    ),
    Stage.MEDICAL_CARE: Told(
        N_("The person is with doctors"),
        N_("After the journey, doctors look after body and soul."),
        N_("When the doctors agree, the family or guardian can take over."),
        _WRITE,
    ),
    Stage.WITH_GUARDIAN: Told(
        N_("The person is with their family or guardian"),
        N_("The office has recorded who takes care of them."),
        N_("Help goes on: papers, school, doctors."),
        _WRITE,
    ),
    Stage.AFTERCARE: Told(
        N_("Help after the return goes on"),
        N_("Staff stay in touch about papers, school and health."),
        N_("The request is closed when no more help is needed."),
        _WRITE,
    ),
    Stage.CLOSED: Told(
        N_("The request is closed"),
        N_("The office has finished its work on it."),
        N_("Nothing more happens unless you write to us."),
        _WRITE,
    ),
    Stage.NEEDS_INFORMATION: Told(
        N_("Something is missing"),
        N_("The office cannot go on without an answer or a paper from you."),
        N_("When it arrives, work goes on."),
        N_("Look for our question above in this chat, or press “Talk to a person”."),
    ),
    Stage.ON_HOLD: Told(
        N_("The request is waiting"),
        N_("At present no step is possible. The request is not lost."),
        N_("The office looks at it again from time to time."),
        _NEWS,
    ),
    Stage.DUPLICATE: Told(
        N_("The office already works on this"),
        N_("You have told us about this person before. Both requests are read together."),
        N_("Work goes on in your other request."),
        _NOTHING,
    ),
    Stage.COMPETING_CLAIM: _OFFICE_TALKS,
    Stage.LOCATION_LOST: Told(
        N_("At present it is not known where the person is"),
        N_("An earlier place is no longer right."),
        N_("The office goes on looking."),
        _NEWS,
    ),
    Stage.REFUSED_BY_MOTHER: _OFFICE_TALKS,
    Stage.WITHDRAWN: Told(
        N_("The request was withdrawn"),
        N_("The office does no more work on it."),
        N_("Nothing more happens unless you write to us."),
        _WRITE,
    ),
    Stage.TRANSFERRED: Told(
        N_("Another office works on this request now"),
        N_("It was handed over because that office can do more."),
        N_("A member of staff tells you who to speak with."),
        _WRITE,
    ),
    Stage.DECEASED: _OFFICE_TALKS,
}
# What families read of these is the same, so that nothing they can see tells one from the other: no entry on the
# timeline, no notice. Of a death staff tell them in person.
QUIET = frozenset(stage for stage, told in TOLD.items() if told is _OFFICE_TALKS)
OFFICE_TALKS = "office_talks"  # stands for every stage that staff tell of in person


def as_told(stage: Stage) -> str:
    """Return the stage as a family may have it: of those that staff tell of in person, only that they do."""
    return OFFICE_TALKS if stage in QUIET else stage.value


# What staff call the stages, in a list or on a button.
STAFF_WORDS: dict[Stage, str] = {
    Stage.RECEIVED: N_("Arrived at the office"),
    Stage.SCREENING: N_("Being read"),
    Stage.REGISTERED: N_("Registered"),
    Stage.LOCATED: N_("Located"),
    Stage.IDENTITY_CHECK: N_("Identity check"),
    Stage.KINSHIP_CHECK: N_("Kinship check"),
    Stage.DOCUMENTS: N_("Papers"),
    Stage.EXIT_PERMISSION: N_("Exit permission"),
    Stage.ON_LIST: N_("On a list"),
    Stage.FLIGHT_SCHEDULED: N_("Flight scheduled"),
    Stage.ARRIVED: N_("In the country"),
    Stage.MEDICAL_CARE: N_("Medical care"),
    Stage.WITH_GUARDIAN: N_("With the guardian"),
    Stage.AFTERCARE: N_("Aftercare"),
    Stage.CLOSED: N_("Closed"),
    Stage.NEEDS_INFORMATION: N_("Needs information"),
    Stage.ON_HOLD: N_("On hold"),
    Stage.DUPLICATE: N_("Duplicate"),
    Stage.COMPETING_CLAIM: N_("Competing claim"),
    Stage.LOCATION_LOST: N_("Location lost"),
    Stage.REFUSED_BY_MOTHER: N_("Refused by the mother"),
    Stage.WITHDRAWN: N_("Withdrawn by the family"),
    Stage.TRANSFERRED: N_("Transferred"),
    Stage.DECEASED: N_("Deceased"),
}
