"""Why a paper cannot be used: the codes in `Document.rejected_for`, what staff press, what the family reads."""

from dataclasses import dataclass

from casework.words import N_


@dataclass(frozen=True)
class Rejection:
    """One reason.

    Attributes:
        label: on staff's button.
        wrong: what is wrong, for the family.
        mend: how they can mend it; empty where only staff can say that.
    """

    code: str
    label: str
    wrong: str
    mend: str = ""

    @property
    def needs_words(self) -> bool:
        """Whether it says nothing without what staff add to it."""
        return not self.mend


# In this order. A new reason: an entry here, and its translations.
REJECTIONS = (
    Rejection(
        "blurred",
        N_("Too blurred"),
        N_("The picture is too blurred to be read."),
        N_("Lay the paper flat in daylight, hold the phone still, and take the picture again."),
    ),
    Rejection(
        "cut_off",
        N_("Cut off"),
        N_("A part of the paper is not in the picture."),
        N_("Take the picture again, so that all four corners can be seen."),
    ),
    Rejection(
        "page_missing",
        N_("A page is missing"),
        N_("A page of this paper is missing."),
        N_("Send the missing pages here. What you sent before stays with us."),
    ),
    Rejection(
        "wrong_paper",
        N_("Another paper"),
        N_("What came is another paper."),
        N_("Its name stands above. If you have it, send it here."),
    ),
    Rejection(
        "wrong_person",
        N_("Another person's"),
        N_("This paper is about somebody else."),
        N_("Look at the name in it, and send the one of the right person."),
    ),
    Rejection(
        "expired",
        N_("Expired"),
        N_("This paper is not valid any more: its last day has passed."),
        N_("If there is a newer one, send it. If there is none, press “We do not have it”."),
    ),
    Rejection(
        "unreadable",
        N_("File does not open"),
        N_("The file cannot be opened."),
        N_("Send a photo of the paper instead."),
    ),
    Rejection(
        "translation",
        N_("Needs a translation"),
        N_("The office needs this paper in translation."),
        N_(
            "Send a translation with the translator's stamp, if you can get one. What you sent stays with us."
        ),
    ),
    Rejection(
        "unsigned",
        N_("No stamp or signature"),
        N_("A stamp or a signature is missing on the paper."),
        N_("Whoever gave out the paper can add it. Then send it again."),
    ),
    Rejection("other", N_("Something else"), N_("It cannot be used as it is.")),
)
BY_CODE = {each.code: each for each in REJECTIONS}
