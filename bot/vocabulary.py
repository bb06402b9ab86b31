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
    """What is due to whom: the law's reports and notices."""

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
    ACKNOWLEDGED = "acknowledged", "応答", "Acknowledged"
    HANDED_OVER = "handed_over", "引き継ぎ", "Handed over"
    CANNOT = "cannot", "いまは対応できない", "Cannot now"
    ASKED = "asked", "対応中かを確認", "Asked whether it goes on"
    STILL_WORKING = "still_working", "対応中", "Still at work"
    LAPSED = "lapsed", "応答待ちに戻る", "Waiting for an answer again"
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


class Notice(Word):
    """The kinds of `leak_notice` messages: anything said about a case beside page, card and reminder."""

    RECEIPT = "receipt", "受付の連絡", "Receipt"
    ACKNOWLEDGED = "acknowledged", "応答の連絡", "Acknowledged"
    PAGE_SKIPPED = "page_skipped", "呼び出し省略の連絡", "Page skipped"
    HANDED_OVER = "handed_over", "引き継ぎの連絡", "Handed over"
    CANNOT = "cannot", "いまは対応できないことの連絡", "Cannot now"
    STILL_THERE = "still_there", "対応中かの確認", "Still at work?"
    STILL_WORKING = "still_working", "対応中の連絡", "Still at work"
    LAPSED = "lapsed", "応答待ちに戻った連絡", "Waiting for an answer again"
    OUTSIDER_JOINED = "outsider_joined", "社外・ゲストの参加の連絡", "Outsider in the case channel"
    FACTS_ADDED = "facts_added", "事実追加の連絡", "Facts added"
    ASSESSMENT_CONFIRMED = "assessment_confirmed", "報告義務の判断の連絡", "Assessment confirmed"
    REASSESSED = "reassessed", "報告義務の見直しの連絡", "Assessed again"
    SUBMISSION_RECORDED = "submission_recorded", "提出の連絡", "Submission recorded"
    CLOSED = "closed", "終結の連絡", "Closed"


class PersonalData(Word):
    """What is masked where people type it: a report tells of such data, it need not hold them."""

    MY_NUMBER = "my_number", "マイナンバー", "My Number"
    PAYMENT_CARD = "payment_card", "カード番号", "card"
    BANK_ACCOUNT = "bank_account", "口座番号", "account"
    EMAIL_LIST = "email_list", "メールアドレス", "e-mail"
    PHONE_LIST = "phone_list", "電話番号", "phone"
    ADDRESS_LIST = "address_list", "住所", "address"


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
    HOME_REPORT = "home_report"
    ABSENCE_DECLARE = "absence_declare"
    ABSENCE_END = "absence_end"


class Outcome(Word):
    """How a case ended."""

    LEAK_CONFIRMED = "leak_confirmed", "漏えい等があった", "There was a leak, loss or damage"
    NO_LEAK = "no_leak", "漏えい等はなかった", "There was no leak, loss or damage"
    RECOVERED = "recovered", "見られる前に回収できた", "Recovered before anybody saw it"
    UNRESOLVED = "unresolved", "確かめられなかった", "Could not be established"
