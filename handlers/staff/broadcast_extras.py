"""What goes with the words of a broadcast: one picture, document or voice message, and one button."""

from bot.dialog import Step
from bot.i18n import Html, paragraphs
from bot.incoming import Kind
from bot.turn import Turn
from casework import broadcasts
from casework.broadcast_texts import read_link, units
from casework.broadcasts import REQUEST, Broadcast, Media
from casework.permissions import Action
from casework.words import N_
from handlers.family.broadcast_message import room
from handlers.staff.audience_words import language_in_words
from handlers.staff.broadcast_words import KINDS, title_in_words
from handlers.staff.broadcasts import DRAFT, draft, save
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

_ASK_FILE = N_("Send one picture, document or voice message here. Families get it with the text below it.")
_SHORTER = N_("With a file, a text may have {room} signs.")
_NO_FACES = N_("Send no picture on which somebody of a family can be recognised.")
_NO_FILE = N_("This is no picture, document or voice message. The draft stands as it was.")
_TOO_LARGE = N_(
    "This file has {size} MB, and {most} are the most: families often have a slow line. "
    "Send a smaller one. The draft stands as it was."
)
_AS_PICTURE = N_(
    "A picture sent as a document keeps where it was taken. Send it as a picture. The draft stands as it was."
)
_CAPTION = N_("The words under the file are not taken. Write the text for each language.")
_TAKEN = N_("Taken: {what}.")
_TOO_LONG_NOW = N_("With a file the text in this language is too long now: {language}. Shorten it.")
_ASK_LINK = N_("Where shall the button lead? Press below, or write an address that begins with https://")
_NO_LINK = N_("This is no address that can be opened: {what}. The draft stands as it was.")
_MEGABYTE = 1024 * 1024
_SHOWN = 60


def _ask_file(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    with_file = turn.t(_SHORTER, room=_room_with_file(turn, broadcast))
    text = paragraphs(title_in_words(turn, broadcast), turn.t(_ASK_FILE), with_file, turn.t(_NO_FACES))
    rows = [[turn.button(N_("Take the file out"), "none")]] if broadcast.details.media else []
    turn.show(Desk.CAST_FILE, desk_screen(turn, text, rows, back="draft"))


def _room_with_file(turn: Turn, broadcast: Broadcast) -> int:
    before, broadcast.details.media = broadcast.details.media, Media("photo", "")
    fits = room(turn.around.locales, broadcast)
    broadcast.details.media = before
    return fits


def _no_file(turn: Turn, _rest: str) -> None:
    turn.note(turn.t(_NO_FILE))
    turn.go(Desk.CAST_FILE)


def _sent(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    problem = _problem(turn)
    came = turn.incoming.attachment
    if problem is not None or came is None:
        turn.note(problem or turn.t(_NO_FILE))
        turn.go(Desk.CAST_FILE)
        return
    broadcast.details.media = Media(came.kind.value, came.file_id)
    turn.note(turn.t(_TAKEN, what=turn.t(KINDS[came.kind.value])))
    if came.caption:
        turn.note(turn.t(_CAPTION))
    fits = room(turn.around.locales, broadcast)
    for language, text in broadcasts.texts(turn.connection, turn.keys, broadcast.id).items():
        if units(text.body.text) > fits:
            turn.note(turn.t(_TOO_LONG_NOW, language=language_in_words(turn, language)))
    save(turn, broadcast)


def _problem(turn: Turn) -> Html | None:
    """Return what is wrong with what was sent."""
    came = turn.incoming.attachment
    if came is None or came.kind not in {Kind.PHOTO, Kind.DOCUMENT, Kind.VOICE}:
        return turn.t(_NO_FILE)
    most = turn.around.largest_in_broadcast
    if (came.size or 0) > most:
        size = -(-(came.size or 0) // _MEGABYTE)
        return turn.t(_TOO_LARGE, size=size, most=most // _MEGABYTE)
    return turn.t(_AS_PICTURE) if came.media_type.startswith("image/") else None


def _without_file(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        broadcast.details.media = None
        save(turn, broadcast)


def _ask_link(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    rows = [[turn.button(N_("Open my request"), "request")]]
    if broadcast.details.link:
        rows.append([turn.button(N_("No button"), "none")])
    text = paragraphs(title_in_words(turn, broadcast), turn.t(_ASK_LINK))
    turn.show(Desk.CAST_LINK, desk_screen(turn, text, rows, back="draft"))


def _link_written(turn: Turn, _rest: str) -> None:
    link = read_link(turn.incoming.text)
    if link is None:
        turn.note(turn.t(_NO_LINK, what=turn.incoming.text[:_SHOWN]))
        turn.go(Desk.CAST_LINK)
    else:
        _lead_to(turn, link)


def _to_request(turn: Turn, _rest: str) -> None:
    _lead_to(turn, REQUEST)


def _without_link(turn: Turn, _rest: str) -> None:
    _lead_to(turn, "")


def _lead_to(turn: Turn, link: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        broadcast.details.link = link
        save(turn, broadcast)


_SENT = at_desk(Action.BROADCAST, _sent)
STEPS = (
    Step(
        Desk.CAST_FILE,
        at_desk(Action.BROADCAST, _ask_file),
        at_desk(Action.BROADCAST, _no_file),
        {"none": at_desk(Action.BROADCAST, _without_file), "draft": DRAFT, **FROM_DESK},
        _SENT,
    ),
    Step(
        Desk.CAST_LINK,
        at_desk(Action.BROADCAST, _ask_link),
        at_desk(Action.BROADCAST, _link_written),
        {
            "request": at_desk(Action.BROADCAST, _to_request),
            "none": at_desk(Action.BROADCAST, _without_link),
            "draft": DRAFT,
            **FROM_DESK,
        },
    ),
)
