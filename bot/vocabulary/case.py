"""The words of a case: where it stands, what was noticed, who is what to it, how it ended."""

from __future__ import annotations

from bot.vocabulary.word import Word


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


class PersonalData(Word):
    """What is masked where people type it: a report tells of such data, it need not hold them."""

    MY_NUMBER = "my_number", "マイナンバー", "My Number"
    PAYMENT_CARD = "payment_card", "カード番号", "card"
    BANK_ACCOUNT = "bank_account", "口座番号", "account"
    EMAIL_LIST = "email_list", "メールアドレス", "e-mail"
    PHONE_LIST = "phone_list", "電話番号", "phone"
    ADDRESS_LIST = "address_list", "住所", "address"


class Outcome(Word):
    """How a case ended."""

    LEAK_CONFIRMED = "leak_confirmed", "漏えい等があった", "There was a leak, loss or damage"
    NO_LEAK = "no_leak", "漏えい等はなかった", "There was no leak, loss or damage"
    RECOVERED = "recovered", "見られる前に回収できた", "Recovered before anybody saw it"
    NEAR_MISS = "near_miss", "ヒヤリハット（起きる前に防げた）", "Near miss (caught before anything happened)"
    UNRESOLVED = "unresolved", "確かめられなかった", "Could not be established"
