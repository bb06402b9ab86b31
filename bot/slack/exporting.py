"""「事案ファイルを受け取る」: the case file goes to whoever asked for it, alone, and never into the room."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.cases.evidence import EvidenceStore
from bot.cases.export import CaseFile
from bot.documents.kept import word_files
from bot.organisation import Organisation
from bot.policy.state import CaseState
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk
from bot.slack.screens.message import Message
from bot.slack.screens.replies import case_file, case_file_coming, case_file_failed
from bot.slack.uploading import upload
from bot.workflow.exporting import export_case

logger = structlog.get_logger(__name__)


def export(desk: Desk) -> Listener:
    """The button: the step is noted at once, the file follows by direct message."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> Message:
        case = await desk.case(action["value"])
        async with desk.database.transaction() as db:
            file = await export_case(
                db,
                case.number,
                person=user,
                privacy_office=desk.people.privacy_office,
                locale=desk.organisation.locale,
                zone=desk.organisation.timezone,
                now=desk.now(),
            )
        desk.ring()
        desk.in_background(_send(desk, case, file, user))
        return case_file_coming(desk.locale(user), case)

    return button(desk, press)


async def _send(desk: Desk, case: CaseState, file: CaseFile, user: str) -> None:
    """Upload it; whoever waits is told where that fails, and may ask again."""
    locale = desk.locale(user)
    try:
        content = await asyncio.to_thread(_zip, file, desk.organisation, desk.evidence)
        opened = await desk.client.conversations_open(users=user)
        name = f"leak-{case.number}.zip" if not case.drill else f"drill-{case.number}.zip"
        await upload(desk.client, opened["channel"]["id"], name, content, case_file(locale, case))
    except Exception as error:
        logger.error("case_file_not_sent", case=case.number, error=type(error).__name__)
        told = case_file_failed(locale, case)
        await desk.client.chat_postMessage(channel=user, text=told.text, blocks=told.blocks)


def _zip(file: CaseFile, organisation: Organisation, evidence: EvidenceStore) -> bytes:
    words = word_files(file.documents, organisation)
    return file.holding(words).holding(evidence.members(file.number)).zip()
