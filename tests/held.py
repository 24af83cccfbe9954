"""What a story leaves behind, held against the Bot API's own description."""

from simulator import schema
from simulator.world import World


def call_log_problems(world: World) -> list[str]:
    """Return everything in which the bot's calls, and the answers to them, differ from the description.

    Calls that a fault kept from their work are looked at too; their answers are the fault's own.
    """
    found = []
    for entry in world.log.entries:
        method, answer = entry["method"], entry["answer"]
        found += [f"{method}: {name} is unknown" for name in entry.get("unknown", ())]
        parameters = {name: _sent(value) for name, value in entry["params"].items()}
        found += schema.call_problems(method, parameters)
        if answer.get("ok"):
            found += schema.answer_problems(method, answer["result"])
    return found


def _sent(value: object) -> object:
    """A file stands in the log as its name and size; on the wire it is named by text."""
    return "attach://file" if isinstance(value, dict) and value.keys() == {"file", "size"} else value
