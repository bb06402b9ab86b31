"""The words of inquiries (問い合わせ): who asks, by which way, and how far the answer is."""

from __future__ import annotations

from bot.vocabulary.word import Word


class InquirySource(Word):
    """Who asks."""

    PRESS = "press", "報道機関", "Press"
    MINISTRY = "ministry", "官公庁", "Ministry or authority"
    PARTNER = "partner", "取引先", "Partner"
    PERSON = "person", "ご本人・ご家族", "Person concerned or family"
    OTHER = "other", "その他", "Other"


class InquiryChannel(Word):
    """The way by which the question came."""

    PHONE = "phone", "電話", "Telephone"
    MAIL = "mail", "メール", "E-mail"
    VISIT = "visit", "来訪・取材", "Visit or interview"
    WEB = "web", "Webフォーム・SNS", "Web form or social media"
    OTHER = "other", "郵便・その他", "Letter or other"


class InquiryStatus(Word):
    """How far the answer is."""

    OPEN = "open", "未回答", "Open"
    ANSWERED = "answered", "回答済み", "Answered"
    CLOSED = "closed", "回答不要", "No answer needed"
