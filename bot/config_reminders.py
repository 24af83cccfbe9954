"""The settings of reminders: when, how often, until when; and how long a case may stay at each stage."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.config_types import Section, TimeOfDay
from casework.preferences import QuietHours
from casework.reminding.rules import Intervals
from casework.stages import Stage
from casework.times import read_time
from casework.transitions import LIMITS, Limits


def _growing(value: tuple[int, ...]) -> tuple[int, ...]:
    if not value or list(value) != sorted(set(value)) or value[0] < 1:
        raise ValueError("give days from 1, each later than the one before, such as [1, 3, 10]")
    return value


def usual(stage: Stage) -> int:
    """Return the days that a stage may last where nobody has set anything else."""
    return LIMITS[stage].days


Days = Annotated[tuple[int, ...], AfterValidator(_growing)]
Few = Annotated[int, Field(ge=1, le=366)]  # days
Hours = Annotated[int, Field(ge=1, le=24 * 31)]
Limit = Annotated[int, Field(ge=0, le=3650)]  # days
Times = Annotated[int, Field(ge=1, le=10)]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class StageSettings(Section):
    """How many days a case may stay at each stage without a step; 0: for as long as it takes."""

    received: Limit = usual(Stage.RECEIVED)
    screening: Limit = usual(Stage.SCREENING)
    registered: Limit = usual(Stage.REGISTERED)
    located: Limit = usual(Stage.LOCATED)
    identity_check: Limit = usual(Stage.IDENTITY_CHECK)
    kinship_check: Limit = usual(Stage.KINSHIP_CHECK)
    documents: Limit = usual(Stage.DOCUMENTS)
    exit_permission: Limit = usual(Stage.EXIT_PERMISSION)
    on_list: Limit = usual(Stage.ON_LIST)
    flight_scheduled: Limit = usual(Stage.FLIGHT_SCHEDULED)
    arrived: Limit = usual(Stage.ARRIVED)
    medical_care: Limit = usual(Stage.MEDICAL_CARE)
    with_guardian: Limit = usual(Stage.WITH_GUARDIAN)
    aftercare: Limit = usual(Stage.AFTERCARE)
    needs_information: Limit = usual(Stage.NEEDS_INFORMATION)
    on_hold: Limit = usual(Stage.ON_HOLD)
    competing_claim: Limit = usual(Stage.COMPETING_CLAIM)
    location_lost: Limit = usual(Stage.LOCATION_LOST)
    refused_by_mother: Limit = usual(Stage.REFUSED_BY_MOTHER)

    @property
    def limits(self) -> Limits:
        """What is in force (casework/due.py)."""
        days = self.model_dump().items()
        return {Stage(stage): timedelta(days=number) for stage, number in days if number}


class ReminderSettings(Section):
    quiet_from: TimeOfDay = "22:00"
    quiet_until: TimeOfDay = "08:00"
    draft_days: Days = (1, 3, 10)
    question_days: Days = (2, 5, 10, 30)
    papers_days: Days = (7, 14, 21, 28)
    papers_every_days: Few = 30
    no_news_days: Few = 30
    arrival_days: Days = (3, 14, 60)
    day_before_at: TimeOfDay = "18:00"
    same_day_at: TimeOfDay = "07:30"
    unanswered_hours: Hours = 48
    new_hours: Hours = 24
    approval_hours: Hours = 24
    overdue_every_days: Few = 7
    ignored_times: Times = 2
    digest_at: TimeOfDay = "08:30"
    week_on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    stage_days: StageSettings = StageSettings()

    @property
    def intervals(self) -> Intervals:
        """What the table of reminders is made of (casework/reminding/rules.py)."""
        return Intervals(
            self.draft_days,
            self.question_days,
            self.papers_days,
            self.papers_every_days,
            self.no_news_days,
            self.arrival_days,
            read_time(self.day_before_at) or 0,
            read_time(self.same_day_at) or 0,
            self.unanswered_hours,
            self.new_hours,
            self.approval_hours,
            self.overdue_every_days,
            self.ignored_times,
            read_time(self.digest_at) or 0,
            WEEK.index(self.week_on),
        )

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(read_time(self.quiet_from) or 0, read_time(self.quiet_until) or 0)
