"""What a document says: a frozen value with a canonical form and a hash, whatever it will look like.

An approval holds for exactly this hash. The canonical form is JSON with sorted keys, UTF-8, no spaces.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.vocabulary import DocumentKind, Locale


class Shape(StrEnum):
    """What a block of a document is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    RIGHT = "right"  # dates, senders
    CENTRE = "centre"  # 記
    BULLET = "bullet"
    ROWS = "rows"  # a table of names and values
    NOTE = "note"  # to whoever works on the draft; not part of what goes out


@dataclass(frozen=True, slots=True)
class Row:
    """A field and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block, from top to bottom. `rows` for ROWS only, `text` for all others; text may have lines."""

    shape: Shape
    text: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A document's words. `drill` marks it in every form it takes."""

    kind: DocumentKind
    locale: Locale
    blocks: tuple[Block, ...]
    drill: bool = False

    @property
    def title(self) -> str:
        """What the document is called, as it stands in it."""
        return next(block.text for block in self.blocks if block.shape is Shape.TITLE)

    def to_json(self) -> dict[str, Any]:
        """The content as JSON values; the opposite of `from_json`."""
        return {
            "kind": self.kind.value,
            "locale": self.locale,
            "drill": self.drill,
            "blocks": [_block_json(block) for block in self.blocks],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Content:
        """The content that `to_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            kind=DocumentKind.of(value["kind"]),
            locale="ja" if value["locale"] == "ja" else "en",
            blocks=tuple(_block(block) for block in value["blocks"]),
            drill=value["drill"],
        )

    def canonical(self) -> bytes:
        """The one form of these words that is hashed."""
        written = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return written.encode("utf-8")

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form, in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def text(self) -> str:
        """The words alone, one block a paragraph."""
        return "\n".join(_block_text(block) for block in self.blocks)


def _block_json(block: Block) -> dict[str, Any]:
    if block.shape is Shape.ROWS:
        return {"shape": block.shape.value, "rows": [[row.label, row.value] for row in block.rows]}
    return {"shape": block.shape.value, "text": block.text}


def _block(value: Mapping[str, Any]) -> Block:
    rows = tuple(Row(label, written) for label, written in value.get("rows", ()))
    return Block(Shape(value["shape"]), value.get("text", ""), rows)


def _block_text(block: Block) -> str:
    if block.shape is Shape.ROWS:
        return "\n".join(f"{row.label}\t{row.value}" for row in block.rows)
    return block.text
