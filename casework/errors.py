"""What can stop a piece of casework. Each error knows the sentence a person sees.

CaseworkError
├── NothingToSend     the draft is not complete
├── NoConsent         an answer came before the agreement
└── TooMany           a limit on what one account may file or hold
"""

from typing import ClassVar

from casework.words import N_


class CaseworkError(Exception):
    """Something that was asked for cannot be done; nothing has been changed."""

    sentence: ClassVar[str]


class NothingToSend(CaseworkError):
    sentence = N_("Some answers are still missing, so nothing has been sent. The next question is below.")


class NoConsent(CaseworkError):
    sentence = N_("We need your agreement before we keep any answer.")


class TooMany(CaseworkError):
    sentence = N_("This chat already holds as many requests as it can. Please talk to a person.")
