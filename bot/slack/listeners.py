"""Everything a person can do, in one screen: each listener reads, calls one step, acks."""

from __future__ import annotations

from bot.slack import (
    absences,
    accounts,
    approving,
    assessing,
    buttons,
    closing,
    commands,
    documents,
    events,
    exporting,
    inquiries,
    joining,
    notifying,
    reopening,
    rooms,
    submissions,
    tasks,
    timeline,
)
from bot.slack import register as register_of_cases
from bot.slack.desk import Desk
from bot.slack.reception import Reception
from bot.slack.screens.questions import STEERING
from bot.vocabulary import Action, Callback

COMMAND = "/leak"


def register(reception: Reception, desk: Desk) -> None:
    """Wire every command, shortcut, button, form and event to its listener."""
    reception.command(COMMAND)(commands.leak(desk))
    reception.shortcut(Callback.FIRST_REPORT)(commands.report_from_anywhere(desk))
    reception.shortcut(Callback.REPORT_MESSAGE)(commands.report_from_message(desk))
    reception.shortcut(Callback.ADD_TO_TIMELINE)(timeline.add_message(desk))

    reception.action(Action.ABSENCE_DECLARE)(absences.declare(desk))
    reception.action(Action.ABSENCE_END)(absences.end(desk))
    reception.action(Action.HOME_REPORT)(buttons.report(desk))
    reception.action(Action.HOME_REGISTER)(register_of_cases.open_register(desk))
    reception.action(Action.CASE_STATUS)(register_of_cases.open_status(desk))
    for menu in register_of_cases.MENUS:
        reception.action(menu)(register_of_cases.filtered(desk, menu))
    reception.action(Action.REGISTER_BEFORE)(register_of_cases.turn(desk, -1))
    reception.action(Action.REGISTER_AFTER)(register_of_cases.turn(desk, 1))
    reception.action(Action.PAGE_ACKNOWLEDGE)(buttons.acknowledge(desk))
    reception.action(Action.PAGE_CANNOT)(buttons.cannot(desk))
    reception.action(Action.STILL_WORKING)(buttons.still_working(desk))
    reception.action(Action.PAGE_HAND_OVER)(buttons.hand_over(desk))
    reception.action(Action.CASE_ADD_FACTS)(buttons.add_facts(desk))
    reception.action(Action.CASE_ASSESS)(assessing.assess(desk))
    for fact in STEERING:
        reception.field(fact)(assessing.answered(desk))
    reception.action(Action.CASE_RECORD_SUBMISSION)(buttons.record_submission(desk))
    reception.action(Action.CASE_CLOSE)(closing.close(desk))
    reception.action(Action.CASE_CLOSE_NO_LEAK)(closing.close_without_leak(desk))
    reception.action(Action.PREVENTION_ADD)(closing.add_prevention(desk))
    reception.action(Action.CASE_REOPEN)(reopening.open_form(desk))
    reception.action(Action.CASE_JOIN)(joining.open_join(desk))
    reception.action(Action.CASE_EXPORT)(exporting.export(desk))
    reception.action(Action.CASE_DOCUMENTS)(documents.open_documents(desk))
    reception.action(Action.DOCUMENTS_LANGUAGE)(documents.other_language(desk))
    reception.action(Action.DOCUMENT_DRAFT)(documents.draft(desk))
    reception.action(Action.DOCUMENT_PREVIEW)(approving.preview(desk))
    reception.action(Action.DOCUMENT_CIRCULATE)(approving.circulate(desk))
    reception.action(Action.DOCUMENT_APPROVE)(approving.approve(desk))
    reception.action(Action.DOCUMENT_SEND_BACK)(approving.send_back(desk))
    reception.action(Action.DOCUMENT_SENT)(approving.record_sent(desk))
    reception.action(Action.CASE_ITEMS)(documents.open_items(desk))
    reception.action(Action.ITEM_EDIT)(documents.open_item(desk))
    reception.action(Action.CASE_CHECKLIST)(tasks.open_checklist(desk))
    reception.action(Action.CHECKLIST_PHASE)(tasks.other_phase(desk))
    reception.action(Action.TASK_DONE)(tasks.done(desk))
    reception.action(Action.TASK_ASSIGN)(tasks.assign(desk))
    reception.action(Action.TASK_NOT_APPLICABLE)(tasks.set_aside(desk))
    reception.action(Action.TASK_REOPEN)(tasks.reopen(desk))
    reception.action(Action.TASK_ADD)(tasks.add(desk))
    reception.action(Action.DECLARE_COMPANY_WIDE)(tasks.declare(desk))
    reception.action(Action.RECORD_DEVIATION)(tasks.deviate(desk))
    reception.action(Action.CASE_NOTICES)(notifying.open_register(desk))
    reception.action(Action.NOTICE_RECORD)(notifying.record(desk))
    reception.action(Action.NOTICE_CORRECT)(notifying.record(desk))
    reception.action(Action.NOTICES_COMPLETE)(notifying.complete(desk))
    reception.action(Action.PUBLICATION_DECIDE)(notifying.decide(desk))

    reception.action(Action.CASE_INQUIRIES)(inquiries.open_inquiries(desk))
    reception.action(Action.INQUIRIES_BACK)(inquiries.turn(desk, -1))
    reception.action(Action.INQUIRIES_ON)(inquiries.turn(desk, 1))
    reception.action(Action.INQUIRY_ADD)(inquiries.open_record(desk))
    reception.action(Action.INQUIRY_ANSWER)(inquiries.open_answer(desk))
    reception.action(Action.INQUIRY_ASSIGN)(inquiries.open_assign(desk))
    reception.action(Action.INQUIRY_CLOSE)(inquiries.open_close(desk))
    reception.action(Action.INQUIRY_REOPEN)(inquiries.reopen(desk))

    reception.action(Action.CASE_TIMELINE)(timeline.open_timeline(desk))
    reception.action(Action.TIMELINE_OLDER)(timeline.turn(desk, -1))
    reception.action(Action.TIMELINE_NEWER)(timeline.turn(desk, 1))
    reception.action(Action.TIMELINE_ADD)(timeline.open_entry(desk))
    reception.action(Action.TIMELINE_CORRECT)(timeline.open_entry(desk))

    reception.view(Callback.FIRST_REPORT)(submissions.first_report(desk))
    reception.view(Callback.ADD_FACTS)(submissions.add_facts(desk))
    reception.view(Callback.ASSESSMENT)(assessing.assessment(desk))
    reception.view(Callback.ASSESSMENT_CONFIRM)(assessing.confirm(desk))
    reception.view(Callback.SUBMISSION)(submissions.submission(desk))
    reception.view(Callback.HAND_OVER)(submissions.hand_over(desk))
    reception.view(Callback.ABSENCE)(absences.declared(desk))
    reception.view(Callback.REGISTER)(register_of_cases.searched(desk))
    reception.view(Callback.CLOSURE)(closing.closed(desk))
    reception.view(Callback.PREVENTION_ADD)(closing.prevention_added(desk))
    reception.view(Callback.REOPEN)(reopening.reopened(desk))
    reception.view(Callback.JOIN)(joining.joined(desk))
    reception.view(Callback.ITEM)(documents.item(desk))
    reception.view(Callback.DOCUMENT_SEND_BACK)(approving.was_sent_back(desk))
    reception.view(Callback.DOCUMENT_SENT)(approving.was_sent(desk))
    reception.view(Callback.TASK_ASSIGN)(tasks.assigned(desk))
    reception.view(Callback.TASK_NOT_APPLICABLE)(tasks.was_set_aside(desk))
    reception.view(Callback.TASK_ADD)(tasks.added(desk))
    reception.view(Callback.DECLARATION)(tasks.declared(desk))
    reception.view(Callback.DEVIATION)(tasks.deviated(desk))
    reception.view(Callback.NOTICE_RECORD)(notifying.recorded(desk))
    reception.view(Callback.PUBLICATION)(notifying.decided(desk))

    reception.view(Callback.INQUIRY)(inquiries.recorded(desk))
    reception.view(Callback.INQUIRY_ANSWER)(inquiries.answered(desk))
    reception.view(Callback.INQUIRY_CLOSE)(inquiries.closed(desk))
    reception.view(Callback.INQUIRY_ASSIGN)(inquiries.assigned(desk))

    reception.view(Callback.TIMELINE_ENTRY)(timeline.entry(desk))

    reception.event("app_home_opened", at_leisure=True)(events.home_opened(desk))
    reception.event("message", at_leisure=True)(events.direct_message(desk))
    reception.event("member_joined_channel")(events.joined(desk))
    reception.event("member_left_channel")(events.left(desk))
    reception.event("user_change")(accounts.user_changed(desk))
    for event in ("group_deleted", "group_left"):
        reception.event(event)(rooms.gone(desk))
    reception.event("group_archive")(rooms.archived(desk))
    reception.event("reaction_added")(timeline.pinned(desk))
    reception.event("file_shared")(timeline.shared(desk))
