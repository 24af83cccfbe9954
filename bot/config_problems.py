"""What is wrong with the settings, in words: where it stands, the key, and the mend.

Values are never repeated: they may be secrets.
"""

import difflib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

PREFIX = "HOMEWARD_"
NESTED = "__"
_LIKELY = 0.75  # how alike a stranger's variable must be to one of ours to be taken for a slip
_MENDS = {
    "model_type": "this is a section; its keys stand below a line [{name}]",
    "tuple_type": "give a list, such as [1, 2]",
    "path_type": "give a path in quotation marks",
}

Keys = tuple[str, ...]


class ConfigProblem(Exception):
    """The configuration cannot be used; the text names file, key and mend."""


def every_key(section: type[BaseModel], above: Keys = ()) -> dict[Keys, Any]:
    """Return every key and section below this one with its type."""
    found: dict[Keys, Any] = {}
    for name, field in section.model_fields.items():
        found[*above, name] = field.annotation
        if inner := _section(field.annotation):
            found |= every_key(inner, (*above, name))
    return found


def variable(keys: Keys) -> str:
    """Return the environment's name for a key."""
    return f"{PREFIX}{NESTED.join(keys).upper()}"


def described(path: Path, settings: type[BaseModel], error: ValidationError) -> ConfigProblem:
    """Return one line for each mistake."""
    return ConfigProblem("\n".join(_line(path, settings, problem) for problem in error.errors()))


def check_environment(path: Path, settings: type[BaseModel], environment: Mapping[str, str]) -> None:
    """Refuse a variable that would be passed over in silence, or that cannot be read.

    Raises:
        ConfigProblem: one line for each.
    """
    known = {variable(keys): kind for keys, kind in every_key(settings).items()}
    lines = []
    for name, value in environment.items():
        if not name.upper().startswith(PREFIX):
            continue
        if name.upper() not in known:
            near = _nearest_variable(name.upper(), list(known))
            if near or NESTED in name:
                hint = f". Did you mean {near}?" if near else "; take it out"
                lines.append(f"{path}: the environment's {name} is not a key{hint}")
        elif _is_json(known[name.upper()]) and not _reads_as_json(value):
            lines.append(f"{path}: the environment's {name}: write it as JSON; a list looks like [1, 2]")
    if lines:
        raise ConfigProblem("\n".join(lines))


def _line(path: Path, settings: type[BaseModel], problem: Any) -> str:
    keys = tuple(part for part in problem["loc"] if isinstance(part, str))
    if problem["type"] == "missing":
        keys = _first_required(settings, keys)
        return f"{path}: {'.'.join(keys)} is missing. Add it, or set {variable(keys)}"
    name = ".".join(keys)
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(keys[-1], _keys_beside(settings, keys), 1)
        return f"{path}: {name} is not a key" + (f". Did you mean {near[0]}?" if near else "; take it out")
    said = problem["msg"].removeprefix("Value error, ")
    mend = _MENDS.get(problem["type"], said[0].lower() + said[1:]).format(name=name)
    return f"{path}: {name}{_from_environment(keys)}: {mend}"


def _from_environment(keys: Keys) -> str:
    """Say so where the value came from there: nobody should look for it in the file."""
    name = variable(keys)
    return f" (the environment's {name})" if name in map(str.upper, os.environ) else ""


def _first_required(settings: type[BaseModel], keys: Keys) -> Keys:
    """Return the key that has to be given where a whole section is missing."""
    section = _section(every_key(settings)[keys])
    if section is None:
        return keys
    return next((*keys, name) for name, field in section.model_fields.items() if field.is_required())


def _keys_beside(settings: type[BaseModel], keys: Keys) -> list[str]:
    """Return the keys that are right where this one stands."""
    return [each[-1] for each in every_key(settings) if each[:-1] == keys[:-1]]


def _nearest_variable(name: str, known: list[str]) -> str | None:
    """Return the variable that was likely meant: one spelled much like it, or one whose last part it is."""
    rests = {each.removeprefix(PREFIX): each for each in known}
    lasts = {each.rpartition(NESTED)[2]: each for each in known if NESTED in each}
    meant = {**lasts, **rests}
    likely = 0.6 if NESTED in name else _LIKELY
    near = difflib.get_close_matches(name.removeprefix(PREFIX), meant, 1, likely)
    return meant[near[0]] if near else None


def _section(kind: Any) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _is_json(kind: Any) -> bool:
    """Whether a variable of this type is read as JSON: sections and lists."""
    return _section(kind) is not None or getattr(kind, "__origin__", None) is tuple


def _reads_as_json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True
