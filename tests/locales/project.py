"""A small project with code and catalogues of its own, to break in one place at a time."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from textwrap import dedent

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.pages import page_path
from locales.catalogues import MARKED, UNREVIEWED
from locales.check import check
from locales.extraction import SOURCES, bring_up_to_date, extract

CODE = """
from casework.words import N_

TALK = N_("Talk to a person")
_HOW = N_("Press “Talk to a person” and write to us.")
_GREETING = N_("Good day, {name}. Nobody can promise how it ends.")
_BOLD = N_("Your request has <b>arrived</b> after 12 days.")


def show(turn):
    turn.button(TALK, "talk")
    turn.say(turn.t(_HOW), turn.t(_GREETING, name="Малика"), turn.t(_BOLD))
    return turn.locale.plural("{n} person", "{n} persons", 3)
"""
TALK, HOW = "Talk to a person", "Press “Talk to a person” and write to us."
GREETING = "Good day, {name}. Nobody can promise how it ends."
BOLD = "Your request has <b>arrived</b> after 12 days."
PERSONS = "{n} person"

Forms = str | tuple[str, ...]
RUSSIAN: dict[str, Forms] = {
    TALK: "Поговорить с человеком",
    HOW: "Нажмите «Поговорить с человеком» и напишите нам.",
    GREETING: "Добрый день, {name}. Никто не может обещать, чем это кончится.",
    BOLD: "Ваш запрос <b>получен</b> через 12 дней.",
    PERSONS: ("{n} человек", "{n} человека", "{n} человек"),
}
ARABIC: dict[str, Forms] = {
    TALK: "التحدث إلى شخص",
    HOW: "يمكن الضغط على «التحدث إلى شخص» والكتابة إلينا.",
    GREETING: "مرحبًا {name}. لا أحد يعرف كيف ينتهي الأمر.",
    BOLD: "وصل <b>الطلب</b> بعد ١٢ يومًا.",
    PERSONS: ("لا أحد", "شخص واحد", "شخصان", "{n} أشخاص", "{n} شخصًا", "{n} شخص"),
}
PAGE = {
    "en": "# Who decides\n\nPress “Talk to a person”, and *ask*:\n\n- who\n- when\n\nNobody can promise more.\n",
    "ru": "# Кто решает\n\nНажмите «Поговорить с человеком».\n\nНикто не может обещать больше.\n",
    "ar": "<!-- a remark -->\n\n# مَن يقرر\n\nيمكن الضغط على «التحدث إلى شخص».\n",
}
_DAY = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


class Project:
    """A tree that passes, Chechen in it with nothing but gaps. `translations` are by language; `save` writes the
    files anew.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.translations = {"ru": dict(RUSSIAN), "ar": dict(ARABIC), "ce": {}}
        for folder in SOURCES:
            (root / folder).mkdir()
        (root / "babel.cfg").write_text("[python: **.py]\n", encoding="utf-8")
        (root / "handlers" / "talking.py").write_text(CODE, encoding="utf-8")
        self.save()
        for language, page in PAGE.items():
            self.write_page(language, page)
        bring_up_to_date(root)

    def po(self, language: str) -> Path:
        return self.root / "locales" / language / "LC_MESSAGES" / "messages.po"

    @property
    def pot(self) -> Path:
        return self.root / "locales" / "messages.pot"

    def save(self) -> None:
        for language in self.translations:
            self._save(language)

    def translate(self, language: str, sentence: str, forms: Forms) -> None:
        self.translations.setdefault(language, {})[sentence] = forms
        self._save(language)

    def write_code(self, code: str) -> None:
        """Add a module, and bring the catalogues up to date with it."""
        (self.root / "handlers" / "more.py").write_text(dedent(code), encoding="utf-8")
        bring_up_to_date(self.root)

    def write_page(self, language: str, page: str, key: str = "decides") -> Path:
        path = page_path(self.root / "locales", language, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
        return path

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def problems(self) -> list[str]:
        return [str(problem) for problem in check(self.root)]

    def files(self) -> dict[str, bytes]:
        return {path.as_posix(): path.read_bytes() for path in sorted((self.root / "locales").rglob("*.po*"))}

    def _save(self, language: str) -> None:
        catalog = Catalog(locale=language, creation_date=_DAY, revision_date=_DAY, fuzzy=False)
        for message in extract(self.root):
            if message.id:
                one = message.id if isinstance(message.id, str) else message.id[0]
                forms = self.translations[language].get(one)
                comments = [UNREVIEWED] if forms and language in MARKED else []
                catalog.add(message.id, forms, user_comments=comments)
        self.po(language).parent.mkdir(parents=True, exist_ok=True)
        content = BytesIO()
        write_po(content, catalog, no_location=True, sort_output=True)
        self.po(language).write_bytes(content.getvalue())
