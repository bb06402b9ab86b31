"""Every word of the trade, once, with the label people see in Japanese and English.

The English identifier is the code's word, the value stored, and the value in Slack's options and
message metadata. Labels are what screens and documents show.
"""

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


class Status(Word):
    """Where a case stands."""

    REPORTED = "reported", "第一報を受付", "Reported"
    ACKNOWLEDGED = "acknowledged", "対応中", "Acknowledged"
    ASSESSED = "assessed", "判断済み（期限なし）", "Assessed"
    REPORTING = "reporting", "報告の準備中", "Reporting"
    CLOSED = "closed", "終結", "Closed"


class Indicator(Word):
    """The sign that somebody noticed (きっかけ): the twelve of the field's handbook, and the rest."""

    MEDIA_LOST = "media_lost", "書類・媒体・PC等の紛失", "Papers, media or computer lost"
    MEDIA_STOLEN = "media_stolen", "書類・媒体・PC等の盗難", "Papers, media or computer stolen"
    EXTERNAL_INQUIRY = (
        "external_inquiry",
        "顧客・社外から流出等の問い合わせ",
        "Outsider says data is out or reachable",
    )
    MEDIA_ACCESSED = (
        "media_accessed",
        "書類・媒体・PCに不審者がアクセスした形跡",
        "Traces of a stranger's access to papers or computer",
    )
    SYSTEM_INTRUSION = (
        "system_intrusion",
        "業務システム・サーバ等への不正アクセスの履歴",
        "Record of unauthorised access to a system or server",
    )
    KEY_OR_CREDENTIAL_LOST = (
        "key_or_credential_lost",
        "鍵・ID・パスワード・身分証明書等の紛失・盗難",
        "Key, ID, password or pass lost or stolen",
    )
    PRESS_OR_AUTHORITY_INQUIRY = (
        "press_or_authority_inquiry",
        "報道機関・監督官庁・捜査当局などからの問い合わせ",
        "Question from press, regulator or police",
    )
    INTERNAL_TIP = "internal_tip", "組織内からの通報", "Tip from inside"
    ONLINE_RUMOR = "online_rumor", "掲示板等のうわさの書き込み", "Rumour posted online"
    DATA_TRADED = "data_traded", "名簿業者・インターネットでの売買", "Own data seen for sale"
    POSSESSION_CLAIM = (
        "possession_claim",
        "保有しているという不審な連絡",
        "Strange message claiming to hold the data",
    )
    PARTNER_REPORT = (
        "partner_report",
        "委託事業者・取引先からの報告",
        "Processor or partner reports a case",
    )
    OTHER = "other", "その他（誤送信など）", "Something else (for example a mail to the wrong person)"


class Medium(Word):
    """What the data was on or in."""

    PAPER = "paper", "紙の書類", "Paper"
    PORTABLE_MEDIA = "portable_media", "USBメモリ・外付けディスクなど", "USB stick or external disk"
    COMPUTER = "computer", "パソコン", "Computer"
    PHONE = "phone", "スマートフォン・タブレット", "Phone or tablet"
    MAIL = "mail", "メール・チャット", "E-mail or chat"
    SYSTEM = "system", "業務システム・サーバ・クラウド", "System, server or cloud"
    OTHER = "other", "その他", "Something else"
    UNKNOWN = "unknown", "不明", "Not known"


class Protection(Word):
    """How the data was protected, as far as the reporter knows."""

    ENCRYPTED = "encrypted", "暗号化されている", "Encrypted"
    PASSWORD = "password", "パスワードだけ", "Only a password"
    NONE = "none", "保護されていない", "Not protected"
    UNKNOWN = "unknown", "不明", "Not known"


class ObligationKind(Word):
    """What is due to whom: the law's reports and notices, in the order in which they are shown."""

    CONTROLLER_NOTICE = "controller_notice", "委託元への通知", "Notice to the controller"
    PRELIMINARY = "preliminary", "速報", "Preliminary report"
    FINAL = "final", "確報", "Final report"
    INDIVIDUAL_NOTICE = "individual_notice", "本人通知", "Individual notice"
    MN_PRELIMINARY = "mn_preliminary", "速報（マイナンバー）", "Preliminary report (My Number)"
    MN_FINAL = "mn_final", "確報（マイナンバー）", "Final report (My Number)"


class ReportKind(Word):
    """What was filed."""

    PRELIMINARY = "preliminary", "速報", "Preliminary"
    FOLLOW_UP = "follow_up", "続報・追完", "Follow-up"
    FINAL = "final", "確報", "Final"


class ReminderKind(Word):
    """How near an obligation is."""

    COUNTDOWN = "countdown", "あと◯", "Countdown"
    DUE = "due", "本日まで", "Due today"
    OVERDUE = "overdue", "期限を過ぎています", "Overdue"


class SkipReason(Word):
    """Why somebody in the chain was not paged."""

    NO_SUCH_USER = "no_such_user", "Slackに該当するユーザーがいません", "no such user in Slack"
    DEACTIVATED = "deactivated", "アカウントが停止されています", "the account is deactivated"
    IS_REPORTER = "is_reporter", "報告した本人です", "is the reporter"
    ABSENT = "absent", "不在の登録があります", "is declared absent"
    AWAY_BY_STATUS = "away_by_status", "Slackのステータスが不在です", "has a status that means absence"
    IS_GUEST = "is_guest", "ゲストのアカウントです", "has a guest account"
    UNREACHABLE = "unreachable", "呼び出しを送れませんでした", "the page could not be sent"
    NOT_TOLD = "not_told", "この事案では表示しません", "the reason is not shown in this case"


class Role(Word):
    """What somebody is to a case."""

    REPORTER = "reporter", "報告した人", "Reporter"
    MANAGER = "manager", "責任者", "Manager"
    DEPUTY = "deputy", "代行者", "Deputy"
    LAST_RESORT = "last_resort", "最終連絡先", "Last resort"
    PRIVACY_OFFICE = "privacy_office", "個人情報保護担当", "Privacy office"
    RESPONSE_TEAM = "response_team", "対応チーム", "Response team"
    HANDED_TO = "handed_to", "引き継ぎを頼まれた人", "Handed to"
    VISITOR = "visitor", "あとから参加した人", "Joined later"
    CRISIS_TEAM = "crisis_team", "全社対策チーム", "Crisis team"


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


class PersonalData(Word):
    """What is masked where people type it: a report tells of such data, it need not hold them."""

    MY_NUMBER = "my_number", "マイナンバー", "My Number"
    PAYMENT_CARD = "payment_card", "カード番号", "card"
    BANK_ACCOUNT = "bank_account", "口座番号", "account"
    EMAIL_LIST = "email_list", "メールアドレス", "e-mail"
    PHONE_LIST = "phone_list", "電話番号", "phone"
    ADDRESS_LIST = "address_list", "住所", "address"


class FileTrouble(Word):
    """Why a file that was shared has no hash."""

    EXTERNAL = "external", "社外のサービスにあるファイルのため", "it lies at another service"
    GONE = "gone", "記録する前に削除されたため", "it was deleted before it could be read"
    TOO_LARGE = "too_large", "大きさの上限を超えるため", "it is larger than the limit"
    NO_ACCESS = "no_access", "ファイルを読み取れなかったため", "it could not be read"


class DocumentKind(Word):
    """The documents of a case (書類)."""

    INTERNAL_REPORT = "internal_report", "社内報告書", "Internal incident report"
    PRELIMINARY_SHEET = "preliminary_sheet", "速報記入シート", "Preliminary report sheet"
    FINAL_SHEET = "final_sheet", "確報記入シート", "Final report sheet"
    NOTICE_TO_PERSONS = "notice_to_persons", "本人への通知文", "Notice to the persons"
    PUBLICATION = "publication", "公表文", "Publication"
    APOLOGY = "apology", "お詫び（社告）", "Notice of apology"
    PRESS_FAQ = "press_faq", "想定問答", "Questions and answers for the press"
    PARTNER_EXPLANATION = "partner_explanation", "取引先説明文", "Explanation for partners"
    MINISTRY_EXPLANATION = "ministry_explanation", "官公庁説明文", "Explanation for ministries"
    EMPLOYEE_INFORMATION = "employee_information", "従業員向けお知らせ", "Information for employees"
    PREVENTION_REPORT = "prevention_report", "再発防止報告書", "Report on recurrence prevention"


class DocumentState(Word):
    """How far a version of a document has come."""

    DRAFT = "draft", "案", "Draft"


class EventType(StrEnum):
    """Slack message metadata `event_type` (a stable name, not a label)."""

    PAGE = "leak_page"
    CARD = "leak_card"
    REMINDER = "leak_reminder"
    NOTICE = "leak_notice"


class Callback(StrEnum):
    """`callback_id` of modals and shortcuts."""

    FIRST_REPORT = "first_report"
    REPORT_MESSAGE = "report_message"
    ADD_FACTS = "add_facts"
    ASSESSMENT = "assessment"
    ASSESSMENT_CONFIRM = "assessment_confirm"
    SUBMISSION = "submission"
    HAND_OVER = "hand_over"
    ABSENCE = "absence"
    CLOSURE = "closure"
    JOIN = "join"
    ITEM = "item"
    TASK_ASSIGN = "task_assign"
    TASK_NOT_APPLICABLE = "task_not_applicable"
    TASK_ADD = "task_add"
    DECLARATION = "declaration"
    DEVIATION = "deviation"
    ADD_TO_TIMELINE = "add_to_timeline"
    TIMELINE_ENTRY = "timeline_entry"


class Action(StrEnum):
    """`action_id` of buttons; their `value` is the case number."""

    PAGE_ACKNOWLEDGE = "page_acknowledge"
    PAGE_CANNOT = "page_cannot"
    PAGE_HAND_OVER = "page_hand_over"
    STILL_WORKING = "still_working"
    CASE_ADD_FACTS = "case_add_facts"
    CASE_ASSESS = "case_assess"
    CASE_RECORD_SUBMISSION = "case_record_submission"
    CASE_CLOSE = "case_close"
    CASE_JOIN = "case_join"
    CASE_EXPORT = "case_export"
    CASE_DOCUMENTS = "case_documents"
    DOCUMENT_DRAFT = "document_draft"
    DOCUMENTS_LANGUAGE = "documents_language"
    CASE_ITEMS = "case_items"
    CASE_TIMELINE = "case_timeline"
    TIMELINE_ADD = "timeline_add"
    TIMELINE_CORRECT = "timeline_correct"
    TIMELINE_OLDER = "timeline_older"
    TIMELINE_NEWER = "timeline_newer"
    ITEM_EDIT = "item_edit"
    CASE_CHECKLIST = "case_checklist"
    CHECKLIST_PHASE = "checklist_phase"
    TASK_DONE = "task_done"
    TASK_ASSIGN = "task_assign"
    TASK_NOT_APPLICABLE = "task_not_applicable"
    TASK_REOPEN = "task_reopen"
    TASK_ADD = "task_add"
    DECLARE_COMPANY_WIDE = "declare_company_wide"
    RECORD_DEVIATION = "record_deviation"
    HOME_REPORT = "home_report"
    ABSENCE_DECLARE = "absence_declare"
    ABSENCE_END = "absence_end"


class Outcome(Word):
    """How a case ended."""

    LEAK_CONFIRMED = "leak_confirmed", "漏えい等があった", "There was a leak, loss or damage"
    NO_LEAK = "no_leak", "漏えい等はなかった", "There was no leak, loss or damage"
    RECOVERED = "recovered", "見られる前に回収できた", "Recovered before anybody saw it"
    UNRESOLVED = "unresolved", "確かめられなかった", "Could not be established"
