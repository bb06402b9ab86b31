"""The words of tasks (やること) and of the organisation's own criteria (社内基準).

When a task fits a case stands in `policy/checklist.py`, what it says in templates/checklist.yaml.
"""

from __future__ import annotations

from enum import StrEnum

from bot.vocabulary.word import Word


class TaskPhase(Word):
    """The parts of the response in which things are to be done, in their order."""

    FIRST_HOUR = "first_hour", "最初の1時間", "First hour"
    INVESTIGATE = "investigate", "調査・証拠の保全", "Investigate and preserve"
    REPORT = "report", "報告・社外との連携", "Report and coordinate"
    NOTIFY = "notify", "本人への対応・公表", "Notify and publish"
    AFTERCARE = "aftercare", "事後対応・再発防止", "Aftercare and prevention"


class TaskStatus(Word):
    """Where a task (やること) stands."""

    OPEN = "open", "未完了", "Open"
    DONE = "done", "完了", "Done"
    NOT_APPLICABLE = "not_applicable", "該当しない", "Not applicable"


class CriterionKind(Word):
    """What the organisation decided beforehand to do from a certain point on (社内基準)."""

    COMPANY_WIDE = "company_wide", "全社対応", "Company-wide response"
    PUBLISH = "publish", "公表", "Publication"
    NOTIFY_INDIVIDUALS = "notify_individuals", "本人への連絡", "Telling the persons"


class TaskName(StrEnum):
    """A task that comes with the program, in the order in which they are shown."""

    STOP_DAMAGE = "stop_damage"
    CONVENE_EXPERTS = "convene_experts"
    ASK_LOST_PROPERTY = "ask_lost_property"
    REMOTE_LOCK = "remote_lock"
    DISABLE_CREDENTIALS = "disable_credentials"
    ISOLATE_SYSTEMS = "isolate_systems"
    SECURE_PLACE = "secure_place"
    ASK_RECIPIENT = "ask_recipient"
    REMOVE_AND_LIMIT = "remove_and_limit"
    ONE_VOICE = "one_voice"
    PROTECT_TIPSTER = "protect_tipster"
    KEEP_DEMAND = "keep_demand"
    ASK_PARTNER = "ask_partner"
    OPEN_COMMITTEE = "open_committee"
    PRESERVE_EVIDENCE = "preserve_evidence"
    CONFIRM_FACTS = "confirm_facts"
    SCOPE_IDENTIFICATION = "scope_identification"
    FACT_FINDING_AND_CAUSE = "fact_finding_and_cause"
    PROCESSOR_CHECK = "processor_check"
    REPORT_POLICE = "report_police"
    REPORT_JPCERT_IPA = "report_jpcert_ipa"
    COLLECT_ITEMS = "collect_items"
    CONSULT_COUNSEL = "consult_counsel"
    PARTNER_EXPLANATION = "partner_explanation"
    MINISTRY_EXPLANATION = "ministry_explanation"
    PREPARE_NOTICE = "prepare_notice"
    TELL_PERSONS = "tell_persons"
    OPEN_DESK = "open_desk"
    INFORM_EMPLOYEES = "inform_employees"
    PUBLISH_ON_SITE = "publish_on_site"
    PRESS_INQUIRIES = "press_inquiries"
    PRESS_CONFERENCE_FAQ = "press_conference_faq"
    RELEASE_OR_CONFERENCE = "release_or_conference"
    APOLOGY_NOTICE = "apology_notice"
    HANDLE_CLAIMS = "handle_claims"
    CONDOLENCE_PAYMENT = "condolence_payment"
    ROOT_CAUSE = "root_cause"
    PROCESSOR_SUPERVISION_REVIEW = "processor_supervision_review"
    RECURRENCE_PREVENTION = "recurrence_prevention"
    STAFF_RETRAINING = "staff_retraining"
    NEAR_MISS_REVIEW = "near_miss_review"
