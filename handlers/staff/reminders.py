"""The buttons below what the team is reminded of. Each asks for itself who may, as everything at the office's side."""

from casework.permissions import Action
from handlers.family.reminders import Below
from handlers.staff.guard import Guarded, at_desk
from handlers.staff.reminder_words import TEAM
from handlers.staff.steps import Desk

BELOW = Below("due", TEAM, Desk.REMIND_WHEN)
BUTTONS: dict[str, Guarded] = {
    "due_now": at_desk(Action.FOLLOW_UPS, BELOW.now),
    "due_later": at_desk(Action.FOLLOW_UPS, BELOW.later),
    "due_to": at_desk(Action.FOLLOW_UPS, BELOW.put_off),
    "due_day": at_desk(Action.FOLLOW_UPS, BELOW.day),
    "due_done": at_desk(Action.FOLLOW_UPS, BELOW.done),
}
