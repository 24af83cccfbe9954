"""The Bot API's own description (data/bot-api.json), and whether a value fits it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "bot-api.json"
ARRAY = "Array of "
BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
# 'always "creator"', 'must be all_private_chats': what tells one subtype from another.
CONSTANT = re.compile(r"(?:, always|, must be) \W?([a-z0-9_]+)\W?$")


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kinds: tuple[str, ...]
    required: bool
    constant: str | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A method's parameters or a type's fields; `subtypes` where the type is one of several."""

    name: str
    fields: dict[str, Field]
    subtypes: tuple[str, ...]
    required: tuple[str, ...]
    returns: tuple[str, ...]


def _shape(entry: Mapping[str, Any]) -> Shape:
    fields = {}
    for each in entry.get("fields", ()):
        found = CONSTANT.search(each["description"])
        constant = found.group(1) if found and each["types"] == ["String"] else None
        fields[each["name"]] = Field(each["name"], tuple(each["types"]), each["required"], constant)
    required = tuple(name for name, each in fields.items() if each.required)
    return Shape(
        entry["name"], fields, tuple(entry.get("subtypes", ())), required, tuple(entry.get("returns", ()))
    )


@cache
def _description() -> Any:
    return json.loads(DATA.read_text(encoding="utf-8"))


@cache
def methods() -> dict[str, Shape]:
    """Every method, by its name in lower case: Telegram does not mind how a method's name is written."""
    return {name.lower(): _shape(entry) for name, entry in _description()["methods"].items()}


@cache
def types() -> dict[str, Shape]:
    return {name: _shape(entry) for name, entry in _description()["types"].items()}


def problems(type_name: str, value: object) -> list[str]:
    """Everything in which `value` differs from the type.

    Missing, unknown and mistyped fields, each with its path.

    `type_name` is written as in the data: "Message", "Array of Update", "Integer".
    """
    return list(_misfits(type_name, value, type_name))


def field_problems(field: Field, value: object) -> list[str]:
    return list(_any_of(field.kinds, value, field.name))


def call_problems(method: str, params: Mapping[str, object]) -> list[str]:
    """Everything in which a call differs from the data.

    Values may be as in a form (text) or as in a JSON body.
    """
    shape = methods().get(method.lower())
    if shape is None:
        return [f"{method} is not a method of the Bot API"]
    found = [f"{name} is missing" for name in shape.required if params.get(name) is None]
    for name, raw in params.items():
        field = shape.fields.get(name)
        if field is None:
            found.append(f"{shape.name} has no parameter {name}")
        elif raw is not None:
            found += field_problems(field, decoded(field, raw))
    return found


def answer_problems(method: str, result: object) -> list[str]:
    """Everything in which the result of a call differs from what the data says the method returns."""
    return _any_of(methods()[method.lower()].returns, result, method)


def decoded(field: Field, raw: object) -> object:
    """What a parameter means: forms carry text for everything.

    What cannot be read stays as it is, for `problems` to name.
    """
    kinds = field.kinds
    if not isinstance(raw, str):
        # JSON numbers where text is expected are taken as text by the server, and so here.
        return str(raw) if kinds == ("String",) and type(raw) in (int, float) else raw
    if kinds == ("String",):
        return raw
    if "Integer" in kinds and _is_integer(raw):
        return int(raw)
    if "String" in kinds or kinds == ("Integer",):
        return raw
    if kinds == ("Boolean",):
        return BOOLEANS.get(raw.lower(), raw)
    return _from_json(raw)


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii()


def _from_json(text: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value


def _misfits(kind: str, value: object, path: str) -> Iterator[str]:
    if kind.startswith(ARRAY):
        if isinstance(value, list):
            inner = kind.removeprefix(ARRAY)
            for i, each in enumerate(value):
                yield from _misfits(inner, each, f"{path}[{i}]")
        else:
            yield f"{path} must be of type Array"
    elif kind in PLAIN:
        if not PLAIN[kind](value):
            yield f"{path} must be of type {kind}"
    elif types()[kind].subtypes:
        yield from _any_of(_meant(types()[kind].subtypes, value), value, path)
    else:
        yield from _object_misfits(types()[kind], value, path)


def _object_misfits(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} must be of type {shape.name}"
        return
    for name in shape.required:
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, each in value.items():
        field = shape.fields.get(name)
        if field is None:
            yield f"{path}.{name} is unknown to {shape.name}"
        elif field.constant is not None and each != field.constant:
            yield f'{path}.{name} must be "{field.constant}"'
        else:
            yield from _any_of(field.kinds, each, f"{path}.{name}")


def _meant(subtypes: tuple[str, ...], value: object) -> tuple[str, ...]:
    """The subtypes that a value claims to be by its `type`, `status` or `source`; all where it claims none."""
    if not isinstance(value, dict):
        return subtypes
    claimed = [
        name
        for name in subtypes
        if name in types() and all(value.get(f.name) == f.constant for f in _constants(name))
    ]
    return tuple(claimed) or subtypes


@cache
def _constants(type_name: str) -> tuple[Field, ...]:
    return tuple(field for field in types()[type_name].fields.values() if field.constant is not None)


def _any_of(kinds: tuple[str, ...], value: object, path: str) -> list[str]:
    """The fewest problems among the kinds: the one that was most likely meant."""
    best: list[str] | None = None
    for kind in kinds:
        found = list(_misfits(kind, value, path))
        if not found:
            return found
        if best is None or len(found) < len(best):
            best = found
    return best or []


PLAIN = {
    "Integer": lambda value: type(value) is int,
    "Float": lambda value: type(value) in (int, float),
    "Boolean": lambda value: type(value) is bool,
    "String": lambda value: type(value) is str,
    # A file is text on the wire too: "attach://name"; the bytes come beside it.
    "InputFile": lambda value: type(value) is str,
}
