"""Telegram's rates, when asked for.

About 30 messages a second overall, 1 a second per chat, 20 a minute per group.
"""

import math
from dataclasses import dataclass, field

from simulator.answers import Json, too_many_requests

GROUP_PER_SECOND = 20 / 60


@dataclass(slots=True)
class Bucket:
    """`rate` tokens a second, at most `burst` of them; times are Unix seconds."""

    rate: float
    burst: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 where one is."""
        # A clock set back must not empty the bucket.
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate


@dataclass(slots=True)
class Limits:
    """Off until switched on. `overall` and `per_chat` are messages a second.

    Telegram says that short bursts in one chat may go through before 429 begins; three is what is let through
    here.
    """

    on: bool = False
    overall: float = 30.0
    per_chat: float = 1.0
    burst: float = 3.0
    _all: dict[int, Bucket] = field(default_factory=dict)
    _chats: dict[tuple[int, int], Bucket] = field(default_factory=dict)

    def set(self, *, on: bool = True, overall: float = 30.0, per_chat: float = 1.0) -> None:
        if overall <= 0 or per_chat <= 0:
            raise ValueError("overall and per_chat are numbers above 0")
        self.on, self.overall, self.per_chat = on, overall, per_chat
        self._all.clear()
        self._chats.clear()

    def spend(self, bot_id: int, chat_id: int, now: float) -> None:
        """Count one message; refused with 429 where a rate is used up, and then not counted."""
        if not self.on:
            return
        rate = self.per_chat if chat_id > 0 else GROUP_PER_SECOND
        burst = self.burst if chat_id > 0 else 20.0
        chat = self._chats.setdefault((bot_id, chat_id), Bucket(rate, burst, burst, now))
        overall = self._all.setdefault(bot_id, Bucket(self.overall, self.overall, self.overall, now))
        wait = max(chat.wait(now), overall.wait(now))
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        chat.tokens -= 1
        overall.tokens -= 1

    def listed(self) -> Json:
        return {"on": self.on, "overall": self.overall, "per_chat": self.per_chat}
