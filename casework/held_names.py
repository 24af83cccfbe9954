"""What a search holds in memory of every request, as numbers: who is called by which words, born when, thought to be
where. About a third of a kilobyte a request; the names as families wrote them are read again from the sealed rows.

A request has a number, and everybody of it one: whoever asks, then each person, one after the other.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from casework.entries import CaseEntry, Entry, NameOf, Naming
from casework.held_facts import Facts, HeldFacts
from casework.held_references import HeldReferences
from casework.held_words import HeldWords
from casework.packed import NOTHING, Numbers, Packed, Table, numbers
from casework.postings import ALONE, KIND_OF, KINDS, Kind, Postings

_PERSON, _LAST = 7, 8  # in a record, beside the kinds: here begins a person; this is the last word of a name
_SHIFT = 4
_KIND = 7


class Called(NamedTuple):
    """A name of somebody: the kind, and its words by number, in their order."""

    of: NameOf
    words: tuple[int, ...]


class HeldNames:
    """The tight form. Whoever uses it sees to it that nobody else does meanwhile (casework/name_index.py)."""

    def __init__(self) -> None:
        self.words = HeldWords()
        self.postings = Postings()
        self.references = HeldReferences()
        self.request_ids = array("q")  # by the request's number; 0 where it was dropped
        self._first = numbers()  # whoever asks, by the request's number
        self._records = Packed()
        self._known: Table[int] = Table(self.request_ids.__getitem__)
        self._free: list[int] = []
        self.requests = numbers()  # by somebody's number
        self.facts_of = numbers()  # the same; nothing where it is who asks
        self._free_people: dict[int, list[int]] = {}  # by how many there is room for
        self.facts = HeldFacts()
        self.count = 0

    def __iter__(self) -> Iterator[int]:
        return (request_id for request_id in self.request_ids if request_id)

    def __contains__(self, request_id: int) -> bool:
        return self._known.find(request_id) is not None

    def put(self, case: CaseEntry) -> None:
        """Take in a request, or what has become of it."""
        before = self._known.find(case.request_id)
        record = self._record(case)
        if before is not None and self._records[before] == record.tobytes():
            return
        self._put(case, record)
        if before is not None:  # only now, so that words which stay are not forgotten
            self._drop(before)

    def drop(self, request_id: int) -> None:
        """Forget a request, if it is here."""
        number = self._known.find(request_id)
        if number is not None:
            self._drop(number)

    def asking(self, who: int) -> int:
        """Return who asks in somebody's request."""
        return self._first[self.requests[who]]

    def persons_beside(self, asking: int) -> Iterator[int]:
        """Give the persons of the request of whoever asks."""
        number, who = self.requests[asking], asking + 1
        while who < len(self.requests) and self.requests[who] == number:
            yield who
            who += 1

    def names_of(self, who: int) -> list[Called]:
        """Return what somebody is called, in the order of their answers."""
        return self._names(self.requests[who])[who - self.asking(who)]

    def _names(self, number: int) -> list[list[Called]]:
        """Return the names of whoever asks in a request, and those of each person."""
        everybody: list[list[Called]] = [[]]
        words: list[int] = []
        for token in self._tokens(number):
            if token & _KIND == _PERSON:
                everybody.append([])
                continue
            words.append(token >> _SHIFT)
            if token & _LAST:
                everybody[-1].append(Called(KINDS[token & _KIND], tuple(words)))
                words.clear()
        return everybody

    def _record(self, case: CaseEntry) -> Numbers:
        """Return everything that is kept of a request as one row of numbers; new words and facts get theirs."""
        record = numbers()
        self._write(record, case.requester)
        for person in case.persons:
            record.append(self._facts_number(person) << _SHIFT | _PERSON)
            self._write(record, person.namings)
        return record

    def _write(self, record: Numbers, namings: tuple[Naming, ...]) -> None:
        for naming in namings:
            kind = KIND_OF[naming.of]
            record.extend(self.words.number(word) << _SHIFT | kind for word in naming.words)
            record[-1] |= _LAST

    def _facts_number(self, person: Entry) -> int:
        named = {naming.of for naming in person.namings}
        parents = NameOf.MOTHER in named, NameOf.FATHER in named
        return self.facts.number(Facts(person.years, person.country, person.site_id, parents))

    def _put(self, case: CaseEntry, record: Numbers) -> None:
        number = self._free.pop() if self._free else len(self.request_ids)
        if number == len(self.request_ids):
            self.request_ids.append(0)
            self._first.append(0)
        self.request_ids[number] = case.request_id
        self._first[number] = self._room(1 + len(case.persons))
        self._known.add(case.request_id, number)
        self.references.put(number, case.reference)
        self._records.put(number, record.tobytes())
        for who, facts, words in self._everybody(number):
            self.requests[who] = number
            if facts is not None:
                self.facts_of[who] = facts
                self.facts.add(facts, who)
            for word, kind in words:
                self.postings.add(word, kind, who)
        self.count += 1

    def _drop(self, number: int) -> None:
        size = 0
        for who, facts, words in self._everybody(number):
            for word, kind in words:
                if self.postings.remove(word, kind, who):
                    self.words.forget(word)
            if facts is not None:
                self.facts.remove(facts, who)
            self.requests[who] = self.facts_of[who] = NOTHING
            size += 1
        self._free_people.setdefault(size, []).append(self._first[number])
        self._known.remove(number)
        self.request_ids[number] = 0
        self.references.drop(number)
        self._records.drop(number)
        self._free.append(number)
        self.count -= 1

    def _room(self, size: int) -> int:
        """Return the first of so many numbers in a row that are nobody's."""
        if self._free_people.get(size):
            return self._free_people[size].pop()
        first = len(self.requests)
        self.requests.extend([NOTHING] * size)
        self.facts_of.extend([NOTHING] * size)
        return first

    def _everybody(self, number: int) -> Iterator[tuple[int, int | None, set[tuple[int, Kind]]]]:
        """Give everybody of a request with their facts and every word of theirs, once for each kind."""
        who, facts, words = self._first[number], None, set[tuple[int, Kind]]()
        alone = True  # whether a name begins here
        for token in self._tokens(number):
            kind = token & _KIND
            if kind == _PERSON:
                yield who, facts, words
                who, facts, words = who + 1, token >> _SHIFT, set()
                continue
            last = bool(token & _LAST)
            words.add((token >> _SHIFT, ALONE.get(kind, kind) if alone and last else kind))
            alone = last
        yield who, facts, words

    def _tokens(self, number: int) -> Numbers:
        tokens = numbers()
        tokens.frombytes(self._records[number])
        return tokens
