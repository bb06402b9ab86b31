"""Closed cases in which people typed something everywhere they can, for the tests of export and retention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.database import Database
from bot.cases.states import case_state
from bot.documents.content import Block, Content, Shape
from bot.law.facts import FACT_NAMES
from bot.policy.approval import Ref, version_of
from bot.policy.items import KEYS
from bot.policy.state import CaseState, ChainLevel, ChainPerson, MessageRef
from bot.vocabulary import (
    DocumentKind,
    Indicator,
    InquiryChannel,
    InquirySource,
    NoticeWay,
    ObligationKind,
    Outcome,
    Publication,
    ReminderKind,
    ReportKind,
    Role,
    SendingWay,
    SkipReason,
)
from bot.workflow import approving, inquiries
from bot.workflow.adding import add_facts
from bot.workflow.approving import Turn
from bot.workflow.assessing import based_on, confirm_assessment
from bot.workflow.closing import close_case
from bot.workflow.documents import Draft, draft_document
from bot.workflow.handing import HandOver, hand_over
from bot.workflow.inputs import AddedFacts, Closure, Confirmation, FirstReport, Submission
from bot.workflow.items import edit_items
from bot.workflow.notifying import Decided, Told, decide_publication, record_notice
from bot.workflow.paging import acknowledge, page_sent, page_skipped
from bot.workflow.receiving import Roster
from bot.workflow.reporting import card_posted
from bot.workflow.rooms import room_opened
from bot.workflow.submitting import record_submission, reminded
from tests.laid_out import laid_out

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
    "sent_back": "宛名の敬称が抜けている",
    "sent_to": "＋影響を受けた方の代表",
    "why": "退会した方の宛先は残っていない",
    "publication": "全員に手紙が届いたため載せない",
    "asked": "-どの駅で\r\nなくしたのですか",
    "asker": "=HYPERLINK(1)夕刊の記者、携帯に折り返し",
    "answered": "都内の駅とだけお答えしています",
    "asked_twice": "同じことを別の方からも聞かれた",
    "no_answer": "＠一件目の答えと同じため",
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
        case = await laid_out(
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
        at = next(minutes)
        press, phone = InquirySource.PRESS, InquiryChannel.PHONE
        asked = inquiries.Asked(press, phone, at, at, TYPED["asked"], f"{view_id}-1", TYPED["asker"])
        answer = inquiries.Answer(TYPED["answered"], at, faq=True)
        speaks = inquiries.Who("U0PRIVACY", OFFICE)
        await inquiries.record_inquiry(db, number, asked, answer, who=speaks, now=at)
        again = inquiries.Asked(press, phone, at, at, TYPED["asked_twice"], f"{view_id}-2")
        await inquiries.record_inquiry(db, number, again, who=speaks, now=next(minutes))
        await inquiries.close_inquiry(db, number, 2, TYPED["no_answer"], who=speaks, now=next(minutes))
        draft = Draft(DocumentKind.APOLOGY, "ja", LETTER.to_json(), LETTER.hash)
        await draft_document(db, number, draft, **office, now=next(minutes))  # type: ignore[arg-type]
        await a_round_of_approval(db, number, minutes)
        for obligation in [o.kind for o in (await the_state(db, number)).open_obligations]:
            at = next(minutes)
            filed = Submission(obligation, ReportKind.FINAL, at, "個人情報保護委員会", "R-1")
            await record_submission(db, number, filed, **office, now=at)  # type: ignore[arg-type]
        at = next(minutes)
        told = Told(NoticeWay.SUBSTITUTE_INQUIRY_DESK, None, at, TYPED["why"], f"{view_id}-told")
        await record_notice(db, number, told, **office, now=at)  # type: ignore[arg-type]
        decided = Decided(Publication.DO_NOT_PUBLISH, TYPED["publication"])
        at = next(minutes)
        await decide_publication(db, number, decided, today=at.date(), **office, now=at)  # type: ignore[arg-type]
    return number


async def a_round_of_approval(db: AsyncSession, number: str, minutes: Iterator[datetime]) -> None:
    """The letter is sent back with a remark, goes round again, is approved and sent."""
    ref = Ref(LETTER.kind, LETTER.locale, 1)
    office: dict[str, Any] = {"person": "U0PRIVACY", "privacy_office": OFFICE}
    route = (Role.MANAGER, Role.PRIVACY_OFFICE)

    async def turn() -> Turn:
        version = version_of(await the_state(db, number), ref)
        assert version is not None
        return Turn(ref, version.turn, version.step)

    def who(person: str) -> dict[str, Any]:
        return {"person": person, "privacy_office": OFFICE, "now": next(minutes)}

    await approving.circulate(db, number, ref, route=route, **office, now=next(minutes))
    await approving.send_back(db, number, await turn(), TYPED["sent_back"], **who("U0BUCHOU"))
    await approving.circulate(db, number, ref, route=route, **office, now=next(minutes))
    for person in ("U0BUCHOU", "U0CISO"):
        await approving.approve(db, number, await turn(), **who(person))
    at = next(minutes)
    sending = approving.Sending(TYPED["sent_to"], at, SendingWay.POST, f"V-sent-{number}")
    await approving.record_sent(db, number, ref, sending, **office, now=at)


async def the_state(db: AsyncSession, number: str) -> CaseState:
    """The case as policy and screens read it."""
    state = await case_state(db, number)
    assert state is not None
    return state
