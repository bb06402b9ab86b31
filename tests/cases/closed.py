"""Closed cases in which people typed something everywhere they can, for the tests of export and retention."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.database import Database
from bot.cases.states import case_state
from bot.documents.content import Block, Content, Shape
from bot.law.facts import FACT_NAMES
from bot.policy.items import KEYS
from bot.policy.state import CaseState, ChainLevel, ChainPerson, MessageRef
from bot.vocabulary import (
    DocumentKind,
    Indicator,
    ObligationKind,
    Outcome,
    ReminderKind,
    ReportKind,
    Role,
    SkipReason,
)
from bot.workflow.adding import add_facts
from bot.workflow.assessing import based_on, confirm_assessment
from bot.workflow.closing import close_case
from bot.workflow.documents import Draft, draft_document
from bot.workflow.handing import HandOver, hand_over
from bot.workflow.inputs import AddedFacts, Closure, Confirmation, FirstReport, Submission
from bot.workflow.items import edit_items
from bot.workflow.paging import acknowledge, page_sent, page_skipped
from bot.workflow.reporting import Roster, card_posted, report_leak, room_opened
from bot.workflow.submitting import record_submission, reminded

TOKYO = ZoneInfo("Asia/Tokyo")
EVENING = datetime(2026, 11, 22, 12, 18, tzinfo=UTC)  # Sunday 21:18 in Tokyo
CLOSED_AT = EVENING + timedelta(minutes=60)
OFFICE = frozenset({"U0PRIVACY"})

#: What people typed, each word once and nowhere else; `=cmd` is what a spreadsheet would run.
TYPED = {
    "summary": "=cmd|' /C calc'!A0 銀の鞄を\r\n電車に置き忘れた",
    "data_items": "@SUM(1+1)*氏名・電話番号",
    "persons": "約1,200人くらい",
    "immediate_actions": "+駅の遺失物係に電話した",
    "source_permalink": "https://example.slack.com/archives/C0TALK/p1",
    "files": "F0PHOTO",
    "added": "-終点の駅にも聞いた",
    "remark": "鞄の中身は課長が確かめた",
    "reason": "出張で手が離せない",
    "root_cause": "持ち出しの決まりが曖昧だった",
    "prevention": "鞄に入れない決まりにした",
    "item": "網棚に置いたまま降りた",
    "document": "ご心配をおかけした方へ",
    "manager": "buchou@example.co.jp",
    "deputy": "dairi@example.co.jp",
}
ITEM = sorted(KEYS)[0]
LETTER = Content(
    DocumentKind.APOLOGY, "ja", (Block(Shape.TITLE, "お詫び"), Block(Shape.PARAGRAPH, TYPED["document"]))
)
ROSTER = Roster(
    department_name="営業部",
    chain=(
        ChainLevel(Role.MANAGER, (ChainPerson(TYPED["manager"], "U0BUCHOU"),)),
        ChainLevel(Role.DEPUTY, (ChainPerson(TYPED["deputy"], None, active=False),)),
        ChainLevel(Role.LAST_RESORT, (ChainPerson("U0CISO", "U0CISO"),)),
    ),
    members={"U0REPORTER": Role.REPORTER, "U0BUCHOU": Role.MANAGER, "U0PRIVACY": Role.PRIVACY_OFFICE},
    authority=None,
    acknowledge_within=600,
    repeat_every=600,
)
ANSWERS = dict.fromkeys(FACT_NAMES, "unknown") | {
    "kind": "leak",
    "certainty": "confirmed",
    "data_status": "personal_data",
    "role": "controller",
    "persons": {"exact": 1200},
    "my_number": False,
    "my_number_persons": {"exact": 0},
    "delegated_to_authority": "none",
    "trigger_known_at": None,
}


async def a_closed_case(
    database: Database, view_id: str = "V0", *, drill: bool = False, typed: dict[str, str] | None = None
) -> str:
    """A case with a whole life, a minute for each step, closed at `CLOSED_AT`. Out: its number."""
    number = await a_case(database, view_id, drill=drill, typed=typed)
    async with database.transaction() as db:
        closure = Closure(TYPED["root_cause"], TYPED["prevention"], Outcome.RECOVERED)
        await close_case(db, number, closure, person="U0PRIVACY", privacy_office=OFFICE, now=CLOSED_AT)
    return number


async def a_case(
    database: Database, view_id: str = "V0", *, drill: bool = False, typed: dict[str, str] | None = None
) -> str:
    """The same while it is still open, with everything recorded that closing asks for."""
    report = FirstReport(
        indicator=Indicator.MEDIA_LOST,
        summary=TYPED["summary"],
        aware_at=EVENING - timedelta(minutes=8),
        department="sales",
        data_items=TYPED["data_items"],
        persons=TYPED["persons"],
        persons_fact={"exact": 1200},
        immediate_actions=TYPED["immediate_actions"],
        files=(TYPED["files"],),
        source_permalink=TYPED["source_permalink"],
        typed=typed or {},
    )
    office = {"person": "U0PRIVACY", "privacy_office": OFFICE}
    async with database.transaction() as db:
        case = await report_leak(
            db,
            report,
            reporter="U0REPORTER",
            view_id=view_id,
            roster=ROSTER,
            zone=TOKYO,
            drill=drill,
            now=EVENING,
        )
    number = case.number
    minutes = (EVENING + timedelta(minutes=minute) for minute in range(1, 60))
    async with database.transaction() as db:
        await room_opened(db, number, "C0ROOM", next(minutes))
        await card_posted(db, number, MessageRef("C0ROOM", "1.000001"), next(minutes))
        at = next(minutes)
        where = MessageRef("D0BUCHOU", "1.000002")
        await page_sent(
            db, number, level=0, attempt=1, user="U0BUCHOU", where=where, linked=True, sent_at=at, now=at
        )
        nobody, why = TYPED["deputy"], SkipReason.NO_SUCH_USER
        await page_skipped(db, number, level=1, reference=nobody, user=None, reason=why, now=next(minutes))
        await acknowledge(db, number, person="U0BUCHOU", privacy_office=OFFICE, now=next(minutes))
        handing = HandOver("U0SALES2", TYPED["reason"], "V-hand")
        await hand_over(db, number, handing, person="U0BUCHOU", privacy_office=OFFICE, now=next(minutes))
        added = AddedFacts(immediate_actions=TYPED["added"])
        await add_facts(db, number, added, **office, now=next(minutes))  # type: ignore[arg-type]
        known = based_on(await the_state(db, number))
        decision = Confirmation(ANSWERS, TYPED["remark"], known, f"{view_id}-decision")
        await confirm_assessment(db, number, decision, **office, now=next(minutes))  # type: ignore[arg-type]
        kind, countdown = ObligationKind.PRELIMINARY, ReminderKind.COUNTDOWN
        await reminded(db, number, obligation=kind, kind=countdown, step="3d", now=next(minutes))
        await edit_items(db, number, {ITEM: TYPED["item"]}, **office, now=next(minutes))  # type: ignore[arg-type]
        draft = Draft(DocumentKind.APOLOGY, "ja", LETTER.to_json(), LETTER.hash)
        await draft_document(db, number, draft, **office, now=next(minutes))  # type: ignore[arg-type]
        for obligation in [o.kind for o in (await the_state(db, number)).open_obligations]:
            at = next(minutes)
            filed = Submission(obligation, ReportKind.FINAL, at, "個人情報保護委員会", "R-1")
            await record_submission(db, number, filed, **office, now=at)  # type: ignore[arg-type]
    return number


async def the_state(db: AsyncSession, number: str) -> CaseState:
    """The case as policy and screens read it."""
    state = await case_state(db, number)
    assert state is not None
    return state
