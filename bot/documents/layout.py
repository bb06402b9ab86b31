"""The small format of the text templates: one line a block, told by its first sign.

    # title            ## heading         > to the right     ^ in the middle
    - bullet           | name | value     ! note to whoever works on the draft
    anything else is a paragraph; empty lines are nothing

What people typed can never be taken for a sign: every value is sealed as it is printed, and opened only
after the lines have been read.
"""

from __future__ import annotations

from bot.documents.content import Block, Content, Row, Shape
from bot.vocabulary import DocumentKind, Locale

#: Signs of the format, and the noncharacters (never part of any text) that stand for them inside a value.
_SIGNS = "\n|#>^-! \t"
_SEALED = {ord(sign): chr(0xFDD0 + n) for n, sign in enumerate(_SIGNS)}
_OPENED = {0xFDD0 + n: sign for n, sign in enumerate(_SIGNS)}
#: What no document may hold: control characters (a Word file with them does not open) and noncharacters.
_BANNED = {
    **dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)]),
    **dict.fromkeys([0xFFFE, 0xFFFF]),
    **dict.fromkeys(range(0xD800, 0xE000)),
    **dict.fromkeys(range(0xFDD0, 0xFDF0)),
}

_SHAPES = {
    "# ": Shape.TITLE,
    "## ": Shape.HEADING,
    "> ": Shape.RIGHT,
    "^ ": Shape.CENTRE,
    "- ": Shape.BULLET,
    "! ": Shape.NOTE,
}


class LayoutError(ValueError):
    """The text does not follow the format. `line` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def seal(value: str) -> str:
    """A value as it is printed into the text: none of the format's signs stand in it any more."""
    tidy = "\n".join(value.translate(_BANNED).replace("\r\n", "\n").replace("\r", "\n").splitlines())
    return tidy.strip().translate(_SEALED)


def read(text: str, kind: DocumentKind, locale: Locale, *, drill: bool) -> Content:
    """The content that a rendered text template describes. Raises LayoutError."""
    blocks: list[Block] = []
    for at, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip(" \t")
        before = blocks[-1] if blocks else None
        if not stripped:
            continue
        if stripped.startswith("|"):
            rows = before.rows if before and before.shape is Shape.ROWS else ()
            blocks[-1 if rows else len(blocks) :] = [Block(Shape.ROWS, rows=(*rows, _row(stripped, at)))]
        else:
            marked = f"{stripped} "
            sign = next((sign for sign in _SHAPES if marked.startswith(sign)), "")
            shape = _SHAPES.get(sign, Shape.PARAGRAPH)
            blocks.append(Block(shape, _opened(marked.removeprefix(sign), at)))
    if [block.shape for block in blocks].count(Shape.TITLE) != 1:
        raise LayoutError(1, "one line is the title and begins with #, no more and no less")
    return Content(kind, locale, tuple(blocks), drill)


def _row(line: str, at: int) -> Row:
    cells = line.removeprefix("|").split("|")
    if len(cells) == 3 and not cells[-1]:
        cells.pop()  # the line was closed at its end
    if len(cells) != 2:
        raise LayoutError(at, "a row is | name | value")
    return Row(_opened(cells[0], at), _opened(cells[1], at))


def _opened(sealed: str, at: int) -> str:
    """What stood there before it was sealed; nothing is ever left blank."""
    opened = sealed.translate(_OPENED).strip(" \t\n")  # an ideographic space indents a paragraph
    if not opened.strip():
        raise LayoutError(at, "nothing stands there; write the value, or leave the line away")
    return opened
