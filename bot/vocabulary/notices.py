"""The words of telling the persons (本人通知) and the public (公表)."""

from __future__ import annotations

from bot.vocabulary.word import Word


class NoticeWay(Word):
    """How persons were told; the last two stand instead where they cannot be (代替措置, GL 3-5-4-5)."""

    MAIL = "mail", "電子メール", "E-mail"
    LETTER = "letter", "郵送", "Letter"
    PHONE = "phone", "電話", "Telephone"
    IN_PERSON = "in_person", "面会・手渡し", "In person"
    WEB_ACCOUNT = "web_account", "会員ページ・アプリのお知らせ", "Message in their web account or app"
    SUBSTITUTE_PUBLICATION = "substitute_publication", "代替措置（公表）", "Substitute: publication"
    SUBSTITUTE_INQUIRY_DESK = (
        "substitute_inquiry_desk",
        "代替措置（問い合わせ窓口の公表）",
        "Substitute: published inquiry desk",
    )

    @property
    def stands_instead(self) -> bool:
        """A substitute measure: nobody was told by it one by one."""
        return self in (NoticeWay.SUBSTITUTE_PUBLICATION, NoticeWay.SUBSTITUTE_INQUIRY_DESK)


class Publication(Word):
    """The decision on publication (公表の判断)."""

    PUBLISH = "publish", "公表する", "Publish"
    DO_NOT_PUBLISH = "do_not_publish", "公表しない", "Do not publish"
    LATER = "later", "あとで判断する", "Decide later"


class PublicationWay(Word):
    """How something is published."""

    WEBSITE = "website", "自社のウェブサイト", "Own website"
    PRESS_CONFERENCE = "press_conference", "記者会見", "Press conference"
    PRESS_RELEASE = "press_release", "報道機関への資料配布", "Press release"
    POSTED = "posted", "店頭・事業所での掲示", "Posters at shops and offices"
    OTHER = "other", "その他", "Other"


class PublicationStage(Word):
    """Where publication stands, in the words of the commission's form (公表の実施状況)."""

    DONE = "done", "実施済", "Done"
    PLANNED = "planned", "実施予定", "Planned"
    CONSIDERED = "considered", "検討中", "Under consideration"
    NONE = "none", "予定なし", "Not planned"
