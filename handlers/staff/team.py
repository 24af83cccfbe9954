"""/team: who is staff and who is admin; inviting by a link that works once; taking a role away, at once."""

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, code, joined, paragraphs, safe
from bot.screen import Button
from bot.turn import Turn
from casework import team
from casework.permissions import Action, Role, may
from casework.team import LINK_PREFIX, Member
from casework.words import N_
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

ROLES = {Role.STAFF: N_("staff"), Role.ADMIN: N_("admin"), Role.FAMILY: N_("no role")}
_LINK_WORKS = N_("The link works once, for 48 hours. Send it only to this person.")
_LINK_BAD = N_("This link is no longer good. Ask an admin for a new one.")
_WELCOME = {
    Role.STAFF: N_("You belong to the team now, as staff."),
    Role.ADMIN: N_("You belong to the team now, as an admin."),
}
_JOINED = N_("Somebody joined the team by a link. Look at the team.")
_GONE = N_("You do not belong to the team any more. What was on your screen does nothing now.")
_IN_CONFIG = N_("The settings file names this admin. Take them out there first, then here.")


def _show(turn: Turn, _rest: str) -> None:
    people = team.members(turn.connection, turn.keys)
    lines = [Html(f"{safe(each.called)} · {turn.t(ROLES[each.role])}") for each in people]
    rows: list[list[Button]] = []
    if may(turn.role, Action.CHANGE_TEAM):
        rows = [[Button(each.called, f"member:{each.account_id}")] for each in people]
        rows.append(
            [
                turn.button(N_("Invite staff"), "invite:staff"),
                turn.button(N_("Invite an admin"), "invite:admin"),
            ]
        )
    turn.show(Desk.TEAM, desk_screen(turn, paragraphs(bold(turn.t(N_("Team"))), joined(lines)), rows))


def invite(turn: Turn, role: str) -> bool | None:
    """Make a link for one person and show it."""
    if role not in {Role.STAFF, Role.ADMIN}:
        return False
    token = team.invite(turn.connection, turn.keys, Role(role), turn.account_id, turn.now)
    link = f"https://t.me/{turn.around.bot_username}?start={LINK_PREFIX}{token}"
    title = turn.t(N_("A link for one person: {role}"), role=turn.t(ROLES[Role(role)]))
    text = paragraphs(bold(title), code(link), turn.t(_LINK_WORKS))
    turn.show(Desk.INVITE, desk_screen(turn, text, back="team"))
    return None


def _member(turn: Turn, account_id: str) -> bool | None:
    found = _find(turn, account_id)
    if found is None:
        return False
    turn.state["member"] = found.account_id
    turn.go(Desk.MEMBER)
    return None


def _show_member(turn: Turn, _rest: str) -> None:
    found = _find(turn, str(turn.state.get("member")))
    if found is None:
        turn.go(Desk.TEAM)
        return
    text = paragraphs(
        bold(safe(found.called)),
        turn.t(ROLES[found.role]),
        turn.t(N_("If you take the role away, it ends at once, and their cases are nobody's.")),
    )
    sure = turn.button(N_("Take the role away"), f"revoke:{found.account_id}", style="danger")
    turn.show(Desk.MEMBER, desk_screen(turn, text, [[sure]], back="team"))


def _revoke(turn: Turn, account_id: str) -> bool | None:
    found = _find(turn, account_id)
    if found is None:
        return False
    if team.named(turn.connection, turn.keys, found.account_id, turn.around.admins):
        turn.note(turn.t(_IN_CONFIG))
    elif found.account_id == turn.account_id:
        turn.note(turn.t(N_("Another admin has to take your role away.")))
    else:
        revoke(turn, found)
    turn.go(Desk.TEAM)
    return None


def revoke(turn: Turn, member: Member) -> None:
    """Take the role away, empty the chat of what it shows of families, and tell the person."""
    turn.empty_chat_of(member.account_id)
    team.revoke(turn.connection, turn.keys, member.account_id, turn.account_id, turn.now)

    def said(locale: Locale) -> Html:
        return locale.t(_GONE)

    turn.tell(member.account_id, said, N_("Menu"), "menu")
    turn.note(turn.t(N_("{name} does not belong to the team any more."), name=member.called))


def _find(turn: Turn, account_id: str) -> Member | None:
    people = team.members(turn.connection, turn.keys)
    return next((each for each in people if str(each.account_id) == account_id), None)


def join(turn: Turn, token: str) -> None:
    """Follow an invitation's link; the admins are told, so that a link that went astray is noticed."""
    role = team.accept(turn.connection, turn.keys, token, turn.account_id, turn.now)
    if role is None:
        turn.note(turn.t(_LINK_BAD))
        turn.go(Desk.DESK if turn.role is not Role.FAMILY else "home")
        return
    turn.loaded.role = role.value
    turn.note(turn.t(_WELCOME[role]))

    def said(locale: Locale) -> Html:
        return locale.t(_JOINED)

    for admin in team.admins(turn.connection):
        if admin != turn.account_id:
            turn.tell(admin, said, N_("Team"), "team")
    turn.go(Desk.DESK)


def _revoke_by_name(turn: Turn, called: str) -> bool | None:
    """Lead to the colleague of this name; the button there takes the role away."""
    wanted = called.removeprefix("@").casefold()
    found = [each for each in team.members(turn.connection, turn.keys) if each.called.casefold() == wanted]
    return _member(turn, str(found[0].account_id)) if len(found) == 1 else False


def _from_anywhere(turn: Turn, account_id: str) -> None:
    """Lead to a member of the team from an alarm; to the team where it is none any more."""
    if _member(turn, account_id) is False:
        turn.go(Desk.TEAM)


INVITE = at_desk(Action.CHANGE_TEAM, invite)
REVOKE = at_desk(Action.CHANGE_TEAM, _revoke_by_name)
MEMBER = at_desk(Action.CHANGE_TEAM, _from_anywhere)
TO_TEAM = at_desk(Action.SEE_TEAM, lambda turn, _: turn.go(Desk.TEAM))
STEPS = (
    Step(
        Desk.TEAM,
        at_desk(Action.SEE_TEAM, _show),
        presses={"invite": INVITE, "member": at_desk(Action.CHANGE_TEAM, _member), **FROM_DESK},
    ),
    Step(Desk.INVITE, TO_TEAM, presses={"team": TO_TEAM, **FROM_DESK}),
    Step(
        Desk.MEMBER,
        at_desk(Action.CHANGE_TEAM, _show_member),
        presses={"revoke": at_desk(Action.CHANGE_TEAM, _revoke), "team": TO_TEAM, **FROM_DESK},
    ),
)
