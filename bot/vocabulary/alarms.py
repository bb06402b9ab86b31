"""Alarms (運用の警告): what in the running of leakbot itself somebody must look at.

What each means and what to do about it stands in templates/alarms.yaml; README tells operators the same.
"""

from __future__ import annotations

from bot.vocabulary.word import Word


class Alarm(Word):
    """Something that waits without being seen, or an installation that does not work as it should."""

    PAGE_WITHOUT_ANSWER = "page_without_answer", "だれも応答していません", "Nobody answers"
    CASE_WITHOUT_ROOM = "case_without_room", "対応チャンネルがありません", "A case has no channel"
    CASE_NOT_PLANNED = "case_not_planned", "処理できない事案があります", "A case cannot be processed"
    DELIVERY_STUCK = "delivery_stuck", "届いていないものがあります", "Messages are stuck"
    DELIVERY_REFUSED = "delivery_refused", "Slackに断られたものがあります", "Slack refused messages"
    SLACK_REFUSES = "slack_refuses", "Slackに接続できません", "Slack cannot be used"
    DATABASE_AWAY = "database_away", "データベースが使えません", "The database cannot be used"
    RECORD_BROKEN = "record_broken", "記録が書かれたときと合いません", "A record does not fit"
    RETENTION_FAILED = "retention_failed", "保存期間の処理に失敗しました", "Retention failed"
    CLOCK_WRONG = "clock_wrong", "サーバーの時計がずれています", "The clock is wrong"
    DISK_NEARLY_FULL = "disk_nearly_full", "ディスクの空きがわずかです", "The disk is nearly full"
