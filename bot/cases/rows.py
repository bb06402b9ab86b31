"""Rows in hand, by the names of their columns: about to be written, or read only in part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlmodel import SQLModel

#: A row by the names of its columns.
Row = dict[str, Any]


def row_of(table: type[SQLModel], **values: Any) -> Row:
    """A row of this table: what is not given is as the table has it for a new one."""
    return {**_defaults(table), **values}


def as_read(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Rows in hand as they would be read: each value an attribute."""
    return [SimpleNamespace(**row) for row in rows]


@cache
def _defaults(table: type[SQLModel]) -> Row:
    fields = {name: field for name, field in table.model_fields.items() if name != "id"}
    return {
        name: field.get_default(call_default_factory=True, validated_data={})
        for name, field in fields.items()
        if not field.is_required()
    }
