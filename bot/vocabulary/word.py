"""The shape of a word: an identifier with its labels."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

Locale = Literal["ja", "en"]


class Word(StrEnum):
    """An identifier with its labels. `str(word)` is the identifier, `word.label(locale)` what people read."""

    ja: str
    en: str

    def __new__(cls, value: str, ja: str, en: str) -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.ja = ja
        word.en = en
        return word

    @classmethod
    def named(cls, value: object) -> Self | None:
        """The word with this identifier, None for anything else."""
        word = cls._value2member_map_.get(value)
        return word if isinstance(word, cls) else None

    @classmethod
    def of(cls, value: object) -> Self:
        """The word with this identifier. Raises ValueError for anything else."""
        if (word := cls.named(value)) is None:
            raise ValueError(f"{value!r} is no {cls.__name__}")
        return word

    def label(self, locale: Locale) -> str:
        """The word as people read it, in `locale`."""
        return self.ja if locale == "ja" else self.en
