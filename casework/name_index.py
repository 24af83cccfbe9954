"""Every name of every request, held ready in memory to be compared.

It follows the history: every change of a request writes an event, so the events since the last look tell which
requests to open anew. Nothing of it is ever written down.
"""

import gc
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from sqlalchemy import Connection, func, select

from casework.entries import CaseEntry, Entry, Naming, open_entries
from casework.name_keys import CLOSE_ENOUGH, Close, Likeness, Word, closeness
from db.gathered import flush
from db.models import Event
from db.sealed import KeyRing

Who = tuple[int, int | None]  # a request, and a person of it; none for whoever asks
_OVERLAP = 300_000 << 20  # five minutes of ids (db/ids.py): other processes commit later, or their clocks lag
_FEWEST_BEGINNING = 4  # letters by which the beginning of a word finds it
_BEGINNING = Close(0.8, Likeness.SIMILAR)


class NameIndex:
    """One for the process; any thread may use it. `follow` before each use."""

    def __init__(self) -> None:
        self.lock = threading.RLock()  # held for the length of a search
        self._empty()

    def _empty(self) -> None:
        self._newest: int | None = None  # the event that was seen last; none: nothing was read yet
        self._seen: set[int] = set()
        self.cases: dict[int, CaseEntry] = {}
        self.references: dict[str, int] = {}
        self._words: dict[str, Word] = {}
        self._named: dict[str, set[tuple[Who, Naming]]] = defaultdict(set)
        # Tuples, which take a quarter of what sets take: nearly all hold one word, and there are millions of them.
        self._by_sound: dict[str, tuple[str, ...]] = {}
        self._by_bones: dict[str, tuple[str, ...]] = {}

    @property
    def begun(self) -> bool:
        """Whether anything was read yet: nobody pays for a search that nobody makes."""
        return self._newest is not None

    def follow(self, connection: Connection, keys: KeyRing) -> None:
        """Take in what has changed since the last time; the first time, everything."""
        with self.lock:
            flush(connection)
            try:
                self._follow(connection, keys)
            except BaseException:  # what was read in part is no index
                self.forget()
                raise

    def forget(self) -> None:
        """Drop everything; the next search reads it anew."""
        with self.lock:
            self._empty()

    def person(self, who: Who) -> Entry | None:
        """Return a person of a request; None where it is whoever asks."""
        return next((each for each in self.cases[who[0]].persons if each.person_id == who[1]), None)

    def like(self, word: Word) -> Iterator[tuple[Close, Who, Naming]]:
        """Give every name with a word like this one; a name as often as it has such words."""
        for plain, close in self._words_like(word).items():
            for who, naming in self._named[plain]:
                yield close, who, naming

    def _follow(self, connection: Connection, keys: KeyRing) -> None:
        if self._newest is not None:
            self._renew(connection, keys, self._changed(connection, self._newest))
            return
        self._changed(connection, connection.scalar(select(func.max(Event.id))) or 0)
        with _not_collecting():
            self._renew(connection, keys, None)

    def _changed(self, connection: Connection, newest: int) -> set[int]:
        """Return the requests with events not seen before. Ids of several processes may arrive out of order."""
        rows = connection.execute(
            select(Event.id, Event.request_id).where(Event.id > newest - _OVERLAP)
        ).all()
        fresh = [row for row in rows if row.id not in self._seen]
        self._newest = max([newest, *(row.id for row in fresh)])
        self._seen = {row.id for row in rows if row.id > self._newest - _OVERLAP}
        return {row.request_id for row in fresh}

    def _renew(self, connection: Connection, keys: KeyRing, requests: Iterable[int] | None) -> None:
        for request_id in requests or ():
            self._drop(request_id)
        for case in open_entries(connection, keys, requests, self._words):
            self._add(case)

    def _words_like(self, word: Word) -> dict[str, Close]:
        """Compare the word with those that sound like it, or have its bones."""
        plain = {word.plain} & self._words.keys()
        for key, kept in ((word.latin, self._by_sound), (word.bones, self._by_bones)):
            near = process.extract(
                key,
                list(kept),
                scorer=Levenshtein.normalized_similarity,
                score_cutoff=CLOSE_ENOUGH,
                limit=None,
            )
            plain = plain.union(*(kept[found] for found, _, _ in near))
        like = {each: close for each in plain if (close := closeness(word, self._words[each])) is not None}
        if len(word.plain) >= _FEWEST_BEGINNING:
            begun = (each for each in self._words if each.startswith(word.plain))
            like = dict.fromkeys(begun, _BEGINNING) | like
        return like

    def _add(self, case: CaseEntry) -> None:
        self.cases[case.request_id] = case
        self.references[letters_of(case.reference)] = case.request_id
        for who, naming in _namings(case):
            for word in naming.words:
                if word.plain not in self._words:
                    self._learn(word)
                self._named[word.plain].add((who, naming))

    def _learn(self, word: Word) -> None:
        self._words[word.plain] = word
        for kept, key in ((self._by_sound, word.latin), (self._by_bones, word.bones)):
            kept[key] = (*kept.get(key, ()), word.plain)

    def _drop(self, request_id: int) -> None:
        case = self.cases.pop(request_id, None)
        if case is None:
            return
        self.references.pop(letters_of(case.reference), None)
        for who, naming in _namings(case):
            for word in naming.words:
                self._named[word.plain].discard((who, naming))
                if not self._named[word.plain]:
                    self._forget(word)

    def _forget(self, word: Word) -> None:
        """Nobody is called so any more."""
        self._words.pop(word.plain, None)
        del self._named[word.plain]
        for kept, key in ((self._by_sound, word.latin), (self._by_bones, word.bones)):
            kept[key] = tuple(each for each in kept[key] if each != word.plain)
            if not kept[key]:
                del kept[key]


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Keep Python from looking for garbage again and again while only what stays is made."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def letters_of(reference: str) -> str:
    """Return the letters of a reference that differ from one to another."""
    return reference.removeprefix("HW").replace("-", "")


def _namings(case: CaseEntry) -> Iterator[tuple[Who, Naming]]:
    for naming in case.requester:
        yield (case.request_id, None), naming
    for person in case.persons:
        for naming in person.namings:
            yield (case.request_id, person.person_id), naming
