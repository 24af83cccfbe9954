"""Files over `/file/bot<token>/<path>`: the other half of getFile."""

from dataclasses import dataclass

from simulator.faults import GARBAGE, REFUSALS, SLOW, Fault
from simulator.world import World

METHOD = "download"  # what a fault names to hit downloads; it is no method of the Bot API


@dataclass(frozen=True, slots=True)
class Download:
    """What comes over the wire.

    `dropped` closes the connection after half of the bytes, or before the first where there is no work;
    `delay` is in seconds.
    """

    status: int
    content: bytes = b""
    delay: float = 0.0
    dropped: bool = False
    retry_after: int | None = None


def download(world: World, token: str, path: str) -> Download:
    """Answer one request for a file, as the faults in force let it."""
    if token not in (bot.token for bot in world.bots.values()):
        return Download(401)
    content = next((file.upload.content for file in world.files.values() if file.path == path), None)
    if content is None:
        return Download(404)
    fault = world.faults.strike(METHOD)
    return Download(200, content) if fault is None else _spoilt(fault, content)


def _spoilt(fault: Fault, content: bytes) -> Download:
    late = SLOW if fault.seconds is None else fault.seconds
    match fault.kind:
        case "429":
            return Download(429, retry_after=fault.retry_after)
        case "drop":
            return Download(200, content[: len(content) // 2], dropped=True)
        case "slow":
            return Download(200, content, delay=late)
        case "garbage":
            return Download(200, GARBAGE)
        case _:
            status = REFUSALS[fault.kind].status if fault.kind in REFUSALS else 503
            return Download(status, dropped=fault.kind == "outage")
