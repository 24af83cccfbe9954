"""What a second person looks through before agreeing to something about many: first what, then whom, page by page."""

from collections.abc import Sequence
from typing import overload

from bot.i18n import Html, code, joined, paragraphs
from bot.turn import Turn
from casework import groups
from casework.stages import STAFF_WORDS
from casework.words import N_

_ON_A_PAGE = 40  # lines of a reference and a stage; they fit into one message in any language
_WHOM = N_("Whom it is about. Opening a case shows the names.")


class Listing(Sequence[Html]):
    """Pages that are made when they are looked at: of thousands of cases only those on the screen are opened.

    As the queue, it names nobody.
    """

    def __init__(self, turn: Turn, first: Html, persons: Sequence[int]) -> None:
        self._turn, self._first, self._persons = turn, first, persons

    def __len__(self) -> int:
        return 1 + -(-len(self._persons) // _ON_A_PAGE)

    @overload
    def __getitem__(self, page: int) -> Html: ...
    @overload
    def __getitem__(self, page: slice) -> Sequence[Html]: ...
    def __getitem__(self, page: int | slice) -> Html | Sequence[Html]:
        if isinstance(page, slice):
            return [self._page(each) for each in range(len(self))[page]]
        return self._page(range(len(self))[page])

    def _page(self, page: int) -> Html:
        if page == 0:
            return self._first
        turn, behind = self._turn, page * _ON_A_PAGE
        some = self._persons[behind - _ON_A_PAGE : behind]
        lines = groups.lines_of(turn.connection, turn.keys, some)
        listed = (Html(f"{code(each.reference)} · {turn.t(STAFF_WORDS[each.stage])}") for each in lines)
        return paragraphs(turn.t(_WHOM), joined(listed))
