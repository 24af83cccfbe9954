"""Everything the bot can do, as a table of contents.

A new command is a line in `routes` and in `COMMANDS`; a new place in the conversation is a `Step` in its
module, and a new module stands in `conversation`; a new question is an entry in casework/questions.py.
"""

from dataclasses import replace

from bot.dialog import DialogHandler, OnCommand, OnPress, Step, TurnHandler
from bot.turn import Turn
from casework.words import N_
from handlers.family import (
    appointment,
    asking,
    cards,
    consent,
    delete_me,
    information,
    leaving,
    letter,
    linking,
    muting,
    my_data,
    my_reminders,
    one_block,
    panic,
    paper,
    papers,
    passing_on,
    privacy,
    quiet_hours,
    received,
    remind_me,
    reminders,
    review,
    sent,
    settings,
    start,
    strengthening,
    talking,
    thread,
    time_zone,
    verifying,
    withdrawing,
    withdrawing_consent,
)
from handlers.family.everywhere import ask_to_cancel, talk
from handlers.family.otherwise import FALLBACKS
from handlers.family.steps import At
from handlers.staff import (
    appointing,
    approvals,
    audit,
    boarding,
    broadcast_again,
    broadcast_audience,
    broadcast_correcting,
    broadcast_draft,
    broadcast_extras,
    broadcast_page,
    broadcast_sending,
    broadcast_texts,
    broadcasts,
    case,
    commands,
    desk,
    expiring,
    exports,
    fact,
    facts,
    finding,
    flights,
    follow_ups,
    inbox,
    keeping,
    many,
    moving,
    naming_places,
    notes,
    numbers,
    places,
    queue,
    rejecting,
    remind,
    removing,
    replies,
    reply,
    saved_choice,
    taking,
    team,
    whereabouts,
)
from handlers.staff import paper as staff_paper
from handlers.staff import papers as staff_papers
from handlers.staff import reminders as staff_reminders
from handlers.staff import thread as staff_thread
from handlers.staff.commands import DESK_COMMANDS
from handlers.staff.everywhere import TO_DESK
from handlers.staff.guard import Guarded

# What the menu button shows, in this order, in each person's language.
COMMANDS = (
    ("start", N_("Begin, or see the menu")),
    ("new", N_("File a request")),
    ("mine", N_("My requests")),
    ("talk", N_("Talk to a person")),
    ("cancel", N_("Stop what you are doing")),
    ("settings", N_("Language, quiet hours, news")),
    ("help", N_("How it works")),
    ("verify", N_("Check whether a message is from us")),
    ("privacy", N_("What happens to what you write")),
    ("my_data", N_("Everything we hold about you")),
    ("withdraw", N_("Withdraw your agreement")),
    ("delete_me", N_("Delete everything about you")),
)

# What works from any message at the office's side, however old; each asks for itself who may.
DESK_BUTTONS: dict[str, Guarded] = {
    "desk": TO_DESK,
    "case": queue.OPEN_CASE,
    "team": team.TO_TEAM,
    "member": team.MEMBER,
    "audit": audit.FROM_ANYWHERE,
    "expiring": expiring.FROM_ANYWHERE,
    "approvals": approvals.TO_LIST,
    "papers": staff_papers.FROM_ANYWHERE,
    "cast": broadcasts.FROM_ANYWHERE,
    **broadcast_page.FROM_MESSAGE,
    **staff_reminders.BUTTONS,
    "messages": staff_thread.FROM_ANYWHERE,
}


def routes() -> list[OnCommand | OnPress]:
    """Return what works at any step, the first of a name before the others; everything else goes to `conversation`."""
    family_commands: dict[str, TurnHandler] = {
        "new": consent.file_pressed,
        "mine": _to(At.REQUESTS),
        "talk": talk,
        "cancel": ask_to_cancel,
        "settings": _to(At.SETTINGS),
        "language": _to(At.LANGUAGE),
        "help": _to(At.INFO),
        "verify": verifying.verify,
        "privacy": _to(At.PRIVACY),
        "my_data": _to(At.MY_DATA),
        "withdraw": _to(At.WITHDRAW_CONSENT),
        "delete_me": _to(At.DELETE_ME),
    }
    # These buttons work from any message, however old.
    buttons: dict[str, TurnHandler] = {
        "menu": _to(At.HOME),
        "mine": _to(At.REQUESTS),
        "card": cards.from_anywhere,
        "holders": linking.from_anywhere,
        "stronger": strengthening.from_anywhere,
        "paper": paper.from_anywhere,
        "letter": letter.from_anywhere,
        "letters": letter.all_new,
        "delete_sent": received.delete_from_chat,
        "leave_sent": received.leave_in_chat,
        "appointment": appointment.from_anywhere,
        "mute_news": muting.mute,
        "unmute_news": muting.unmute,
        **reminders.BUTTONS,
    }
    return [
        OnCommand("start", start.greet),
        *(OnCommand(name, _in_a_language(handler)) for name, handler in family_commands.items()),
        *(OnCommand(each.command, _in_a_language(commands.run(each))) for each in DESK_COMMANDS),
        *(OnPress(action, _in_a_language(handler)) for action, handler in buttons.items()),
        *(OnPress(action, _in_a_language(_carrying(handler))) for action, handler in DESK_BUTTONS.items()),
    ]


def conversation() -> DialogHandler:
    """Return the whole conversation: every step, and what happens where a step has no answer."""
    fallbacks = replace(
        FALLBACKS,
        unreadable=commands.unknown(FALLBACKS.unreadable),
        answers=reply.answers,
        passing_on=FALLBACKS.passing_on | reply.TAKES,
    )
    return DialogHandler((*family_steps(), *desk_steps()), fallbacks)


def family_steps() -> tuple[Step, ...]:
    """Return every place of a family's conversation."""
    return (
        *start.STEPS,
        *information.STEPS,
        *privacy.STEPS,
        *my_data.STEPS,
        *settings.STEPS,
        *quiet_hours.STEPS,
        *my_reminders.STEPS,
        *appointment.STEPS,
        *remind_me.STEPS,
        *time_zone.STEPS,
        *verifying.STEPS,
        *consent.STEPS,
        *asking.STEPS,
        *review.STEPS,
        *strengthening.STEPS,
        *one_block.STEPS,
        *leaving.STEPS,
        *cards.STEPS,
        *withdrawing.STEPS,
        *withdrawing_consent.STEPS,
        *delete_me.STEPS,
        *panic.STEPS,
        *linking.STEPS,
        *talking.STEPS,
        *thread.STEPS,
        *letter.STEPS,
        *passing_on.STEPS,
        *papers.STEPS,
        *paper.STEPS,
        *sent.STEPS,
    )


def desk_steps() -> tuple[Step, ...]:
    """Return every place at the office's side. Each handler in it is guarded (handlers/staff/guard.py)."""
    return (
        *desk.STEPS,
        *team.STEPS,
        *queue.STEPS,
        *case.STEPS,
        *taking.STEPS,
        *inbox.STEPS,
        *reply.STEPS,
        *saved_choice.STEPS,
        *replies.STEPS,
        *notes.STEPS,
        *staff_papers.STEPS,
        *staff_paper.STEPS,
        *rejecting.STEPS,
        *remind.STEPS,
        *appointing.STEPS,
        *follow_ups.STEPS,
        *facts.STEPS,
        *fact.STEPS,
        *approvals.STEPS,
        *moving.STEPS,
        *whereabouts.STEPS,
        *flights.STEPS,
        *boarding.STEPS,
        *many.STEPS,
        *places.STEPS,
        *naming_places.STEPS,
        *removing.STEPS,
        *broadcasts.STEPS,
        *broadcast_draft.STEPS,
        *broadcast_audience.STEPS,
        *broadcast_texts.STEPS,
        *broadcast_extras.STEPS,
        *broadcast_sending.STEPS,
        *broadcast_page.STEPS,
        *broadcast_correcting.STEPS,
        *broadcast_again.STEPS,
        *numbers.STEPS,
        *exports.STEPS,
        *finding.STEPS,
        *audit.STEPS,
        *expiring.STEPS,
        *keeping.STEPS,
    )


def _carrying(handler: Guarded) -> TurnHandler:
    """Hand what a button carries behind its colon to the handler."""

    def handle(turn: Turn) -> None:
        if handler(turn, turn.incoming.action.partition(":")[2]) is False:
            FALLBACKS.stale(turn)

    return handle


def _to(step: At) -> TurnHandler:
    def go(turn: Turn) -> None:
        turn.go(step)

    return go


def _in_a_language(handler: TurnHandler) -> TurnHandler:
    """Ask for the language first where none is chosen yet."""

    def handle(turn: Turn) -> None:
        if turn.loaded.language is None:
            turn.go(At.LANGUAGE)
        else:
            handler(turn)

    return handle
