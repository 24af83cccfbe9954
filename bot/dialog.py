"""The conversation as data: steps, and the handler that routes an update by the step stored in the database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from telegram.ext import BaseHandler, CallbackContext

from bot.incoming import Incoming, Kind
from bot.turn import Turn

TurnHandler = Callable[[Turn], bool | None]
OtherHandler = TurnHandler
PressHandler = Callable[[Turn, str], bool | None]
_LONGEST_WAY = 4  # from one step to the next without an answer in between


@dataclass(frozen=True)
class Step:
    """One place in the conversation.

    Attributes:
        name: as stored in the dialog row.
        show: shows this step's screen (again).
        typed: takes written words; without it the words are answered with the screen.
        presses: what a button's action means, by its first word ("choice" of "choice:IQ"); the handler gets
        the rest and returns False
            for a value that its own screen does not offer.
        other: takes voice, photos and every other kind; returns False for what it cannot take. Without it the
        person is told what this step can read.
    """

    name: str
    show: TurnHandler
    typed: TurnHandler | None = None
    presses: Mapping[str, PressHandler] = field(default_factory=dict)
    other: OtherHandler | None = None


@dataclass(frozen=True)
class Fallbacks:
    """What happens where a step has no answer of its own."""

    start: TurnHandler  # nobody has written to us before, or the step no longer exists
    stale: TurnHandler  # a button of a screen that is gone
    unreadable: TurnHandler  # a kind of input this step cannot take
    edited: TurnHandler  # an older message was changed
    forwarded: TurnHandler  # somebody else's words or file, where a person's own are meant
    passing_on: frozenset[TurnHandler]  # take what was forwarded too: they only hand on what comes
    answers: Callable[
        [Turn], bool
    ]  # a reply, in Telegram's sense, to a message about a case: it goes to its family
    joins: Callable[[Turn], bool]  # a later part of an album: it goes where the first went, at whatever step


class TurnRoute(BaseHandler[Incoming, CallbackContext[Any, Any, Any, Any], None]):
    """A python-telegram-bot handler whose updates are `Incoming` and whose callback is a turn."""

    def __init__(self, handler: TurnHandler) -> None:
        super().__init__(self._never)
        self.turn_handler = handler

    def check_update(self, update: object) -> Incoming | None:
        return update if isinstance(update, Incoming) and self.takes(update) else None

    def takes(self, incoming: Incoming) -> bool:  # noqa: ARG002 - the widest route takes everything
        return True

    async def handle_update(
        self,
        update: Incoming,  # noqa: ARG002 - the base's signature
        application: Any,
        check_result: object,
        context: Any,  # noqa: ARG002
    ) -> None:
        await application.run_turn(check_result, self.turn_handler)

    @staticmethod
    async def _never(*_: object) -> None:
        raise RuntimeError("turns are run by handle_update")


class OnCommand(TurnRoute):
    """A command, at any step."""

    def __init__(self, name: str, handler: TurnHandler) -> None:
        super().__init__(handler)
        self.name = name

    def takes(self, incoming: Incoming) -> bool:
        return incoming.kind is Kind.COMMAND and incoming.command == self.name


class OnPress(TurnRoute):
    """A button that works from any message, however old; its action may have a value behind a colon."""

    def __init__(self, action: str, handler: TurnHandler) -> None:
        super().__init__(handler)
        self.action = action

    def takes(self, incoming: Incoming) -> bool:
        return incoming.anywhere and incoming.action.partition(":")[0] == self.action


class AtAnyStep(TurnRoute):
    """All that works at any step, each found by its word at once: an update meets one handler in place of eighty."""

    def __init__(self, routes: Iterable[OnCommand | OnPress]) -> None:
        super().__init__(self._unasked)
        self._commands: dict[str | None, TurnRoute] = {}
        self._presses: dict[str, TurnRoute] = {}
        for each in routes:
            if isinstance(each, OnCommand):
                self._commands.setdefault(each.name, each)
            else:
                self._presses.setdefault(each.action, each)

    def check_update(self, update: object) -> tuple[Incoming, TurnRoute] | None:  # type: ignore[override]
        if not isinstance(update, Incoming):
            return None
        route = None
        if update.kind is Kind.COMMAND:
            route = self._commands.get(update.command)
        elif update.anywhere:
            route = self._presses.get(update.action.partition(":")[0])
        return None if route is None else (update, route)

    async def handle_update(
        self, update: Incoming, application: Any, check_result: object, context: Any
    ) -> None:
        incoming, route = cast("tuple[Incoming, TurnRoute]", check_result)
        await route.handle_update(update, application, incoming, context)

    @staticmethod
    def _unasked(_turn: Turn) -> None:
        raise RuntimeError("the route that was found takes the turn")


class DialogHandler(TurnRoute):
    """Everything else, by the step the person stands at."""

    def __init__(self, steps: tuple[Step, ...], fallbacks: Fallbacks) -> None:
        super().__init__(self._route)
        self.steps = {step.name: step for step in steps}
        self.fallbacks = fallbacks

    def _route(self, turn: Turn) -> None:
        step = self.steps.get(turn.loaded.step)
        if step is None:
            self.fallbacks.start(turn)
        elif turn.incoming.kind is Kind.PRESS:
            self._press(turn, step)
        elif not (turn.incoming.album and self.fallbacks.joins(turn)) and not self._answers(turn, step):
            takes = self._taker(step, turn.incoming.kind)
            not_own = turn.incoming.forwarded and takes not in self.fallbacks.passing_on
            if (self.fallbacks.forwarded if not_own else takes)(turn) is False:
                self.fallbacks.unreadable(turn)

    def _answers(self, turn: Turn, step: Step) -> bool:
        """Whether it was a reply to a message about a case. What the live screen asks for is answered to the screen."""
        incoming = turn.incoming
        if incoming.answers is None or incoming.kind in {Kind.COMMAND, Kind.EDITED}:
            return False
        asked_for = step.typed if incoming.kind is Kind.TEXT else step.other
        if incoming.answers == turn.loaded.screen_message_id and asked_for is not None:
            return False
        return self.fallbacks.answers(turn)

    def _taker(self, step: Step, kind: Kind) -> OtherHandler:
        """Return what takes this kind of message at this step."""
        match kind:
            case Kind.TEXT:
                return step.typed or step.show
            case Kind.EDITED:
                return self.fallbacks.edited
            case Kind.COMMAND:
                return self.fallbacks.unreadable
            case _:
                return step.other or self.fallbacks.unreadable

    def follow(self, turn: Turn) -> None:
        """Show the step a handler named; a step may send on to another once more."""
        for _ in range(_LONGEST_WAY):
            if turn.next_step is None:
                return
            step = self.steps.get(turn.next_step)
            turn.next_step = None
            (step.show if step else self.fallbacks.start)(turn)
        raise RuntimeError("steps send each other in a circle")

    def _press(self, turn: Turn, step: Step) -> None:
        """Run what the button means, if it belongs to the live screen and the screen offers it."""
        word, _, rest = turn.incoming.action.partition(":")
        handler = step.presses.get(word) if turn.incoming.token == turn.loaded.token else None
        if handler is None or handler(turn, rest) is False:
            self.fallbacks.stale(turn)
