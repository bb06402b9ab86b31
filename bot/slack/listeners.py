"""Everything a person can do, in one screen: each listener reads, calls one step, acks."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.slack import buttons, commands, events, submissions
from bot.slack.desk import Desk
from bot.vocabulary import Action, Callback

COMMAND = "/leak"


def register(app: AsyncApp, desk: Desk) -> None:
    """Wire every command, shortcut, button, form and event to its listener."""
    app.command(COMMAND)(commands.leak(desk))
    app.shortcut(Callback.FIRST_REPORT)(commands.report_from_anywhere(desk))
    app.shortcut(Callback.REPORT_MESSAGE)(commands.report_from_message(desk))

    app.action(Action.HOME_REPORT)(buttons.report(desk))
    app.action(Action.PAGE_ACKNOWLEDGE)(buttons.acknowledge(desk))
    app.action(Action.CASE_ADD_FACTS)(buttons.add_facts(desk))
    app.action(Action.CASE_RECORD_SUBMISSION)(buttons.record_submission(desk))
    app.action(Action.CASE_CLOSE)(buttons.close_case(desk))

    app.view(Callback.FIRST_REPORT)(submissions.first_report(desk))
    app.view(Callback.ADD_FACTS)(submissions.add_facts(desk))
    app.view(Callback.SUBMISSION)(submissions.submission(desk))
    app.view(Callback.CLOSURE)(submissions.closure(desk))

    app.event("app_home_opened")(events.home_opened(desk))
    app.event("message")(events.direct_message(desk))
