"""Every text has a translation, and what is filled into it comes through."""

from __future__ import annotations

import importlib.util
import re
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QLabel

from app import words
from app.commands import COMMANDS, MENUS
from app.studio import trouble_of
from app.words import TRANSLATIONS, said, tr
from engine.errors import EngineError
from tests.app.desk import open_desk

FOLDER = Path(__file__).parents[2] / "resources" / "translations"
LANGUAGES = [path.stem for path in sorted(FOLDER.glob("*.ts"))]


def tool() -> ModuleType:
    """`update.py`, which knows every text of the sources."""
    spec = importlib.util.spec_from_file_location("update", FOLDER / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """A program that speaks German, and forgets it afterwards."""
    before = set(qapp.findChildren(QTranslator))
    locale = QLocale()
    words.install(qapp, "de")
    yield
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(locale)


def fields(text: str) -> list[str]:
    """What is filled into a text."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_sources_is_translated(language: str) -> None:
    update = tool()
    known = update.read(FOLDER / f"{language}.ts")
    for context, texts in (
        (update.APP, update.app_texts()),
        (update.ENGINE, update.engine_texts()),
    ):
        missing = [text for text in texts if not known.get((context, text))]
        assert not missing, f"run {FOLDER / 'update.py'} and translate"
        gone = [text for name, text in known if name == context and text not in texts]
        assert not gone, f"run {FOLDER / 'update.py'}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_in_what_the_originals_do(language: str) -> None:
    for (_, text), translation in tool().read(FOLDER / f"{language}.ts").items():
        if not translation:
            continue  # another test says so
        if "{" in text and text.count("{") == text.count("}"):
            assert fields(translation) == fields(text), text
        assert translation.count("\n") == text.count("\n"), text
        assert text.endswith(("…", ".", ":")) == translation.endswith(("…", ".", ":")), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_translation_is_that_of_the_source(language: str) -> None:
    translator = QTranslator()
    assert translator.load(language, str(TRANSLATIONS))
    for (context, text), translation in tool().read(FOLDER / f"{language}.ts").items():
        if text and context == words.CONTEXT:
            assert translator.translate(context, text) == translation


def test_the_sources_are_searched_for_every_way_a_text_is_given() -> None:
    texts = tool().app_texts()
    assert {c.text for c in COMMANDS} <= set(texts)
    assert {c.why for c in COMMANDS if c.why} <= set(texts)
    assert {c.needs for c in COMMANDS if c.needs} <= set(texts)
    assert set(MENUS) <= set(texts)
    assert "“{0}” is empty." in tool().engine_texts()


def test_the_window_speaks_german(german: None, tmp_path: Path) -> None:
    with open_desk(tmp_path) as program:
        window = program.window
        assert [a.text() for a in window.menuBar().actions()][:2] == ["Datei", "Bearbeiten"]
        assert window.actions_["undo"].text() == "Rückgängig"
        assert window.actions_["separate"].text() == "Gesang trennen"
        assert window.actions_["separate"].toolTip().startswith("Gesang trennen  (Strg+E)\n")
        shown = {label.text() for label in window.findChildren(QLabel)}
        assert "Ein Stück hierher ziehen" in shown


def test_qt_itself_speaks_german(german: None) -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_what_the_engine_says_is_translated_with_what_varies_in_it(german: None) -> None:
    assert said("“Lied.mp3” is empty.") == "„Lied.mp3“ ist leer."
    assert said("MP3 cannot hold 96000 Hz, so it was resampled to 48000 Hz.") == (
        "MP3 kann 96000 Hz nicht aufnehmen, daher wurde auf 48000 Hz umgerechnet."
    )
    assert said("Nobody translated this.") == "Nobody translated this."
    trouble = trouble_of(EngineError("The folder “x {y}” is not there.", "Choose another name."))
    assert trouble.message == "Den Ordner „x {y}“ gibt es nicht."
    assert trouble.hint == "Wählen Sie einen anderen Namen."


def test_texts_are_english_without_a_translation() -> None:
    assert tr("Remove {name}", name="{x}") == "Remove {x}"
    assert said("“Song.mp3” is empty.") == "“Song.mp3” is empty."


@pytest.mark.parametrize(
    ("choice", "system", "code"),
    [("de", "en-GB", "de"), ("system", "de-AT", "de"), ("system", "fr-FR", "en")],
)
def test_the_language_is_the_chosen_one_or_the_systems(
    monkeypatch: pytest.MonkeyPatch, choice: str, system: str, code: str
) -> None:
    monkeypatch.setattr(QLocale, "uiLanguages", lambda _self, *_: [system])
    assert words.wanted_language(choice) == code


def test_no_visible_text_of_a_view_goes_past_the_translations() -> None:
    """Texts that are given to widgets as they stand, without `tr`."""
    past = re.compile(
        r"(?:setText|setToolTip|setWindowTitle|setAccessibleName|setAccessibleDescription"
        r"|setPlaceholderText|QLabel|QCheckBox|TextButton|heading|addItem|set_text)"
        r"\(\s*f?\"([A-Z][^\"]* [^\"]*|[A-Z][a-z]+)\""
    )
    found = [
        f"{path.name}: {text}"
        for path in (FOLDER.parents[1] / "app").rglob("*.py")
        for text in past.findall(path.read_text("utf-8"))
        if not text.startswith("Melic")
    ]
    assert not found
