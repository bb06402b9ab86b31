"""What happened and what is said of it: the kinds of log entries and of notices."""

from __future__ import annotations

from bot.vocabulary.word import Word


class LogKind(Word):
    """What happened: the kinds of log entries of a case (記録)."""

    REPORTED = "reported", "第一報", "First report"
    RECEIPT_SENT = "receipt_sent", "受付を連絡", "Receipt sent"
    ROOM_OPENED = "room_opened", "対応チャンネルを開設", "Case channel opened"
    MEMBERS_INVITED = "members_invited", "メンバーを招待", "Members invited"
    CARD_POSTED = "card_posted", "事案カードを掲示", "Card posted"
    PAGE_SENT = "page_sent", "呼び出し", "Page sent"
    PAGE_SKIPPED = "page_skipped", "呼び出しを省略", "Page skipped"
    PAGE_DELAYED = "page_delayed", "呼び出しが遅延", "Page delayed"
    CHANNEL_SENT = "channel_sent", "メール・電話などで呼び出し", "Page by mail, telephone or the like"
    CHANNEL_FAILED = "channel_failed", "メール・電話などの呼び出しに失敗", "Page by mail or the like failed"
    ACKNOWLEDGED = "acknowledged", "応答", "Acknowledged"
    HANDED_OVER = "handed_over", "引き継ぎ", "Handed over"
    CANNOT = "cannot", "いまは対応できない", "Cannot now"
    ASKED = "asked", "対応中かを確認", "Asked whether it goes on"
    STILL_WORKING = "still_working", "対応中", "Still at work"
    LAPSED = "lapsed", "応答待ちに戻る", "Waiting for an answer again"
    ACCOUNT_CHANGED = "account_changed", "アカウントの停止・再開", "Account closed or open again"
    HOLDER_GONE = "holder_gone", "対応していた人のアカウントが停止", "Account of whoever had the case closed"
    MEMBER_LEFT = "member_left", "対応チャンネルから退出", "Left the case channel"
    MEMBER_JOINED = "member_joined", "対応チャンネルに参加", "Joined the case channel"
    OUTSIDER_JOINED = "outsider_joined", "社外・ゲストが対応チャンネルに参加", "Outsider in the case channel"
    FACTS_ADDED = "facts_added", "事実を追加", "Facts added"
    WORDS_MASKED = "words_masked", "番号などを伏せて保存", "Numbers masked"
    OBLIGATIONS_CHANGED = "obligations_changed", "期限のある対応を更新", "Obligations changed"
    ASSESSMENT_CONFIRMED = "assessment_confirmed", "報告義務の判断を確定", "Assessment confirmed"
    REASSESSED = "reassessed", "報告義務の見直し", "Assessed again"
    REMINDED = "reminded", "お知らせ", "Reminder said"
    SUBMISSION_RECORDED = "submission_recorded", "提出の記録", "Submission recorded"
    CLOSED = "closed", "終結", "Closed"
    SIMILAR_FOUND = "similar_found", "似た報告", "Similar report"
    JOINED = "joined", "ほかの報告をまとめた", "Another report joined"
    JOINED_INTO = "joined_into", "ほかの事案にまとめた", "Joined to another case"
    ITEMS_EDITED = "items_edited", "報告の項目を編集", "Items of the report edited"
    DOCUMENT_DRAFTED = "document_drafted", "書類の案を作成", "Document drafted"
    TASKS_GROWN = "tasks_grown", "やることを更新", "Tasks updated"
    TASK_ADDED = "task_added", "やることを追加", "Task added"
    TASK_ASSIGNED = "task_assigned", "やることの担当を決定", "Task assigned"
    TASK_DONE = "task_done", "やることを完了", "Task done"
    TASK_NOT_APPLICABLE = "task_not_applicable", "やることに該当しない", "Task not applicable"
    TASK_REOPENED = "task_reopened", "やることを再開", "Task reopened"
    TASKS_REMINDED = "tasks_reminded", "期限を過ぎたやることのお知らせ", "Overdue tasks said"
    CRITERION_MET = "criterion_met", "社内基準に到達", "Criterion met"
    COMPANY_WIDE = "company_wide", "全社対応を宣言", "Company-wide response declared"
    DEVIATION_RECORDED = "deviation_recorded", "社内基準によらない理由", "Deviation from a criterion"
    TIMELINE_WANTED = "timeline_wanted", "経過に残す操作", "Asked to keep a message"
    TIMELINE_ENTRY = "timeline_entry", "経過に追加", "Added to the timeline"
    FILE_SHARED = "file_shared", "ファイルの共有", "File shared"
    FILE_LISTED = "file_listed", "ファイルを証拠として記録", "File listed as evidence"
    EXPORTED = "exported", "事案ファイルを書き出し", "Case file handed out"
    BLANKED = "blanked", "保存期間の経過により削除", "Blanked after its retention period"


class Notice(Word):
    """The kinds of `leak_notice` messages: anything said about a case beside page, card and reminder."""

    RECEIPT = "receipt", "受付の連絡", "Receipt"
    ACKNOWLEDGED = "acknowledged", "応答の連絡", "Acknowledged"
    PAGE_SKIPPED = "page_skipped", "呼び出し省略の連絡", "Page skipped"
    CHANNEL_FAILED = (
        "channel_failed",
        "メール・電話などの呼び出し失敗の連絡",
        "Page by mail or the like failed",
    )
    HANDED_OVER = "handed_over", "引き継ぎの連絡", "Handed over"
    CANNOT = "cannot", "いまは対応できないことの連絡", "Cannot now"
    STILL_THERE = "still_there", "対応中かの確認", "Still at work?"
    STILL_WORKING = "still_working", "対応中の連絡", "Still at work"
    LAPSED = "lapsed", "応答待ちに戻った連絡", "Waiting for an answer again"
    HOLDER_GONE = (
        "holder_gone",
        "対応していた人のアカウント停止の連絡",
        "Account of whoever had the case closed",
    )
    OUTSIDER_JOINED = "outsider_joined", "社外・ゲストの参加の連絡", "Outsider in the case channel"
    FACTS_ADDED = "facts_added", "事実追加の連絡", "Facts added"
    ASSESSMENT_CONFIRMED = "assessment_confirmed", "報告義務の判断の連絡", "Assessment confirmed"
    REASSESSED = "reassessed", "報告義務の見直しの連絡", "Assessed again"
    SUBMISSION_RECORDED = "submission_recorded", "提出の連絡", "Submission recorded"
    DOCUMENT_DRAFTED = "document_drafted", "書類の案の連絡", "Document drafted"
    TASK_ASSIGNED = "task_assigned", "やることの担当の連絡", "Task assigned"
    TASKS_OVERDUE = "tasks_overdue", "期限を過ぎたやることのお知らせ", "Tasks overdue"
    CRITERION_MET = "criterion_met", "社内基準に到達した連絡", "Criterion met"
    COMPANY_WIDE = "company_wide", "全社対応の連絡", "Company-wide response"
    DEVIATION_RECORDED = "deviation_recorded", "社内基準によらない理由の連絡", "Deviation from a criterion"
    CLOSED = "closed", "終結の連絡", "Closed"
    SIMILAR = "similar", "似た報告の連絡", "Similar report"
    JOINED = "joined", "ほかの報告をまとめた連絡", "Another report joined"
    JOINED_INTO = "joined_into", "ほかの事案にまとめた連絡", "Joined to another case"
