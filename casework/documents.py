"""The papers that make a request stronger: which there are, and how far each of them is.

The list is domain.md's; what each paper is good for and how to get it stands on an information page.
"""

from dataclasses import dataclass
from enum import StrEnum

from casework.words import N_


class DocumentState(StrEnum):
    """`have` and `missing` is what the family says; the rest is what happened to what they sent."""

    HAVE = "have"
    MISSING = "missing"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"


@dataclass(frozen=True)
class DocumentKind:
    code: str
    label: str


DOCUMENTS = (
    DocumentKind("birth_certificate", N_("Birth certificate")),
    DocumentKind("passport", N_("Passport")),
    DocumentKind("mothers_documents", N_("Mother's documents")),
    DocumentKind("marriage_certificate", N_("Marriage certificate")),
    DocumentKind("requester_identity", N_("Your own identity document")),
    DocumentKind("proof_of_kinship", N_("Proof that you are family")),
    DocumentKind("mothers_consent", N_("Mother's consent")),
    DocumentKind("court_ruling", N_("Court ruling")),
    DocumentKind("guardianship", N_("Guardianship decision")),
)
