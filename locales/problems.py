"""What a check found, told so that a translator can mend it."""

from dataclasses import dataclass

_SHORT = 48  # characters of the sentence that are quoted


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: where it stands (file and line, from the root), in which sentence, what is wrong, the mend."""

    where: str
    sentence: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        quoted = f" ‹{short(self.sentence)}›:" if self.sentence else ""
        return f"{self.where}:{quoted} {self.wrong}; {self.mend}"


def short(sentence: str) -> str:
    """Return the beginning of a sentence, on one line."""
    line = " ".join(sentence.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT].rstrip()}…"
