"""The Word files: they open, hold every word, and look as offices expect."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from bot.documents.checking import check_templates
from bot.documents.composing import Composer, DocumentError
from bot.documents.content import Content, Shape
from bot.documents.word import LOOK_OF, LOOKS, file_name, template_of, word_file
from bot.errors import ConfigurationError
from bot.resources import resource
from bot.vocabulary import DocumentKind, Locale
from tests.documents.situations import CASES, COMPANY, KINDS, LOCALES, empty, full
from tests.screens import situations as s

COMPOSER = Composer(COMPANY)


def content_of(kind: DocumentKind, locale: Locale, situation: str = "full") -> Content:
    return COMPOSER.compose(kind, locale, CASES[situation](), s.NOW)


def opened(content: Content, mark: str = "案　第1版") -> Any:
    return Document(io.BytesIO(word_file(content, COMPANY, mark=mark, at=s.NOW)))


def words_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.parametrize("situation", ["full", "hostile"])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_word_stands_in_the_file(kind: DocumentKind, locale: Locale, situation: str) -> None:
    content = content_of(kind, locale, situation)
    document = opened(content)
    said = words_of(document)
    for block in content.blocks:
        for text in [block.text, *(x for row in block.rows for x in (row.label, row.value))]:
            assert text in said
    assert "{%" not in said.replace("{% raw %}", "")
    assert document.sections[0].header.paragraphs[0].text == "案　第1版"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_look_is_a4_with_japanese_fonts_and_page_numbers(look: str, locale: Locale) -> None:
    document = Document(str(resource("templates") / locale / "documents" / look))
    section: Any = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= section.left_margin.mm <= 30
    for name in ("Normal", "Title", "Heading 1", "Body Text", "Cell Name", "Cell Value"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")).startswith("游")
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    codes = [f.get(qn("w:instr")) for f in section.footer._element.iter(qn("w:fldSimple"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_the_same_words_are_the_same_file() -> None:
    content = content_of(DocumentKind.PUBLICATION, "ja")
    one, other = (word_file(content, COMPANY, mark="案", at=s.NOW) for _ in range(2))
    assert one == other
    assert zipfile.ZipFile(io.BytesIO(one)).testzip() is None


def test_what_goes_out_is_made_without_notes_and_mark() -> None:
    content = content_of(DocumentKind.NOTICE_TO_PERSONS, "ja")
    notes = [block.text for block in content.blocks if block.shape is Shape.NOTE]
    assert notes
    clean = Document(io.BytesIO(word_file(content, COMPANY, mark="", at=s.NOW, notes=False)))
    assert not any(note in words_of(clean) for note in notes)
    assert clean.sections[0].header.paragraphs[0].text == ""


def test_the_name_of_a_file_holds_number_and_kind_only() -> None:
    content = content_of(DocumentKind.APOLOGY, "ja")
    assert file_name("2026-0001", content, 3) == "2026-0001_お詫び（社告）_v3.docx"


def own(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_the_companys_own_templates_come_first(tmp_path: Path) -> None:
    look = (resource("templates") / "ja" / "documents" / "letter.docx").read_bytes()
    company = replace(COMPANY, templates=tmp_path)
    path = own(tmp_path, "ja/letter.docx", look)
    assert template_of(DocumentKind.APOLOGY, "ja", company) == path
    assert template_of(DocumentKind.APOLOGY, "en", company) != path
    special = own(tmp_path, "ja/apology.docx", look)
    assert template_of(DocumentKind.APOLOGY, "ja", company) == special
    own(tmp_path, "ja/apology.md", "# 当社のお詫び\n{{ organisation }}\n{{ out.cause }}\n")
    made = Composer(company).compose(DocumentKind.APOLOGY, "ja", empty(), s.NOW)
    assert made.title == "当社のお詫び"
    check_templates(company)


BROKEN = {
    "ja/letter.docx": b"no zip",
    "ja/apology.md": b"# a\n{{ nobody }}\n",
    "ja/apologie.md": b"# a\n",
    "apology.md": b"# a\nb\n",
    "fr/apology.md": b"# a\nb\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_is_one_clear_line(tmp_path: Path, name: str) -> None:
    own(tmp_path, name, BROKEN[name])
    with pytest.raises(ConfigurationError) as error:
        check_templates(replace(COMPANY, templates=tmp_path))
    assert name.split("/")[-1] in str(error.value)
    assert "\n" not in error.value.line()
    assert error.value.remedy


def test_a_tag_that_is_wrong_in_a_word_file_names_the_file(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("{{ nobody }}")
    written = io.BytesIO()
    document.save(written)
    path = own(tmp_path, "ja/report.docx", written.getvalue())
    content = content_of(DocumentKind.PRESS_FAQ, "ja")
    with pytest.raises(DocumentError, match="nobody") as error:
        word_file(content, replace(COMPANY, templates=tmp_path), mark="", at=s.NOW)
    assert str(error.value).startswith(str(path))


def test_every_kind_has_a_look() -> None:
    assert set(LOOK_OF) == set(DocumentKind)
    assert full().items
