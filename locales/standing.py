"""How far each catalogue is: what is translated, what a native speaker has read, what is shown in another language."""

from collections import Counter
from collections.abc import Mapping

from locales.catalogues import OFFERED, Catalogue, Entry

_SOURCE = "English"


def stand_ins(catalogue: Catalogue, catalogues: Mapping[str, Catalogue]) -> list[Catalogue]:
    """Return the catalogues that are asked in turn for what this one lacks; after them comes the English source."""
    language = OFFERED.get(catalogue.language)
    fallbacks = language.fallbacks if language else ()
    return [catalogues[code] for code in fallbacks if code in catalogues]


def report(catalogues: Mapping[str, Catalogue]) -> list[str]:
    """Return a line for each language."""
    return [_line(catalogue, stand_ins(catalogue, catalogues)) for catalogue in catalogues.values()]


def _line(catalogue: Catalogue, behind: list[Catalogue]) -> str:
    translated = [entry for entry in catalogue.entries if entry.translated]
    gaps = [entry for entry in catalogue.entries if not entry.translated]
    shown = Counter(_shown_in(entry, behind) for entry in gaps)
    parts = [
        f"{len(catalogue.entries)} sentences",
        f"{len(translated)} translated",
        f"{sum(entry.reviewed for entry in translated)} read by a native speaker",
        f"{sum(entry.unreviewed for entry in translated)} marked as unread",
        *(f"{count} shown in {language}" for language, count in shown.items()),
    ]
    return f"{catalogue.language}: {', '.join(parts)}"


def _shown_in(gap: Entry, behind: list[Catalogue]) -> str:
    having = (each for each in behind if (found := each.by_sentence.get(gap.one)) and found.translated)
    return next((each.language for each in having), _SOURCE)


def unread(catalogues: Mapping[str, Catalogue], language: str) -> list[str]:
    """Return each translation that waits for a native speaker: its line in the file, the sentence, the words."""
    if language not in catalogues:
        return [f"There is no catalogue of {language}."]
    return [
        f"{entry.where}\n  {entry.one}\n  {' | '.join(entry.forms)}"
        for entry in catalogues[language].entries
        if entry.translated and not entry.reviewed
    ]
