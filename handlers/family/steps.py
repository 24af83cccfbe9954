"""The places of the family's conversation, as they are stored in the dialog row."""

from enum import StrEnum


class At(StrEnum):
    LANGUAGE = "language"
    HOME = "home"
    INFO = "info"
    PAGE = "page"
    PRIVACY = "privacy"
    SETTINGS = "settings"
    ZONE = "zone"
    QUIET = "quiet"
    QUIET_UNTIL = "quiet_until"
    CONSENT = "consent"
    QUESTION = "question"
    UNSURE = "unsure"
    MORE = "more"
    REVIEW = "review"
    REMOVE = "remove"
    CANCEL = "cancel"
    REQUESTS = "requests"
    CARD = "card"
    ENTER = "enter"
    LINK_REFERENCE = "link_reference"
    LINK_CODE = "link_code"
    HOLDERS = "holders"
    CUT = "cut"
    TALK = "talk"
    THREAD = "thread"
    PASS_ON = "pass_on"  # noqa: S105 - a step, not a password
