"""The papers that make a request stronger: which there are, and which of them are counted for whom.

The list is domain.md's; what each paper is good for and how to get it stands on an information page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.partial_dates import from_json, months_before, span
from casework.words import N_


@dataclass(frozen=True)
class DocumentKind:
    """One kind of paper.

    Attributes:
        good_for: what it is good for.
        how: how a family comes by it.
        of_requester: it is the requester's own: one for the whole request, whoever is asked about.
        for_staff: what staff call it, where the label speaks to the family.
    """

    code: str
    label: str
    good_for: str
    how: str
    of_requester: bool = False
    for_staff: str = ""

    @property
    def staff_label(self) -> str:
        return self.for_staff or self.label


DOCUMENTS = (
    DocumentKind(
        "birth_certificate",
        N_("Birth certificate"),
        N_("It shows who the person is and who the parents are."),
        N_("If it is lost, the register office where the birth was written down can give it again."),
    ),
    DocumentKind(
        "passport",
        N_("Passport"),
        N_("It shows who the person is and to which country they belong."),
        N_("If there is none any more, an old copy or a photo of its page helps."),
    ),
    DocumentKind(
        "mothers_documents",
        N_("Mother's documents"),
        N_(
            "For a child without papers, the mother's passport or birth certificate shows where the child belongs."
        ),
        N_("Look at home for her passport, birth certificate or insurance card, or for copies of them."),
    ),
    DocumentKind(
        "marriage_certificate",
        N_("Marriage certificate"),
        N_("It connects the names before and after the wedding."),
        N_("A paper from a mosque or from witnesses helps as well, where there was no register office."),
    ),
    DocumentKind(
        "requester_identity",
        N_("Your own identity document"),
        N_("It shows that the request comes from you."),
        N_("The page of your passport with your name is enough."),
        of_requester=True,
        for_staff=N_("The requester's identity document"),
    ),
    DocumentKind(
        "proof_of_kinship",
        N_("Proof that you are family"),
        N_("It shows how you and the person are related."),
        N_("Birth and marriage certificates of those between you do this, or a court ruling."),
        for_staff=N_("Proof of kinship"),
    ),
    DocumentKind(
        "mothers_consent",
        N_("Mother's consent"),
        N_("If the mother agrees that the child travels without her, this paper says so."),
        N_("Nobody may press her. Only if she wants to, she signs it; staff tell you how."),
    ),
    DocumentKind(
        "court_ruling",
        N_("Court ruling"),
        N_("A court can confirm a birth, a family tie or where a child shall live."),
        N_("The court that decided gives a copy. If there was no court, nothing is missing."),
    ),
    DocumentKind(
        "guardianship",
        N_("Guardianship decision"),
        N_("It says who cares for the child after the journey."),
        N_("The guardianship office where you live decides this. It can wait until staff ask for it."),
    ),
)
KINDS = {kind.code: kind for kind in DOCUMENTS}

# Which papers the progress counts. All are offered; these carry most of the work in most cases (our own choice).
_CHILD = (
    "birth_certificate",
    "mothers_documents",
    "requester_identity",
    "proof_of_kinship",
    "mothers_consent",
)
_ADULT = ("birth_certificate", "passport", "marriage_certificate", "requester_identity", "proof_of_kinship")
_EITHER = ("birth_certificate", "passport", "requester_identity", "proof_of_kinship")
_OF_AGE = 18 * 12  # months


def counted_for(birth: Any, today: date) -> tuple[DocumentKind, ...]:
    """Return the papers that are counted for a person, by the stored answer to when they were born.

    The age of majority is 18 in the Convention on the Rights of the Child, article 1. Where the age is not known,
    or may be on either side of it, only what helps everybody is counted.
    """
    return tuple(KINDS[code] for code in _codes(birth, today))


def _codes(birth: Any, today: date) -> Sequence[str]:
    if not isinstance(birth, dict) or "edtf" not in birth:  # not known, or told in a voice message
        return _EITHER
    first, last = span(from_json(birth).edtf)
    of_age = months_before(today, _OF_AGE)
    if first > of_age:
        return _CHILD
    return _ADULT if last <= of_age else _EITHER
