"""Everything a person can do, in one screen: each listener reads, calls one step, acks."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

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
from bot.slack.screens.questions import STEERING
from bot.vocabulary import Action, Callback

COMMAND = "/leak"


def register(app: AsyncApp, desk: Desk) -> None:
    """Wire every command, shortcut, button, form and event to its listener."""
    app.command(COMMAND)(commands.leak(desk))
    app.shortcut(Callback.FIRST_REPORT)(commands.report_from_anywhere(desk))
    app.shortcut(Callback.REPORT_MESSAGE)(commands.report_from_message(desk))
    app.shortcut(Callback.ADD_TO_TIMELINE)(timeline.add_message(desk))

    app.action(Action.ABSENCE_DECLARE)(absences.declare(desk))
    app.action(Action.ABSENCE_END)(absences.end(desk))
    app.action(Action.HOME_REPORT)(buttons.report(desk))
    app.action(Action.HOME_REGISTER)(register_of_cases.open_register(desk))
    app.action(Action.CASE_STATUS)(register_of_cases.open_status(desk))
    for menu in register_of_cases.MENUS:
        app.action(menu)(register_of_cases.filtered(desk, menu))
    app.action(Action.REGISTER_BEFORE)(register_of_cases.turn(desk, -1))
    app.action(Action.REGISTER_AFTER)(register_of_cases.turn(desk, 1))
    app.action(Action.PAGE_ACKNOWLEDGE)(buttons.acknowledge(desk))
    app.action(Action.PAGE_CANNOT)(buttons.cannot(desk))
    app.action(Action.STILL_WORKING)(buttons.still_working(desk))
    app.action(Action.PAGE_HAND_OVER)(buttons.hand_over(desk))
    app.action(Action.CASE_ADD_FACTS)(buttons.add_facts(desk))
    app.action(Action.CASE_ASSESS)(assessing.assess(desk))
    for fact in STEERING:
        app.action({"block_id": fact, "action_id": "value"})(assessing.answered(desk))
    app.action(Action.CASE_RECORD_SUBMISSION)(buttons.record_submission(desk))
    app.action(Action.CASE_CLOSE)(closing.close(desk))
    app.action(Action.CASE_CLOSE_NO_LEAK)(closing.close_without_leak(desk))
    app.action(Action.PREVENTION_ADD)(closing.add_prevention(desk))
    app.action(Action.CASE_REOPEN)(reopening.open_form(desk))
    app.action(Action.CASE_JOIN)(joining.open_join(desk))
    app.action(Action.CASE_EXPORT)(exporting.export(desk))
    app.action(Action.CASE_DOCUMENTS)(documents.open_documents(desk))
    app.action(Action.DOCUMENTS_LANGUAGE)(documents.other_language(desk))
    app.action(Action.DOCUMENT_DRAFT)(documents.draft(desk))
    app.action(Action.DOCUMENT_PREVIEW)(approving.preview(desk))
    app.action(Action.DOCUMENT_CIRCULATE)(approving.circulate(desk))
    app.action(Action.DOCUMENT_APPROVE)(approving.approve(desk))
    app.action(Action.DOCUMENT_SEND_BACK)(approving.send_back(desk))
    app.action(Action.DOCUMENT_SENT)(approving.record_sent(desk))
    app.action(Action.CASE_ITEMS)(documents.open_items(desk))
    app.action(Action.ITEM_EDIT)(documents.open_item(desk))
    app.action(Action.CASE_CHECKLIST)(tasks.open_checklist(desk))
    app.action(Action.CHECKLIST_PHASE)(tasks.other_phase(desk))
    app.action(Action.TASK_DONE)(tasks.done(desk))
    app.action(Action.TASK_ASSIGN)(tasks.assign(desk))
    app.action(Action.TASK_NOT_APPLICABLE)(tasks.set_aside(desk))
    app.action(Action.TASK_REOPEN)(tasks.reopen(desk))
    app.action(Action.TASK_ADD)(tasks.add(desk))
    app.action(Action.DECLARE_COMPANY_WIDE)(tasks.declare(desk))
    app.action(Action.RECORD_DEVIATION)(tasks.deviate(desk))
    app.action(Action.CASE_NOTICES)(notifying.open_register(desk))
    app.action(Action.NOTICE_RECORD)(notifying.record(desk))
    app.action(Action.NOTICE_CORRECT)(notifying.record(desk))
    app.action(Action.NOTICES_COMPLETE)(notifying.complete(desk))
    app.action(Action.PUBLICATION_DECIDE)(notifying.decide(desk))

    app.action(Action.CASE_INQUIRIES)(inquiries.open_inquiries(desk))
    app.action(Action.INQUIRIES_BACK)(inquiries.turn(desk, -1))
    app.action(Action.INQUIRIES_ON)(inquiries.turn(desk, 1))
    app.action(Action.INQUIRY_ADD)(inquiries.open_record(desk))
    app.action(Action.INQUIRY_ANSWER)(inquiries.open_answer(desk))
    app.action(Action.INQUIRY_ASSIGN)(inquiries.open_assign(desk))
    app.action(Action.INQUIRY_CLOSE)(inquiries.open_close(desk))
    app.action(Action.INQUIRY_REOPEN)(inquiries.reopen(desk))

    app.action(Action.CASE_TIMELINE)(timeline.open_timeline(desk))
    app.action(Action.TIMELINE_OLDER)(timeline.turn(desk, -1))
    app.action(Action.TIMELINE_NEWER)(timeline.turn(desk, 1))
    app.action(Action.TIMELINE_ADD)(timeline.open_entry(desk))
    app.action(Action.TIMELINE_CORRECT)(timeline.open_entry(desk))

    app.view(Callback.FIRST_REPORT)(submissions.first_report(desk))
    app.view(Callback.ADD_FACTS)(submissions.add_facts(desk))
    app.view(Callback.ASSESSMENT)(assessing.assessment(desk))
    app.view(Callback.ASSESSMENT_CONFIRM)(assessing.confirm(desk))
    app.view(Callback.SUBMISSION)(submissions.submission(desk))
    app.view(Callback.HAND_OVER)(submissions.hand_over(desk))
    app.view(Callback.ABSENCE)(absences.declared(desk))
    app.view(Callback.REGISTER)(register_of_cases.searched(desk))
    app.view(Callback.CLOSURE)(closing.closed(desk))
    app.view(Callback.PREVENTION_ADD)(closing.prevention_added(desk))
    app.view(Callback.REOPEN)(reopening.reopened(desk))
    app.view(Callback.JOIN)(joining.joined(desk))
    app.view(Callback.ITEM)(documents.item(desk))
    app.view(Callback.DOCUMENT_SEND_BACK)(approving.was_sent_back(desk))
    app.view(Callback.DOCUMENT_SENT)(approving.was_sent(desk))
    app.view(Callback.TASK_ASSIGN)(tasks.assigned(desk))
    app.view(Callback.TASK_NOT_APPLICABLE)(tasks.was_set_aside(desk))
    app.view(Callback.TASK_ADD)(tasks.added(desk))
    app.view(Callback.DECLARATION)(tasks.declared(desk))
    app.view(Callback.DEVIATION)(tasks.deviated(desk))
    app.view(Callback.NOTICE_RECORD)(notifying.recorded(desk))
    app.view(Callback.PUBLICATION)(notifying.decided(desk))

    app.view(Callback.INQUIRY)(inquiries.recorded(desk))
    app.view(Callback.INQUIRY_ANSWER)(inquiries.answered(desk))
    app.view(Callback.INQUIRY_CLOSE)(inquiries.closed(desk))
    app.view(Callback.INQUIRY_ASSIGN)(inquiries.assigned(desk))

    app.view(Callback.TIMELINE_ENTRY)(timeline.entry(desk))

    app.event("app_home_opened")(events.home_opened(desk))
    app.event("member_joined_channel")(events.joined(desk))
    app.event("member_left_channel")(events.left(desk))
    app.event("user_change")(accounts.user_changed(desk))
    app.event("message")(events.direct_message(desk))
    # Stored before Bolt acknowledges them: nobody would press a second time, and nobody would tell us again.
    for event in ("group_deleted", "group_left"):
        app.event(event, middleware=[rooms.gone(desk)])(timeline.heard)
    app.event("group_archive", middleware=[rooms.archived(desk)])(timeline.heard)
    app.event("reaction_added", middleware=[timeline.pinned(desk)])(timeline.heard)
    app.event("file_shared", middleware=[timeline.shared(desk)])(timeline.heard)
