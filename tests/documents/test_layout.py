"""The small format: what people typed is never taken for its signs, and nothing stays blank."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.content import Block, Content, Row, Shape
from bot.documents.layout import LayoutError, read, seal
from bot.vocabulary import DocumentKind

KIND = DocumentKind.INTERNAL_REPORT
HOSTILE = ("# title", "## heading", "> right", "| a | b", "- bullet", "! note", "a\n# b\n| c | d", "^ x", "|")


def content(text: str) -> Content:
    return read(text, KIND, "ja", drill=False)


def test_every_sign_makes_its_block() -> None:
    read_ = content("> 右\n# 題\n^ 記\n## 見出し\n本文です。\n- 点\n| 名 | 値\n| 名2 | 値2\n! 注\n> 以上\n")
    assert [block.shape for block in read_.blocks] == [
        *(Shape.RIGHT, Shape.TITLE, Shape.CENTRE, Shape.HEADING, Shape.PARAGRAPH, Shape.BULLET),
        *(Shape.ROWS, Shape.NOTE, Shape.RIGHT),
    ]
    assert read_.title == "題"
    assert read_.blocks[6].rows == (Row("名", "値"), Row("名2", "値2"))


@pytest.mark.parametrize("typed", HOSTILE)
def test_typed_signs_stay_words(typed: str) -> None:
    made = content(f"# 題\n{seal(typed)}\n| 名 | {seal(typed)}\n")
    assert made.blocks[1] == Block(Shape.PARAGRAPH, typed)
    assert made.blocks[2].rows == (Row("名", typed),)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), min_size=1))
def test_any_words_come_back_as_they_were(typed: str) -> None:
    if not typed.strip():
        return
    made = content(f"# 題\n| 名 | {seal(typed)}\n")
    assert made.blocks[1].rows[0].value == typed.strip()


@given(st.text(min_size=1))
def test_nothing_that_breaks_a_word_file_gets_in(typed: str) -> None:
    sealed = seal(typed)
    if not sealed.strip():
        return
    value = content(f"# 題\n| 名 | {sealed}x\n").blocks[1].rows[0].value
    assert all(unicodedata.category(sign) not in ("Cc", "Cs") or sign in "\n\t" for sign in value)
    value.encode("utf-8")


@pytest.mark.parametrize(
    "text", ["no title", "# a\n# b", "# a\n| only", "# a\n| a | b | c", "# a\n| a | ", "# a\n> \n"]
)
def test_what_does_not_follow_the_format_is_refused(text: str) -> None:
    with pytest.raises(LayoutError):
        content(text)


blocks = st.one_of(
    st.builds(
        Block, st.sampled_from([s for s in Shape if s is not Shape.ROWS]), st.text(min_size=1, max_size=20)
    ),
    st.builds(
        lambda rows: Block(Shape.ROWS, rows=tuple(rows)),
        st.lists(st.builds(Row, st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=3),
    ),
)
contents = st.builds(
    lambda kind, locale, found, drill: Content(kind, locale, tuple(found), drill),
    st.sampled_from(list(DocumentKind)),
    st.sampled_from(["ja", "en"]),
    st.lists(blocks, max_size=5),
    st.booleans(),
)


@given(contents)
def test_a_content_comes_back_from_json_with_the_same_hash(made: Content) -> None:
    again = Content.from_json(made.to_json())
    assert again == made
    assert again.hash == made.hash


@given(contents, contents)
def test_the_same_words_have_the_same_hash_and_others_another(one: Content, other: Content) -> None:
    assert (one.hash == other.hash) == (one == other)
