"""The tables, by what they are about.

Columns whose comment says "sealed" hold ciphertext (db/sealed.py); every other column is free of personal values: ids,
times, codes from fixed lists. Times are UTC.
"""

from db.models.base import Base, UtcDateTime
from db.models.office import Approval, Audit, CaseNote, Fact, Flight, SavedReply, Site
from db.models.papers import Document, File, Submission
from db.models.people import Access, Account, Consent, Dialog, Invitation, LinkAttempt, TeamInvitation
from db.models.reminders import Occurrence, Reminder
from db.models.requests import Event, Person, RemovedRequest, Request, Tie
from db.models.sending import Broadcast, BroadcastRun, BroadcastText, Outbox, SharedPace
from db.models.service import Lease, SeenUpdate, SetAside, Setting
from db.models.talking import Message

__all__ = [
    "Access",
    "Account",
    "Approval",
    "Audit",
    "Base",
    "Broadcast",
    "BroadcastRun",
    "BroadcastText",
    "CaseNote",
    "Consent",
    "Dialog",
    "Document",
    "Event",
    "Fact",
    "File",
    "Flight",
    "Invitation",
    "Lease",
    "LinkAttempt",
    "Message",
    "Occurrence",
    "Outbox",
    "Person",
    "Reminder",
    "RemovedRequest",
    "Request",
    "SavedReply",
    "SeenUpdate",
    "SetAside",
    "Setting",
    "SharedPace",
    "Site",
    "Submission",
    "TeamInvitation",
    "Tie",
    "UtcDateTime",
]
