"""What is reminded of: one table. Intervals and limits come from the config, under [reminders]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from casework.reminding.moments import Times


class Kind(StrEnum):
    """Everything that anybody is reminded of. In a message that says several things they stand in this order."""

    # families
    APPOINTMENT = "appointment"
    OWN = "own"
    QUESTION = "question"
    DRAFT = "draft"
    PAPERS = "papers"
    ARRIVAL = "arrival"
    NO_NEWS = "no_news"
    # staff and admins
    NOTE = "note"
    UNANSWERED = "unanswered"
    WRITER = "writer"
    NEW = "new"
    OVERDUE = "overdue"
    APPROVAL = "approval"
    IGNORED = "ignored"
    DIGEST = "digest"
    WEEK = "week"


class Whom(StrEnum):
    """Who is reminded."""

    FAMILY = "family"  # every chat that can open the request
    ONESELF = "oneself"  # whoever has set it
    HOLDER = "holder"  # who works on the case; where nobody does, the admins
    SECOND = "second"  # who may decide, and has not asked for it
    TEAM = "team"
    ADMINS = "admins"


class Done(StrEnum):
    """What it means where somebody presses "Done" below a reminder."""

    ENDS = "ends"  # nothing more is said of it
    GOES_ON = (
        "goes_on"  # it comes again while its reason is there: who works on something cannot end it by a press
    )
    NOT_ASKED = "not_asked"  # a list is read, and nothing is done with it


@dataclass(frozen=True)
class Intervals:
    """What the config says; days and hours, and times of day in minutes since midnight."""

    draft_days: tuple[int, ...] = (1, 3, 10)
    question_days: tuple[int, ...] = (2, 5, 10, 30)
    papers_days: tuple[int, ...] = (7, 14, 21, 28)
    papers_every_days: int = 30
    no_news_days: int = 30
    arrival_days: tuple[int, ...] = (3, 14, 60)
    day_before_at: int = 18 * 60
    same_day_at: int = 7 * 60 + 30
    unanswered_hours: int = 48
    new_hours: int = 24
    approval_hours: int = 24
    overdue_every_days: int = 7
    ignored_times: int = 2
    digest_at: int = 8 * 60 + 30
    week_on: int = 0


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    Attributes:
        times: when, how often, until when.
        since: what it is counted from, and
        stops: what ends it, besides an answer: both for who reads the table.
        quiet: whether it waits for the end of somebody's quiet hours.
        certain: whether it is sent once more where nobody knows whether it arrived, as an answer is.
        ignored: so often it may be said without an answer before the admins hear of it with the next; 0: they never do.
        from_now: whether what lay before it was planned is let be.
        later: whether its person can have it at another time.
        done: what it means that they say it is done.
        seen: whether it is done once they have gone to what it is about.
    """

    kind: Kind
    whom: Whom
    times: Times
    since: str
    stops: str
    quiet: bool = True
    certain: bool = False
    ignored: int = 0
    from_now: bool = False
    later: bool = True
    done: Done = Done.ENDS
    seen: bool = False


Rules = Mapping[Kind, Rule]
_DAY = timedelta(days=1)
_AT_ONCE = timedelta()
_SET_BY_SOMEBODY: Mapping[str, Any] = {"stops": "it is cancelled", "quiet": False, "certain": True}
_WORK: Mapping[str, Any] = {"done": Done.GOES_ON}
_LIST: Mapping[str, Any] = {"done": Done.NOT_ASKED, "later": False, "from_now": True}


def table(config: Intervals) -> Rules:
    """Return the table as this office has set it."""
    lines = (
        Rule(
            Kind.APPOINTMENT,
            Whom.FAMILY,
            Times(on=((-1, config.day_before_at), (0, config.same_day_at))),
            "the appointment",
            later=False,  # it would come too late, and on its morning it comes anyway
            **_SET_BY_SOMEBODY,
        ),
        Rule(Kind.OWN, Whom.ONESELF, Times((_AT_ONCE,)), "the moment that was chosen", **_SET_BY_SOMEBODY),
        Rule(
            Kind.QUESTION,
            Whom.FAMILY,
            Times(_days(*config.question_days)),
            "the office asked something",
            "it is answered, by whoever of the family",
        ),
        Rule(
            Kind.DRAFT,
            Whom.FAMILY,
            Times(_days(*config.draft_days)),
            "the last answer",
            "the request is sent, or its answers are deleted",
        ),
        Rule(
            Kind.PAPERS,
            Whom.FAMILY,
            Times(_days(*config.papers_days), _days(config.papers_every_days)[0]),
            "the request was sent, or the office asked for a paper last",
            "no paper is missing, or nobody of the request is on the way any more",
        ),
        Rule(
            Kind.ARRIVAL,
            Whom.FAMILY,
            Times(_days(*config.arrival_days)),
            "somebody of the request arrived",
            "the request is closed",
        ),
        Rule(
            Kind.NO_NEWS,
            Whom.FAMILY,
            Times(_days(config.no_news_days), _days(config.no_news_days)[0]),
            "the last news that the family could read",
            "there is news, or nobody of the request is on the way any more",
        ),
        Rule(
            Kind.NOTE,
            Whom.ONESELF,
            Times((_AT_ONCE, *_days(*range(1, config.ignored_times + 1)))),
            "the moment that was chosen",
            ignored=config.ignored_times,
            seen=True,
            **_SET_BY_SOMEBODY,
        ),
        Rule(
            Kind.UNANSWERED,
            Whom.HOLDER,
            Times((timedelta(hours=config.unanswered_hours),), _DAY),
            "the first message of the family that nobody has answered",
            "it is answered",
            ignored=config.ignored_times,
            **_WORK,
        ),
        Rule(
            Kind.WRITER,
            Whom.ADMINS,
            Times((timedelta(hours=config.unanswered_hours),), _DAY),
            "the first unanswered message of somebody whose words are about no request",
            "it is answered",
            **_WORK,
        ),
        Rule(
            Kind.NEW,
            Whom.ADMINS,
            Times((timedelta(hours=config.new_hours),), _DAY),
            "the request was sent",
            "somebody takes it",
            **_WORK,
        ),
        Rule(
            Kind.OVERDUE,
            Whom.HOLDER,
            Times((_AT_ONCE,), _days(config.overdue_every_days)[0]),
            "the stage's limit, which the config has too (casework/due.py)",
            "somebody of the request goes on to another stage",
            ignored=config.ignored_times,
            **_WORK,
        ),
        Rule(
            Kind.APPROVAL,
            Whom.SECOND,
            Times((timedelta(hours=config.approval_hours),), _DAY),
            "a second person was asked for",
            "it is decided, or taken back",
            **_WORK,
        ),
        Rule(
            Kind.IGNORED,
            Whom.ADMINS,
            Times((_AT_ONCE,)),
            "something was said more often than it may be ignored",
            "who was reminded answers, or its reason is gone",
            later=False,  # it comes anew whenever they are reminded again
            **_WORK,
        ),
        Rule(
            Kind.DIGEST,
            Whom.TEAM,
            Times((_AT_ONCE,), _DAY, at=config.digest_at),
            "each morning",
            "somebody leaves the team; on a day on which there is nothing, nothing is said",
            **_LIST,
        ),
        Rule(
            Kind.WEEK,
            Whom.ADMINS,
            Times((_AT_ONCE,), 7 * _DAY, at=config.digest_at, weekday=config.week_on),
            "each week",
            "somebody is admin no longer",
            **_LIST,
        ),
    )
    return {each.kind: each for each in lines}


def _days(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=number) for number in numbers)


def answered_within(rules: Rules) -> timedelta:
    """Return how long a family's message may wait for an answer."""
    return rules[Kind.UNANSWERED].times.after[0]
