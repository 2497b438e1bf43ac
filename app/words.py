"""Words a person reads: every visible text goes through `tr`, so that it can be translated.

The English text itself is the key. Translations are `resources/translations/*.ts`; see
`resources/translations/update.py` for how they are made from the sources.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

CONTEXT = "Melic"
ENGINE = "Engine"  # context of what the engine says; its texts have {0}, {1} … for what varies
TRANSLATIONS = Path(__file__).parents[1] / "resources" / "translations"
LANGUAGES = {"en": "English", "de": "Deutsch"}  # each in its own words


def tr(text: str, /, **values: object) -> str:
    """`text` in the person's language; `{name}` is then filled in from `values`.

    `text` must be a literal where it is called, so that the sources list every text there is.
    Before a translation is installed, and without an application, it is the English itself.
    """
    said = QCoreApplication.translate(CONTEXT, text)
    return said.format(**values) if values else said


def marked(text: str) -> str:
    """Enter a text of a table into the translations; where it is shown, `tr` looks it up."""
    return text


def said(text: str) -> str:
    """What the engine said, in the person's language as far as that is known.

    The engine knows no screen and says English; what varies in it is carried over.
    """
    language = QCoreApplication.translate(CONTEXT, "__language__")
    if language not in LANGUAGES or not text:
        return text
    for pattern, translation in _patterns(language):
        found = pattern.fullmatch(text)
        if found is not None:
            return translation.format(*map(said, found.groups()))  # a sentence may hold another
    return text


@lru_cache(maxsize=4)
def _patterns(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """Texts of the engine with what stands for them, those with the most fixed words first."""
    texts = []
    root = ElementTree.parse(TRANSLATIONS / f"{language}.ts").getroot()
    for context in root.iter("context"):
        if context.findtext("name") != ENGINE:
            continue
        for message in context.iter("message"):
            source, translation = message.findtext("source"), message.findtext("translation")
            if source and translation:
                texts.append((source, translation))
    texts.sort(key=lambda pair: -len(re.sub(r"\{\d+\}", "", pair[0])))
    return [(_pattern(source), translation) for source, translation in texts]


def _pattern(source: str) -> re.Pattern[str]:
    parts = re.split(r"\{\d+\}", source)
    return re.compile("(.*)".join(re.escape(part) for part in parts), re.DOTALL)


def wanted_language(choice: str) -> str:
    """The code of the language to speak: a person's `choice`, or for "system" the computer's."""
    if choice in LANGUAGES:
        return choice
    own = QLocale.system().uiLanguages() or [QLocale.system().name()]
    spoken = (name.replace("_", "-").split("-")[0] for name in own)
    return next((code for code in spoken if code in LANGUAGES), "en")


def install(app: QCoreApplication, choice: str) -> str:
    """Let the program, and Qt's own dialogs, speak `choice`; returns the language's code."""
    code = wanted_language(choice)
    QLocale.setDefault(QLocale.system() if choice == "system" else QLocale(code))
    for name, folder in (
        (f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        (code, str(TRANSLATIONS)),
    ):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
    return code
