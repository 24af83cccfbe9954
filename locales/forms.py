"""Whether a translation is built like its sentence: placeholders, tags, edges, numbers, plural forms."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from string import Formatter

from locales.catalogues import Catalogue, Entry
from locales.problems import Problem

# What Telegram's HTML knows (Bot API, "HTML style").
_TELEGRAM = frozenset(
    "b strong i em u ins s strike del span tg-spoiler a tg-emoji code pre blockquote".split()  # noqa: SIM905 - reads better
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)(?:\s[^<>]*)?>")
_NUMBER = re.compile(r"\d+")


def check_forms(catalogue: Catalogue, entry: Entry) -> Iterator[Problem]:
    """Hold every form that is there against its sentence."""
    missing = [str(index) for index, form in enumerate(entry.forms) if not form.strip()]
    if 0 < len(missing) < len(entry.forms):
        # gettext would show nothing at all for these numbers, and look in no fallback.
        wrong = f"lacks plural form {', '.join(missing)}"
        yield Problem(entry.where, entry.one, wrong, "write every msgstr[…]")
    for index, form in enumerate(entry.forms):
        if not form.strip():
            continue
        for wrong, mend in _faults(entry, form, in_words=index in catalogue.forms_in_words):
            which = "" if entry.many is None else f"form {index}: "
            yield Problem(entry.where, entry.one, which + wrong, mend)


def check_markup(entry: Entry) -> Iterator[Problem]:
    """Hold the sentence itself against Telegram's HTML and Python's braces."""
    for sentence in entry.originals:
        for wrong, mend in [*_bad_tags(sentence), *_bad_braces(sentence)]:
            yield Problem(entry.where, sentence, wrong, mend)


def placeholders(sentence: str) -> set[str]:
    """Return what stands in braces.

    Raises:
        ValueError: a brace is not closed, or not opened.
    """
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in Formatter().parse(sentence)
        if name is not None
    }


def tags(sentence: str) -> list[tuple[str, str]]:
    """Return the tags in their order, each as ("" or "/", its name)."""
    return [(end, name) for end, name in _TAG.findall(sentence)]


def _faults(entry: Entry, form: str, *, in_words: bool) -> Iterator[tuple[str, str]]:
    """Return what is wrong with one form, and the mend."""
    model = entry.many or entry.one
    yield from _bad_tags(form)
    yield from _bad_braces(form)
    yield from _other_placeholders(model, form, in_words=in_words)
    yield from _other_edges(model, form)
    if Counter(tags(model)) != Counter(tags(form)):
        yield "has other tags than its sentence", "use the same tags"
    for opening, closing in ("()", "[]"):
        if form.count(opening) != form.count(closing):
            yield f"has a {opening} or {closing} without its partner", "write both"
    missing = Counter(_numbers(model)) - Counter(_numbers(form))
    if missing:
        yield f"lacks the number {', '.join(missing)}", "keep the numbers of the sentence"


def _bad_tags(text: str) -> Iterator[tuple[str, str]]:
    """Report what Telegram would refuse: an unknown tag, one that is not closed, a bare < or >."""
    if re.search("[<>]", _TAG.sub("", text)):
        yield "has a < or > that is no tag", "write &lt; or &gt;"
    still_open: list[str] = []
    for end, name in tags(text):
        if name not in _TELEGRAM:
            yield f"has the tag <{name}>, which Telegram does not know", "take it out"
        elif not end:
            still_open.append(name)
        elif not still_open or still_open.pop() != name:
            yield f"closes <{name}> where it is not the last one opened", "close tags from the inside"
            return
    if still_open:
        yield f"does not close <{still_open[-1]}>", f"write </{still_open[-1]}>"


def _bad_braces(text: str) -> Iterator[tuple[str, str]]:
    try:
        placeholders(text)
    except ValueError:
        yield "has a brace without its partner", "write {name}"


def _other_placeholders(model: str, form: str, *, in_words: bool) -> Iterator[tuple[str, str]]:
    try:
        wanted, given = placeholders(model), placeholders(form)
    except ValueError:
        return  # told by _bad_braces
    missing = wanted - given - ({"n"} if in_words else set())
    if missing:
        yield f"lacks {_listed(missing)}", "keep every {…} as it is"
    if given - wanted:
        yield f"has {_listed(given - wanted)}, which the sentence does not have", "keep every {…} as it is"


def _other_edges(model: str, form: str) -> Iterator[tuple[str, str]]:
    if _edges(model) != _edges(form):
        yield "begins or ends with other blanks than its sentence", "begin and end as the sentence does"
    if model.count("\n") != form.count("\n"):
        yield "has another number of lines than its sentence", "break lines where the sentence does"


def _edges(text: str) -> tuple[str, str]:
    inner = text.strip()
    before, _, after = text.partition(inner)
    return before, after


def _numbers(text: str) -> list[str]:
    """Return the numbers, in ASCII digits whatever digits they are written in."""
    found: list[str] = _NUMBER.findall(text)
    return ["".join(str(unicodedata.decimal(digit)) for digit in number) for number in found]


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
