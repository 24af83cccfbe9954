"""What the code shows but does not mark, and which sentences are the words of buttons.

`pybabel extract` sees only literals inside `N_`. A literal, an f-string or a sum that reaches `.t(`, `.plain(` or
`turn.button(` another way would stay English in every language, without a word. What reaches them is followed
through names, imports, tuples, tables and dataclass fields; parameters of functions are not followed.
"""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from locales.extraction import SOURCES
from locales.problems import Problem
from locales.sources import Place, Sources

_SHOWING = {"t", "plain", "button"}
_MEND_MARK = "write N_(…) round it"
_MEND_WHOLE = "write one whole sentence with {names} in it, inside N_(…)"


@dataclass(frozen=True)
class Marks:
    """What reading the code found."""

    problems: tuple[Problem, ...]
    buttons: frozenset[str]


def read_marks(root: Path, marked: Collection[str]) -> Marks:
    """Read the code; `marked` are the sentences that extraction found."""
    sources = Sources(root, SOURCES)
    known = {*marked, *(sentence for place in sources.calls() for sentence in _sentences(place))}
    problems = {problem for place in sources.calls() for problem in _faults(sources, place, known)}
    buttons = {sentence for place in sources.calls() for sentence in _button_words(sources, place)}
    return Marks(tuple(sorted(problems)), frozenset(buttons))


def _sentences(place: Place) -> list[str]:
    """Return the sentences that this call marks, if it is a mark."""
    match place.node:
        case ast.Call(func=ast.Name(id="N_"), args=[ast.Constant(value=str(sentence))]):
            return [sentence]
        case ast.Call(
            func=ast.Attribute(attr="plural"),
            args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_],
        ):
            return [one, many]
    return []


def _faults(sources: Sources, place: Place, marked: Collection[str]) -> Iterator[Problem]:
    match place.node:
        case ast.Call(func=ast.Name(id="N_")) | ast.Call(func=ast.Attribute(attr="plural")):
            if not _sentences(place):
                yield Problem(
                    place.where,
                    ast.unparse(place.node),
                    "only literals can be marked",
                    "write the text there",
                )
            elif sources.in_f_string(place):
                yield Problem(
                    place.where,
                    _sentences(place)[0],
                    "is marked inside an f-string, where Python 3.11 does not find it",
                    "give it a name before",
                )
        case ast.Call(func=ast.Attribute(attr=attr), args=[shown, *_]) if attr in _SHOWING:
            for leaf in sources.leaves(place.at(shown)):
                yield from _unmarked(leaf, marked)


def _unmarked(leaf: Place, marked: Collection[str]) -> Iterator[Problem]:
    match leaf.node:
        case ast.Constant(value=str(sentence)) if sentence and sentence not in marked:
            yield Problem(leaf.where, sentence, "is shown, and is not marked for translation", _MEND_MARK)
        case ast.JoinedStr() | ast.BinOp():
            yield Problem(
                leaf.where, ast.unparse(leaf.node), "is put together before it is translated", _MEND_WHOLE
            )


def _button_words(sources: Sources, place: Place) -> Iterator[str]:
    """Return the sentences on a button: `turn.button(words, …)`, or `.plain(words)` in a `Button(…)`."""
    match place.node:
        case ast.Call(func=ast.Attribute(attr="button"), args=[words, *_]):
            shown = [words]
        case ast.Call(func=ast.Name(id="Button"), args=[label, *_]):
            shown = [words for part in ast.walk(label) for words in _given_to_plain(part)]
        case _:
            return
    for words in shown:
        for leaf in sources.leaves(place.at(words)):
            if isinstance(leaf.node, ast.Constant) and isinstance(leaf.node.value, str):
                yield leaf.node.value


def _given_to_plain(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr="plain"), args=[words, *_]):
            return [words]
    return []
