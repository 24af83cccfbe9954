"""From the code to the catalogues: messages.pot is what the code says, and every .po follows it.

The same as `pybabel extract` and `pybabel update --no-fuzzy-matching`, and steadier: no dates, years, paths
or addresses change unless a sentence did. A translation whose sentence is gone is let go (git keeps it).
"""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from locales.catalogues import entries, paths
from locales.problems import short

SOURCES = ("bot", "handlers", "casework")
TEMPLATE = "locales/messages.pot"
_KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "plural": (1, 2)}
_HEADER = """\
# The sentences of Homeward that people see, as they stand in the code.
# Written by `make strings`.
#"""
_ADDRESS = re.compile(r"\s*<[^<>\s]*@[^<>\s]*>")


def extract(root: Path) -> Catalog:
    """Return what the code marks: sentences in `N_` and the two of `Locale.plural`, with their places."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel's own gap
    template = Catalog(
        project="Homeward",
        version="1",
        header_comment=_HEADER,
        creation_date=datetime.now(UTC),
        fuzzy=False,
    )
    _drop_addresses(template)
    for source in SOURCES:
        for name, line, sentence, _, context in extract_from_dir(root / source, methods, options, _KEYWORDS):
            template.add(sentence, None, [(f"{source}/{name}", line)], context=context)
    return template


def read_template(root: Path) -> Catalog | None:
    """Return messages.pot as it stands; None where there is none."""
    path = root / TEMPLATE
    return read_po(BytesIO(path.read_bytes())) if path.exists() else None


def sentences(catalog: Catalog) -> dict[str, str | None]:
    """Return every msgid with its msgid_plural."""
    return {entry.one: entry.many for entry in entries("", catalog)}


def bring_up_to_date(root: Path) -> list[str]:
    """Write messages.pot and every .po that has to change; return what was done, a line each."""
    new, old = extract(root), read_template(root)
    if old is not None and sentences(old) == sentences(new):
        new.creation_date = old.creation_date
    done = _write(root / TEMPLATE, new, root)
    for path in paths(root):
        done += _follow(path, new, root)
    return done


def _follow(path: Path, template: Catalog, root: Path) -> list[str]:
    """Bring one language up to date, and say which translations lost their sentence."""
    with path.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    catalog.update(template, no_fuzzy_matching=True)
    _drop_addresses(catalog)
    gone = [entry for entry in entries("", catalog.obsolete.values()) if any(entry.forms)]
    return [
        *_write(path, catalog, root),
        *(f"  let go: ‹{short(entry.one)}› → ‹{' | '.join(entry.forms)}›" for entry in gone),
    ]


def _drop_addresses(catalog: Catalog) -> None:
    """Take out e-mail addresses, real ones and those that Babel puts there to be filled in."""
    lines = [line for line in catalog.header_comment.splitlines() if not _ADDRESS.search(line)]
    catalog.header_comment = "\n".join(lines)
    catalog.msgid_bugs_address = ""
    catalog.last_translator = _ADDRESS.sub("", catalog.last_translator).replace("FULL NAME", "")
    catalog.language_team = _ADDRESS.sub("", catalog.language_team)


def _write(path: Path, catalog: Catalog, root: Path) -> list[str]:
    content = _rendered(catalog)
    if path.exists() and path.read_bytes() == content:
        return []
    path.write_bytes(content)
    return [f"{path.relative_to(root).as_posix()}: written"]


def _rendered(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, no_location=True, sort_output=True, ignore_obsolete=True)
    content = buffer.getvalue()
    if catalog.locale is None and catalog.locale_identifier:
        # Babel leaves the plural rule of a language out that CLDR does not have; gettext needs it.
        rule = f'"Plural-Forms: {catalog.plural_forms}\\n"\n'.encode()
        content = content.replace(b'"MIME-Version', rule + b'"MIME-Version', 1)
    return content
