"""The Word file of a document: `Content` poured into a template that office people can edit in Word.

A template is an ordinary .docx with the tags of docxtpl (https://docxtpl.readthedocs.io). It may use
`blocks` (each with `shape`, `text`, `rows`), `title`, `mark` (案, 【訓練】) and `organisation`. The same
content, mark and moment give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.documents.approved import LastPage
from bot.documents.composing import REMEDY, DocumentError, folders
from bot.documents.content import Content, Shape
from bot.organisation import Organisation
from bot.vocabulary import DocumentKind, DocumentState, Locale

#: The looks there are, and the documents that have them.
LETTER: Final = "letter.docx"
SHEET: Final = "sheet.docx"
REPORT: Final = "report.docx"
LOOKS: Final = (LETTER, SHEET, REPORT)
LOOK_OF: Final = {
    DocumentKind.INTERNAL_REPORT: REPORT,
    DocumentKind.PRELIMINARY_SHEET: SHEET,
    DocumentKind.FINAL_SHEET: SHEET,
    DocumentKind.NOTICE_TO_PERSONS: LETTER,
    DocumentKind.PUBLICATION: LETTER,
    DocumentKind.APOLOGY: LETTER,
    DocumentKind.PRESS_FAQ: REPORT,
    DocumentKind.PARTNER_EXPLANATION: LETTER,
    DocumentKind.MINISTRY_EXPLANATION: LETTER,
    DocumentKind.EMPLOYEE_INFORMATION: LETTER,
    DocumentKind.PREVENTION_REPORT: REPORT,
}
#: The earliest moment that a zip file can note.
_FIRST_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


def word_file(
    content: Content,
    organisation: Organisation,
    *,
    mark: str,
    at: datetime,
    notes: bool = True,
    last_page: LastPage | None = None,
) -> bytes:
    """The .docx of this content. In: what stands in its header (empty for nothing), and when it was written.

    `notes` are for those who work on a draft; what goes out is made without them. `last_page` stands behind
    the document, whatever template it is made from. It takes a tenth of a
    second, which is not for the event loop. Raises DocumentError naming the template.
    """
    # Read when a Word file is first made: a third of a second that no start need wait for.
    from docxtpl import DocxTemplate

    path = template_of(content.kind, content.locale, organisation)
    try:
        template = DocxTemplate(str(path))
        template.render(
            {
                "title": content.title,
                "blocks": [b for b in content.blocks if notes or b.shape is not Shape.NOTE],
                "mark": mark,
                "organisation": organisation.name,
            },
            jinja_env=SandboxedEnvironment(autoescape=True, undefined=StrictUndefined),
        )
        if last_page is not None:
            _append(template.docx, last_page)
        about = template.docx.core_properties
        about.author = about.last_modified_by = organisation.name
        about.title = content.title[:255]
        about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        written = io.BytesIO()
        template.save(written)
    except TemplateError as error:
        what = getattr(error, "message", None) or str(error)
        raise DocumentError(f"{path}: {what}.", REMEDY) from error
    except Exception as error:  # whatever is wrong inside a file that somebody made, it is that file
        raise DocumentError(f"{path}: not a usable Word file ({type(error).__name__}).", REMEDY) from error
    return _without_dates(written.getvalue())


def _append(document: Any, page: LastPage) -> None:
    """A page of its own, with nothing but what every Word file has: no style of the template's is needed."""
    document.add_page_break()
    document.add_paragraph().add_run(page.heading).bold = True
    for row in page.rows:
        line = document.add_paragraph()
        line.add_run(f"{row.label}　").bold = True
        line.add_run(row.value)
    document.add_paragraph(page.note)


def template_of(kind: DocumentKind, locale: Locale, organisation: Organisation) -> Path:
    """The Word template of a kind: the organisation's for that kind, its look, or the program's own look."""
    for folder in folders(organisation, locale):
        for name in (f"{kind.value}.docx", LOOK_OF[kind]):
            if (folder / name).is_file():
                return folder / name
    raise DocumentError(f"{LOOK_OF[kind]}: there is no such template.", "Install leakbot again.")


def file_name(number: str, content: Content, version: int, state: DocumentState = DocumentState.DRAFT) -> str:
    """What the file is called: number, kind and version, and whether it is approved; nothing of the case."""
    name = content.kind.label(content.locale).replace(" ", "_")
    approved = "" if state is DocumentState.DRAFT else f"_{state.label(content.locale).replace(' ', '_')}"
    return f"{number}_{name}_v{version}{approved}.docx"


def _without_dates(archive: bytes) -> bytes:
    """The same archive with fixed dates of its members, so that equal documents are equal files."""
    tidy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(tidy, "w") as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, _FIRST_ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return tidy.getvalue()
