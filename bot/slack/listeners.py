"""Everything a person can do, in one screen: each listener reads, calls one step, acks."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.slack import absences, assessing, buttons, commands, events, submissions
from bot.slack.desk import Desk
from bot.slack.screens.questions import STEERING
from bot.vocabulary import Action, Callback

COMMAND = "/leak"


def register(app: AsyncApp, desk: Desk) -> None:
    """Wire every command, shortcut, button, form and event to its listener."""
    app.command(COMMAND)(commands.leak(desk))
    app.shortcut(Callback.FIRST_REPORT)(commands.report_from_anywhere(desk))
    app.shortcut(Callback.REPORT_MESSAGE)(commands.report_from_message(desk))

    app.action(Action.ABSENCE_DECLARE)(absences.declare(desk))
    app.action(Action.ABSENCE_END)(absences.end(desk))
    app.action(Action.HOME_REPORT)(buttons.report(desk))
    app.action(Action.PAGE_ACKNOWLEDGE)(buttons.acknowledge(desk))
    app.action(Action.PAGE_CANNOT)(buttons.cannot(desk))
    app.action(Action.STILL_WORKING)(buttons.still_working(desk))
    app.action(Action.PAGE_HAND_OVER)(buttons.hand_over(desk))
    app.action(Action.CASE_ADD_FACTS)(buttons.add_facts(desk))
    app.action(Action.CASE_ASSESS)(assessing.assess(desk))
    for fact in STEERING:
        app.action({"block_id": fact, "action_id": "value"})(assessing.answered(desk))
    app.action(Action.CASE_RECORD_SUBMISSION)(buttons.record_submission(desk))
    app.action(Action.CASE_CLOSE)(buttons.close_case(desk))

    app.view(Callback.FIRST_REPORT)(submissions.first_report(desk))
    app.view(Callback.ADD_FACTS)(submissions.add_facts(desk))
    app.view(Callback.ASSESSMENT)(assessing.assessment(desk))
    app.view(Callback.ASSESSMENT_CONFIRM)(assessing.confirm(desk))
    app.view(Callback.SUBMISSION)(submissions.submission(desk))
    app.view(Callback.HAND_OVER)(submissions.hand_over(desk))
    app.view(Callback.ABSENCE)(absences.declared(desk))
    app.view(Callback.CLOSURE)(submissions.closure(desk))

    app.event("app_home_opened")(events.home_opened(desk))
    app.event("member_joined_channel")(events.joined(desk))
    app.event("member_left_channel")(events.left(desk))
    app.event("message")(events.direct_message(desk))
