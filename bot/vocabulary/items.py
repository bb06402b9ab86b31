"""The words of the nine items of a report (RULE 8(1)): items, sub-fields, and what stands in them.

Source: Guidelines (General) 3-5-3-3, sub-fields word for word.
"""

from __future__ import annotations

from bot.vocabulary.word import Word


class ReportItem(Word):
    """The nine items, in the order of the rule and of the commission's form."""

    SUMMARY = "summary", "概要", "Outline"
    DATA_ITEMS = "data_items", "個人データの項目", "Items of personal data"
    PERSONS_COUNT = "persons_count", "本人の数", "Number of persons"
    CAUSE = "cause", "原因", "Cause"
    SECONDARY_HARM = (
        "secondary_harm",
        "二次被害又はそのおそれの有無及びその内容",
        "Secondary harm or its risk",
    )
    RESPONSE_TO_PERSONS = "response_to_persons", "本人への対応の実施状況", "Response to the persons"
    PUBLICATION = "publication", "公表の実施状況", "Publication"
    PREVENTION = "prevention", "再発防止のための措置", "Measures against recurrence"
    OTHER = "other", "その他参考となる事項", "Other information"


class ItemField(Word):
    """The sub-fields, each a field of its own. The last three are for the persons, not for the commission."""

    OCCURRED_ON = "occurred_on", "発生日", "Date of occurrence"
    DISCOVERED_ON = "discovered_on", "発覚日", "Date of discovery"
    INCIDENT = "incident", "発生事案", "Type of incident"
    DISCOVERER = "discoverer", "発見者", "Discovered by"
    RULES = "rules", "規則第7条各号該当性", "Reportable situation (Rule 7)"
    ENTRUSTMENT = "entrustment", "委託元及び委託先の有無", "Controller and processors involved"
    OUTLINE = "outline", "事案の内容", "What happened"
    COURSE = "course", "事実経過", "Course of events"
    MEDIUM = "medium", "媒体", "Medium"
    DATA_KIND = "data_kind", "種類（顧客情報・従業員情報の別等）", "Kind (customers, employees …)"
    DATA_ITEMS = "data_items", "項目", "Items"
    PERSONS = "persons", "本人の数", "Number of persons"
    CAUSE_PARTY = "cause_party", "主体（報告者又は委託先）", "Where it arose (own company or processor)"
    CAUSE = "cause", "原因", "Cause"
    SECONDARY_HARM = "secondary_harm", "二次被害又はそのおそれの有無", "Secondary harm or its risk"
    SECONDARY_HARM_CONTENT = "secondary_harm_content", "二次被害の内容", "Details of the harm"
    RESPONSE = "response", "本人への対応", "Response to the persons"
    PUBLICATION = "publication", "公表の状況・方法", "State and way of publication"
    PREVENTION_DONE = "prevention_done", "実施済みの措置", "Measures taken"
    PREVENTION_PLANNED = "prevention_planned", "今後実施予定の措置", "Measures planned, with dates"
    OTHER = "other", "参考となる事項（警察への届出など）", "Other information (police report …)"
    ADVICE = "advice", "本人にお願いしたいこと", "What the persons can do"
    CONTACT = "contact", "お問い合わせ窓口", "Contact for inquiries"


class Origin(Word):
    """Where the value of a field comes from."""

    OFFICE = "office", "個人情報保護担当の入力", "written by the privacy office"
    REPORT = "report", "第一報", "first report"
    FACTS = "facts", "確認された事実", "known facts"
    DECISION = "decision", "報告義務の判断", "the confirmed assessment"
    OBLIGATION = "obligation", "提出の記録", "recorded submissions"
    TIMELINE = "timeline", "経過の記録", "the record"
    CLOSURE = "closure", "終結の記録", "the closure"
    MEASURES = "measures", "登録した再発防止策", "the measures entered"
    NOTICES = "notices", "本人通知の記録", "recorded notices"
    PUBLICATION = "publication", "公表の判断", "the decision on publication"
    ORGANISATION = "organisation", "組織の設定", "the organisation file"
    NOBODY = "nobody", "未入力", "not entered yet"


class Incident(Word):
    """発生事案. A suspicion stays one until somebody confirmed it."""

    LEAK = "leak", "漏えい", "Leak"
    LEAK_SUSPECTED = "leak_suspected", "漏えいのおそれ", "Suspected leak"
    LOSS = "loss", "滅失", "Loss"
    LOSS_SUSPECTED = "loss_suspected", "滅失のおそれ", "Suspected loss"
    DAMAGE = "damage", "毀損", "Damage"
    DAMAGE_SUSPECTED = "damage_suspected", "毀損のおそれ", "Suspected damage"
    NONE = "none", "漏えい等がなかったことを確認", "Found not to have happened"


class Discoverer(Word):
    """発見者, as far as the sign of the first report tells."""

    OWN = "own", "自社（従業者）", "Own company (staff)"
    PARTNER = "partner", "委託先又は取引先", "Processor or partner"
    OUTSIDE = "outside", "社外の方", "Somebody outside the company"


class Entrustment(Word):
    """委託元及び委託先の有無, as far as the facts tell."""

    ENTRUSTED = (
        "entrusted",
        "委託元あり（当社は委託先）",
        "Entrusted to us by a controller (we are the processor)",
    )
    OWN_DATA = (
        "own_data",
        "委託元なし（当社の取扱い）。委託先の有無は調査中",
        "Our own data, no controller above us; processors under investigation",
    )


class HarmRisk(Word):
    """二次被害のおそれ, where the facts speak of it."""

    PROPERTY = "property", "おそれあり（財産的被害）", "Risk of property damage"


class Measures(Word):
    """What the closure, which asks for one text, says of measures planned."""

    TOGETHER = "together", "「実施済みの措置」に併せて記載", "Written together with the measures taken"


class Stage(Word):
    """A step of the course of events (事実経過)."""

    OCCURRED = "occurred", "発生", "It happened"
    NOTICED = "noticed", "社内で最初に気づく", "First noticed in the company"
    REPORTED = "reported", "社内の第一報、対応を開始", "First report within the company; the response begins"
    ACKNOWLEDGED = "acknowledged", "担当者が対応を引き受け", "Somebody takes charge"
    DECIDED = "decided", "報告義務の判断を確定", "Duty to report decided"
    SUBMITTED = "submitted", "提出・通知", "Filed or notified"
    CLOSED = "closed", "対応を終結", "Response closed"


class FollowUp(Word):
    """What is written where an item cannot be established in time."""

    FOLLOW_UP = "follow_up", "（未確定の理由と追完の予定）", " (why it is open, and when it will be added)"
