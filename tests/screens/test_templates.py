"""Both languages hold the same files and keys, and a template can neither forget a value nor an escape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import UndefinedError

from bot.rendering import Mrkdwn, Renderer, label, renderer
from bot.resources import resource
from bot.slack.screens.knowledge import Item
from bot.slack.screens.replies import field_error, refused
from bot.vocabulary import CriterionKind, Indicator, Locale, ObligationKind, Role

TEMPLATES = resource("templates")
LOCALES: tuple[Locale, ...] = ("ja", "en")


def keys(node: Any, path: str = "") -> Iterator[str]:
    """Every path to a text, with the names of the values it is given."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from keys(value, f"{path}.{key}")
    else:
        assert isinstance(node, str), path
        given = sorted(re.findall(r"{(\w+)}", node))
        yield f"{path} {given}"


def test_both_languages_have_the_same_messages() -> None:
    def names(locale: Locale) -> set[str]:
        folder = TEMPLATES / locale / "messages"
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert names("ja") == names("en")


def test_both_languages_have_the_same_labels_with_the_same_values() -> None:
    ja, en = (
        yaml.safe_load((TEMPLATES / name / "screens.yaml").read_text(encoding="utf-8")) for name in LOCALES
    )
    assert set(keys(ja)) == set(keys(en))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sign_has_advice_as_texts(locale: Locale) -> None:
    advice = renderer().data("advice.yaml", locale)
    assert set(advice) == {sign.value for sign in Indicator}
    for entry in advice.values():
        assert set(entry) == {"do", "do_not"}
        assert all(isinstance(text, str) for text in [*entry["do"], *entry["do_not"]])


# What the reporter reads holds no words of law or blame.
NOT_FOR_THE_REPORTER = {
    "ja": (
        "法律",
        "義務",
        "違反",
        "過失",
        "責任を",
        "処分",
        "速やかに",
        "漏えい",
        "報告対象",
        "罰",
        "下さい",
    ),
    "en": ("duty", "obligation", "violation", "fault", "penalty", "breach", "legal", "law"),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_reporter_reads_holds_no_words_of_law_or_blame(locale: Locale) -> None:
    folder = TEMPLATES / locale
    screens = yaml.safe_load((folder / "screens.yaml").read_text(encoding="utf-8"))
    read = [
        (folder / "messages" / "receipt.txt").read_text(encoding="utf-8"),
        (folder / "messages" / "told.txt").read_text(encoding="utf-8"),
        (folder / "messages" / "form_intro.txt").read_text(encoding="utf-8"),
        yaml.safe_dump(screens["first_report"], allow_unicode=True),
    ]
    advice = renderer().data("advice.yaml", locale)
    # 「責任を求めない」 is said about others, not to the reporter.
    advised = [text for entry in advice.values() for text in entry["do"]]
    for word in NOT_FOR_THE_REPORTER[locale]:
        for text in [*read, *advised]:
            assert not re.search(rf"\b{word}\b" if locale == "en" else word, text), (word, text)


def test_a_missing_value_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        Renderer(fresh(tmp_path, "{{ nobody_gave_this }}")).render("messages/x.txt", "ja")


def test_a_value_is_escaped_unless_it_is_ours(tmp_path: Path) -> None:
    rendered = Renderer(fresh(tmp_path, "{{ text }} {{ user | mention }} {{ 'a' ~ text }}"))
    said = rendered.render("messages/x.txt", "ja", text='<!channel> & "x" <@U1>', user="U1")
    assert said == '&lt;!channel&gt; &amp; "x" &lt;@U1&gt; <@U1> a&lt;!channel&gt; &amp; "x" &lt;@U1&gt;'
    assert isinstance(said, Mrkdwn)
    assert rendered.render("messages/x.txt", "ja", text="", user="U1> <!channel") == "U1&gt; &lt;!channel a"


def test_a_long_word_inside_a_sentence_stays_short_and_on_its_line(tmp_path: Path) -> None:
    rendered = Renderer(fresh(tmp_path, "{{ text | one_line }}"))
    assert rendered.render("messages/x.txt", "ja", text="a\n---\n*b*") == "a --- b"
    assert len(rendered.render("messages/x.txt", "ja", text="&" * 3000)) <= 210


def fresh(folder: Path, template: str) -> Path:
    """A folder of templates with one message."""
    for locale in LOCALES:
        (folder / locale / "messages").mkdir(parents=True)
        (folder / locale / "screens.yaml").write_text("a: b", encoding="utf-8")
        (folder / locale / "messages" / "x.txt").write_text(template, encoding="utf-8")
    return folder


@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_can_be_said_with_the_values_it_is_given(locale: Locale) -> None:
    values: dict[str, dict[str, Any]] = {
        "already_acknowledged": {"by": "UMANAGER"},
        "obligations_open": {"obligations": [ObligationKind.PRELIMINARY, ObligationKind.FINAL]},
        "internal": {"reference": "ab12"},
        "document_superseded": {"version": 1, "newest": 2},
        "not_asked_to_approve": {"role": Role.PRIVACY_OFFICE},
        "deviation_needs_reason": {"criteria": [CriterionKind.PUBLISH]},
        **{reason: {"number": "2026-0001"} for reason in ("join_closed", "join_decided", "join_no_duty")},
        "reopen_joined": {"number": "2026-0001"},
    }
    for path in (TEMPLATES / locale / "messages" / "refused").iterdir():
        said = refused(locale, path.stem, values.get(path.stem))
        assert said
        assert "\n\n" not in said
    assert "<@UMANAGER>" in refused(locale, "already_acknowledged", {"by": "UMANAGER"})
    assert refused(locale, "already_acknowledged")
    listed = refused(locale, "obligations_open", values["obligations_open"])
    assert ObligationKind.FINAL.label(locale) in listed


@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_error_can_be_said(locale: Locale) -> None:
    screens = yaml.safe_load((TEMPLATES / locale / "screens.yaml").read_text(encoding="utf-8"))
    for reason in screens["errors"]:
        assert field_error(locale, reason, {"limit": 3000, "value": "<x>", "total": "1,200"})


@pytest.mark.parametrize("locale", LOCALES)
def test_every_item_of_the_report_has_a_name(locale: Locale) -> None:
    assert all(label(f"items.{item}", locale) for item in Item)
