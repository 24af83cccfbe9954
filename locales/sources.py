"""The code as a set of modules in which an expression can be followed to the literals it may stand for."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

_TRANSLATED = {"Button"}  # its label has been through `.plain(` when it gets there


@dataclass(frozen=True)
class Place:
    """A piece of code, the module it stands in, and that module's file."""

    module: str
    path: str
    node: ast.expr

    @property
    def where(self) -> str:
        return f"{self.path}:{self.node.lineno}"

    def at(self, node: ast.expr) -> "Place":
        return replace(self, node=node)


class Sources:
    """Every module under some folders; what its names and the fields of its dataclasses can hold."""

    def __init__(self, root: Path, folders: Sequence[str]) -> None:
        self._calls: list[Place] = []
        self._inside_f_strings: set[ast.AST] = set()
        self._named: dict[tuple[str, str], list[Place]] = defaultdict(list)  # by module and name
        self._imported: dict[tuple[str, str], tuple[str, str]] = {}
        self._fields: dict[str, list[str]] = {}  # by class, in their order
        self._held: dict[str, list[Place]] = defaultdict(list)  # by field
        for folder in folders:
            for path in sorted((root / folder).rglob("*.py")):
                self._read(path, path.relative_to(root))
        for call in self._calls:
            self._fill_fields(call)

    def calls(self) -> Iterable[Place]:
        """Return every call in the code."""
        return self._calls

    def in_f_string(self, place: Place) -> bool:
        return place.node in self._inside_f_strings

    def leaves(self, place: Place) -> Iterator[Place]:
        """Return what this expression can stand for: literals, f-strings and sums. A sentence in `N_` is a
        literal.

        Each piece of code is looked at once, by however many ways one comes to it.
        """
        seen: set[int] = set()
        waiting = [place]
        while waiting:
            here = waiting.pop()
            if id(here.node) in seen:
                continue
            seen.add(id(here.node))
            if isinstance(here.node, (ast.Constant, ast.JoinedStr, ast.BinOp)):
                yield here
            waiting += self._further(here)

    def _further(self, place: Place) -> list[Place]:
        """Return where this expression takes its value from."""
        match place.node:
            case ast.Name(id=name):
                module, name = self._imported.get((place.module, name), (place.module, name))
                return self._named[module, name]
            case ast.Attribute(attr=attr):
                return self._held[attr]
            case ast.Call(func=ast.Name(id="N_" | "next" | "iter" | "enumerate"), args=[first, *_]):
                nodes = [first]
            case ast.IfExp(body=body, orelse=orelse):
                nodes = [body, orelse]
            case (
                ast.BoolOp(values=nodes)
                | ast.Tuple(elts=nodes)
                | ast.List(elts=nodes)
                | ast.Dict(values=nodes)
            ):
                pass
            case ast.Subscript(value=value):
                nodes = [value]
            case ast.GeneratorExp(elt=elt) | ast.ListComp(elt=elt):
                nodes = [elt]
            case _:
                nodes = []
        return [place.at(node) for node in nodes]

    def _read(self, path: Path, relative: Path) -> None:
        module = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            here = (module, relative.as_posix())
            match node:
                case ast.Call():
                    self._calls.append(Place(*here, node))
                case ast.JoinedStr():
                    self._inside_f_strings.update(ast.walk(node))
                case ast.ImportFrom(module=str(origin), names=names):
                    for name in names:
                        self._imported[module, name.asname or name.name] = (origin, name.name)
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._assign(here, target, value)
                case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                    self._assign(here, target, value)
                case ast.ClassDef(name=name, body=body):
                    self._read_class(here, name, body)

    def _assign(self, here: tuple[str, str], target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(id=name), _:
                self._named[here[0], name].append(Place(*here, value))
            case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
                for name_of_one, value_of_one in zip(names, values, strict=True):
                    self._assign(here, name_of_one, value_of_one)

    def _read_class(self, here: tuple[str, str], name: str, body: list[ast.stmt]) -> None:
        """Keep the order of a dataclass's fields, and what a class attribute is set to."""
        self._fields[name] = []
        for line in body:
            match line:
                case ast.AnnAssign(target=ast.Name(id=field), value=value):
                    self._fields[name].append(field)
                    if value is not None:
                        self._held[field].append(Place(*here, value))
                case ast.Assign(targets=[ast.Name(id=field)], value=value):
                    self._held[field].append(Place(*here, value))

    def _fill_fields(self, place: Place) -> None:
        """Note what a call of a dataclass puts into its fields."""
        match place.node:
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if (
                name in self._fields.keys() - _TRANSLATED
            ):
                for field, value in zip(self._fields[name], args, strict=False):
                    self._held[field].append(place.at(value))
                for keyword in keywords:
                    if keyword.arg in self._fields[name]:
                        self._held[keyword.arg].append(place.at(keyword.value))
