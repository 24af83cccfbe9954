"""Why a file that somebody sent is not kept: the codes in `File.refused_for`, and what the family is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from casework.words import N_


class Refusal(StrEnum):
    """Found before a file is stored; nothing of the file is kept."""

    TOO_BIG = "too_big"
    TOO_MANY = "too_many"
    TOO_MANY_PIXELS = "too_many_pixels"
    PICTURE_KIND = "picture_kind"
    OFFICE = "office"
    ARCHIVE = "archive"
    OTHER_KIND = "other_kind"
    MIXED = "mixed"
    BROKEN = "broken"
    GONE = "gone"


# What happened, and how to mend it.
SENTENCES: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.TOO_BIG: N_("It is larger than a bot can receive. A photo of the paper is small enough."),
        Refusal.TOO_MANY: N_(
            "This chat has sent as many files as can be kept. Remove some, or press “Talk to a person”."
        ),
        Refusal.TOO_MANY_PIXELS: N_(
            "The picture is larger than the bot can open. Send it as a photo, not as a file: Telegram makes it smaller."
        ),
        Refusal.PICTURE_KIND: N_(
            "The bot cannot open this kind of picture. Send it as a photo, not as a file: Telegram changes the kind."
        ),
        Refusal.OFFICE: N_(
            "Documents of office programs cannot be kept. Save it as PDF, or send a photo of it."
        ),
        Refusal.ARCHIVE: N_("Packed files are never opened. Send what is inside, one by one."),
        Refusal.OTHER_KIND: N_("This kind of file cannot be kept. Photos, PDF files and voice messages can."),
        Refusal.MIXED: N_(
            "The file is damaged, or there is something beside the paper in it. Send a photo of the paper instead."
        ),
        Refusal.BROKEN: N_(
            "The file is damaged or incomplete and cannot be opened. Send it again, or a photo of it."
        ),
        Refusal.GONE: N_("Telegram did not give the file to the bot. Send it once more."),
    }
)
