"""`make strings`: the catalogues follow the code, and nothing else changes."""

import shutil
from pathlib import Path

import pytest

from locales.catalogues import ROOT, read
from locales.check import main
from locales.extraction import SOURCES, bring_up_to_date
from tests.locales.project import TALK, Project


def test_writing_twice_changes_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    before = project.files()
    assert main(["--write"], project.root) == 0
    assert project.files() == before
    assert capsys.readouterr().out == "Nothing has changed.\n"


def test_dates_stay_when_sentences_stay(project: Project) -> None:
    project.edit(project.pot, "POT-Creation-Date: 20", "POT-Creation-Date: 19")
    dated = [line for line in project.pot.read_text(encoding="utf-8").splitlines() if "POT-Creation" in line]
    (project.root / "bot" / "again.py").write_text(f"A = N_({TALK!r})\n", encoding="utf-8")
    bring_up_to_date(project.root)
    assert dated[0] in project.pot.read_text(encoding="utf-8")
    assert dated[0] in project.po("ru").read_text(encoding="utf-8")


def test_a_new_sentence_comes_in_untranslated_and_nothing_is_guessed(project: Project) -> None:
    (project.root / "bot" / "new.py").write_text('A = N_("Talk to a person now")\n', encoding="utf-8")
    bring_up_to_date(project.root)
    new = read(project.po("ru"), project.root).by_sentence["Talk to a person now"]
    assert new.forms == ("",)
    assert not new.fuzzy


def test_a_translation_whose_sentence_is_gone_is_let_go_and_told(project: Project) -> None:
    code = project.root / "handlers" / "talking.py"
    project.edit(code, 'N_("Press “Talk to a person” and write to us.")', "TALK")
    told = bring_up_to_date(project.root)
    assert any("let go: ‹Press “Talk" in line and "Нажмите" in line for line in told)
    assert project.problems() == []


def test_comments_of_translators_stay(project: Project) -> None:
    project.edit(project.po("ru"), '\nmsgid "Talk', '\n# as on the door\nmsgid "Talk')
    (project.root / "bot" / "new.py").write_text('A = N_("It is new.")\n', encoding="utf-8")
    bring_up_to_date(project.root)
    assert '# as on the door\nmsgid "Talk' in project.po("ru").read_text(encoding="utf-8")


def test_no_path_and_no_address_is_written(project: Project) -> None:
    project.edit(project.po("ru"), "Last-Translator: ", "Last-Translator: Малика <malika@example.org>")
    bring_up_to_date(project.root)
    assert '"Last-Translator: Малика\\n"' in project.po("ru").read_text(encoding="utf-8")
    for content in project.files().values():
        assert b"@" not in content
        assert str(project.root).encode() not in content
        assert b"#:" not in content


def test_the_plural_rule_of_a_language_unknown_to_cldr_stays(project: Project) -> None:
    project.translate("tr", TALK, "Къамаьл де")
    shutil.move(project.root / "locales" / "tr", project.root / "locales" / "inh")
    project.edit(project.po("inh"), "Language: tr", "Language: inh")
    bring_up_to_date(project.root)
    assert "Plural-Forms: nplurals=1" in project.po("inh").read_text(encoding="utf-8")
    assert project.problems() == []


def test_nothing_is_written_while_a_mark_is_wrong(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / "bot" / "new.py").write_text("A = f\"{turn.t(N_('Good day.'))}\"\n", encoding="utf-8")
    before = project.files()
    assert main(["--write"], project.root) == 1
    assert project.files() == before
    assert "Nothing was written" in capsys.readouterr().out


def test_on_the_real_catalogues_writing_settles_at_once(tmp_path: Path) -> None:
    for name in (*SOURCES, "locales"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "babel.cfg", tmp_path)
    bring_up_to_date(tmp_path)
    assert bring_up_to_date(tmp_path) == []
