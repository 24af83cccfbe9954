"""The words of buttons: short, without markup, and quoted by other sentences exactly as they stand on the button."""

import re
from collections.abc import Collection, Iterator, Mapping

from locales.catalogues import Catalogue, Entry
from locales.forms import tags
from locales.problems import Problem

Labels = Mapping[str, str]  # by the English words
_LONGEST = 40  # UTF-16 units; what a narrow phone shows of a button in a row of its own
# Quoted in a sentence, and typed by people, not pressed.
TYPED = frozenset({"about"})
_QUOTED = re.compile("„([^„“”]*)[“”]|“([^“”]*)”|«([^«»]*)»")
_AROUND = re.compile(r"^\W+|\W+$")  # the arrow or sign in front of a button's words


def labels_in(*chain: Catalogue) -> Labels:
    """Return what can be quoted: the translated sentences, buttons and headings alike, without arrows and signs.

    What the first catalogue lacks is shown, and so quoted, as in the next.
    """
    labels: dict[str, str] = {}
    for catalogue in reversed(chain):
        labels |= {bare(entry.one): bare(entry.forms[0]) for entry in catalogue.entries if entry.translated}
    return labels


def check_sentence_quotes(entry: Entry, sentences: Collection[str]) -> Iterator[Problem]:
    """Every “X” in an English sentence is a sentence itself, or a word that people type."""
    known = {bare(sentence) for sentence in sentences} | TYPED
    for sentence in entry.originals:
        for name in quoted(sentence):
            if bare(name) not in known:
                yield Problem(
                    entry.where, sentence, f"quotes “{name}”, and no button says so", "quote a button"
                )
        yield from _odd_signs(entry, sentence)


def check_quotes(entry: Entry, labels: Labels) -> Iterator[Problem]:
    """A translation quotes what its sentence quotes, as it is translated, and nothing that is not there."""
    named = [bare(name) for name in quoted(entry.many or entry.one)]
    typed = sum(name in TYPED for name in named)
    for form in filter(None, entry.forms):
        given = [bare(name) for name in quoted(form)]
        for name in named:
            if name in labels and labels[name] not in given:
                wrong = f"does not quote «{labels[name]}», the button “{name}”"
                yield Problem(entry.where, entry.one, wrong, "quote the button as it is translated")
        strangers = [name for name in given if name not in labels.values()]
        if len(strangers) > typed:
            wrong = f"quotes «{strangers[-1]}», and no button says so"
            yield Problem(entry.where, entry.one, wrong, "quote the button as it is translated")
        yield from _odd_signs(entry, form)


def check_quotes_of_a_gap(entry: Entry, labels: Labels, fallen_back: Labels) -> Iterator[Problem]:
    """A sentence that falls back quotes the buttons of the other language; here they say something else."""
    if entry.translated:
        return
    for name in map(bare, quoted(entry.many or entry.one)):
        if labels.get(name) != fallen_back.get(name):
            wrong = f"is not translated and quotes “{name}”, which is «{labels[name]}» here"
            yield Problem(entry.where, entry.one, wrong, "translate both or neither")


def check_label(where: str, label: str) -> Iterator[Problem]:
    """Hold one label, in any language, against what a button can show."""
    units = len(label.encode("utf-16-le")) // 2
    if units > _LONGEST:
        yield Problem(where, label, f"is {units} units long on a button", f"say it in {_LONGEST}")
    if tags(label):
        yield Problem(where, label, "has tags, and a button shows them as they are", "take them out")


def quoted(sentence: str) -> list[str]:
    """Return what stands in “…”, «…» or „…“."""
    return [next(filter(None, found), "") for found in _QUOTED.findall(sentence)]


def bare(label: str) -> str:
    """Return the words of a label without the arrow or sign in front of them."""
    return _AROUND.sub("", label)


def _odd_signs(entry: Entry, text: str) -> Iterator[Problem]:
    if re.search("[“”«»„]", _QUOTED.sub("", text)):
        yield Problem(entry.where, text, "has a quotation mark without its partner", "write “…” or «…»")
    if '"' in re.sub("<[^<>]*>", "", text):
        yield Problem(entry.where, text, 'has a straight "', "write “…” or «…»")
    if ".." in text:
        yield Problem(entry.where, text, "has dots for an ellipsis", "write …")
