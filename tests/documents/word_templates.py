"""Makes the Word templates that come with the program: `python -m tests.documents.word_templates`.

A4, margins and fonts as Japanese offices use them; afterwards they are ordinary Word files anybody edits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from bot.resources import resource

SERIF = {"ja": ("Times New Roman", "游明朝"), "en": ("Times New Roman", "游明朝")}
SANS = {"ja": ("Arial", "游ゴシック"), "en": ("Arial", "游ゴシック")}
GREY = "EFEFEF"
LINE = "8C8C8C"


def fonts(style: Any, names: tuple[str, str]) -> None:
    """The style's Latin and East Asian fonts, in place of the theme's."""
    latin, japanese = names
    found = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(found.attrib):
        del found.attrib[key]
    for key, name in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", japanese)):
        found.set(qn(f"w:{key}"), name)


def element(name: str, **values: str) -> Any:
    """A new element of WordprocessingML with attributes of its namespace."""
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def style(
    document: Any,
    name: str,
    locale: str,
    size: float,
    *,
    sans: bool = False,
    bold: bool = False,
    before: float = 0,
    after: float = 4,
    line: float = 1.0,
    colour: str = "000000",
) -> Any:
    """One paragraph style. Lines have an exact height: 游明朝 would otherwise be drawn far apart."""
    if name not in document.styles:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    found = document.styles[name]
    fonts(found, (SANS if sans else SERIF)[locale])
    found.font.size, found.font.bold, found.font.italic = Pt(size), bold, False
    found.font.color.rgb = RGBColor.from_string(colour)
    form = found.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * line)
    return found


def page(document: Any) -> None:
    """A4 with margins, without a character grid."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.header_distance = section.footer_distance = Mm(12)


def field(paragraph: Any, code: str) -> None:
    """A field of Word, as PAGE."""
    made = element("w:fldSimple", instr=code)
    run = element("w:r")
    text = element("w:t")
    text.text = "1"
    run.append(text)
    made.append(run)
    paragraph._p.append(made)


def head_and_foot(document: Any, locale: str) -> None:
    """案 and 【訓練】 above, page numbers below."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    head.add_run("{{ mark }}").bold = True
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field(foot, "PAGE")
    foot.add_run(" / ")
    field(foot, "NUMPAGES")
    for name in ("Header", "Footer"):
        style(document, name, locale, 9, sans=True, line=1.3, after=0)


def only(document: Any, shape: str, style_name: str, alignment: Any = None) -> None:
    """One shape of block as a paragraph of this style."""
    document.add_paragraph('{%p if block.shape == "' + shape + '" %}')
    made = document.add_paragraph("{{ block.text }}", style=style_name)
    if alignment is not None:
        made.alignment = alignment
    document.add_paragraph("{%p endif %}")


def table(document: Any, first: float, second: float, label_style: str, value_style: str) -> None:
    """Names on the left on grey, values on the right; rows of one page stay on it."""
    document.add_paragraph('{%p if block.shape == "rows" %}')
    made = document.add_table(rows=3, cols=2)
    made.autofit = False
    for column, width in zip(made.columns, (first, second), strict=True):
        column.width = Mm(width)
    properties = made._tbl.tblPr
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=LINE))
    properties.append(borders)
    margins = element("w:tblCellMar")
    for side, room in (("top", "40"), ("left", "100"), ("bottom", "40"), ("right", "100")):
        margins.append(element(f"w:{side}", w=room, type="dxa"))
    properties.append(margins)
    for row, texts in zip(
        made.rows,
        (
            ("{%tr for row in block.rows %}", ""),
            ("{{ row.label }}", "{{ row.value }}"),
            ("{%tr endfor %}", ""),
        ),
        strict=True,
    ):
        for cell, text, width in zip(row.cells, texts, (first, second), strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].text = text
    label, value = made.rows[1].cells
    label.paragraphs[0].style, value.paragraphs[0].style = label_style, value_style
    label._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=GREY))
    made.rows[1]._tr.get_or_add_trPr().append(element("w:cantSplit"))
    document.add_paragraph("", style="Gap")
    document.add_paragraph("{%p endif %}")


def make(look: str, locale: str) -> Any:
    """The template of one look in one language."""
    document = Document()
    for paragraph in list(document.paragraphs):
        paragraph._p.getparent().remove(paragraph._p)
    page(document)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(
        element("w:lang", val="ja-JP" if locale == "ja" else "en-GB", eastAsia="ja-JP", bidi="ar-SA")
    )
    letter, sheet = look == "letter", look == "sheet"
    sans = sheet
    style(document, "Normal", locale, 10.5, sans=sans, line=1.65)
    style(
        document, "Title", locale, 14 if letter else 15, sans=True, bold=True, before=14, after=16, line=1.5
    )
    style(document, "Heading 1", locale, 11, sans=True, bold=True, before=10, after=4, line=1.6)
    style(document, "Body Text", locale, 10.5, sans=sans, line=1.65, after=5)
    style(document, "Draft Note", locale, 9, sans=True, line=1.6, after=4, colour="5A5A5A")
    style(document, "Gap", locale, 4, line=1.2, after=0)
    style(document, "List Bullet", locale, 10.5, sans=sans, line=1.65, after=3)
    cell = 9.5 if sheet else 10
    style(document, "Cell Name", locale, cell, sans=True, line=1.55, after=0)
    style(document, "Cell Value", locale, cell, sans=sans, line=1.6, after=0)
    title = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if (border := title.element.pPr.find(qn("w:pBdr"))) is not None:
        title.element.pPr.remove(border)
    document.styles["Heading 1"].paragraph_format.keep_with_next = True
    head_and_foot(document, locale)
    document.add_paragraph("{%p for block in blocks %}")
    only(document, "title", "Title")
    only(document, "heading", "Heading 1")
    only(document, "paragraph", "Body Text")
    only(document, "right", "Body Text", WD_ALIGN_PARAGRAPH.RIGHT)
    only(document, "centre", "Body Text", WD_ALIGN_PARAGRAPH.CENTER)
    only(document, "bullet", "List Bullet")
    table(document, *((45, 115) if not sheet else (48, 112)), "Cell Name", "Cell Value")
    only(document, "note", "Draft Note")
    document.add_paragraph("{%p endfor %}")
    return document


def main() -> None:
    """Write every template to where it belongs."""
    for locale in ("ja", "en"):
        for look in ("letter", "report", "sheet"):
            folder: Path = resource("templates") / locale / "documents"
            make(look, locale).save(str(folder / f"{look}.docx"))


if __name__ == "__main__":
    main()
