"""What a message says as a person reads it, from what Slack has of it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from bot.slack.said import digest, readable, said


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A &amp; B &lt;b&gt;", "A & B <b>"),
        ("<@U0MANAGER> さん", "<@U0MANAGER> さん"),
        ("<@U0MANAGER|buchou> さん", "<@U0MANAGER> さん"),
        ("<#C012|general> と <#C013>", "#general と #C013"),
        ("<!here> <!channel|channel> <!subteam^S1|@csirt>", "@here channel @csirt"),
        ("<!date^1392734382^{date}|2月18日>", "2月18日"),
        ("<https://example.jp/a?b=1&amp;c=2>", "https://example.jp/a?b=1&c=2"),
        ("<https://example.jp|ここ>を見る", "ここ (https://example.jp)を見る"),
        ("<http://example.jp|example.jp>", "http://example.jp"),
        ("<mailto:a@example.jp|a@example.jp>", "a@example.jp"),
        ("<tel:0312345678|03-1234-5678>", "03-1234-5678 (0312345678)"),
        ("1 &lt; 2 < 3", "1 < 2 < 3"),
        ("", ""),
    ],
)
def test_slacks_marks_read_as_words(text: str, read: str) -> None:
    assert readable(text) == read


def test_a_persons_blocks_repeat_the_text_and_an_apps_do_not() -> None:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "詳しい本文"}},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "押す"}}]},
    ]
    assert said({"text": "概要", "blocks": blocks, "user": "U1"}) == "概要"
    assert said({"text": "概要", "blocks": blocks, "bot_id": "B1"}) == "概要\n詳しい本文"


@pytest.mark.parametrize("files", [[{"name": "名簿.xlsx"}, {"title": "写真"}, {}], None])
def test_files_are_named(files: Any) -> None:
    named = "写真です\n📎 名簿.xlsx\n📎 写真\n📎 —" if files else "写真です"
    assert said({"text": "写真です", "files": files}) == named


def test_the_hash_is_of_the_text_as_slack_gives_it() -> None:
    assert digest({"text": "A &amp; B"}) == sha256(b"A &amp; B").hexdigest()
    assert digest({}) == sha256(b"").hexdigest()
    assert len(digest({"text": "\ud800"})) == 64, "half a character breaks nothing"
