"""The places of the office's side, as they are stored in the dialog row."""

from enum import StrEnum


class Desk(StrEnum):
    DESK = "desk"
    NAME = "desk_name"
    TEAM = "desk_team"
    INVITE = "desk_invite"
    MEMBER = "desk_member"
    VIEWS = "desk_views"
    QUEUE = "desk_queue"
    CASE = "desk_case"
    REVEALED = "desk_revealed"
    ASSIGN = "desk_assign"
    MOVE_WHO = "desk_move_who"
    MOVE_TO = "desk_move_to"
    MOVE_REASON = "desk_move_reason"
    MOVE_SURE = "desk_move_sure"
    APPROVALS = "desk_approvals"
    APPROVAL = "desk_approval"
    FIND = "desk_find"
    FOUND = "desk_found"
    SAME = "desk_same"
    TIE = "desk_tie"
