"""The names that the bot's messages, forms and buttons carry in Slack: stable, never shown."""

from __future__ import annotations

from enum import StrEnum


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
