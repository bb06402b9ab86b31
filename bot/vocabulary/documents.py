"""The words of documents (書類) and of the files shared in a case."""

from __future__ import annotations

from bot.vocabulary.word import Word


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
    CIRCULATING = "circulating", "回付中", "Circulating"
    SENT_BACK = "sent_back", "差し戻し", "Sent back"
    APPROVED = "approved", "承認済み", "Approved"
    SENT = "sent", "送付済み", "Sent"
    SUPERSEDED = "superseded", "旧版（回付は終了）", "Superseded"


class SendingWay(Word):
    """How a document was sent."""

    MAIL = "mail", "メール", "E-mail"
    POST = "post", "郵送", "Post"
    FORM = "form", "提出先のWebフォーム", "The recipient's web form"
    WEBSITE = "website", "自社サイトへの掲載", "Put on our website"
    HAND = "hand", "手渡し", "Handed over"
    OTHER = "other", "その他", "Another way"


class FileTrouble(Word):
    """Why a file that was shared has no hash."""

    EXTERNAL = "external", "社外のサービスにあるファイルのため", "it lies at another service"
    GONE = "gone", "記録する前に削除されたため", "it was deleted before it could be read"
    TOO_LARGE = "too_large", "大きさの上限を超えるため", "it is larger than the limit"
    NO_ACCESS = "no_access", "ファイルを読み取れなかったため", "it could not be read"
