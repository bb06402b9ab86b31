"""Must it be reported, to whom, by when, and why: decided in the room, and defended a year later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.cases import log, queries
from bot.cases.casefile import case_json
from bot.cases.states import case_state
from bot.policy.state import CaseState
from bot.workflow.assessing import assessment_json
from bot.workspace import Message, Submission
from tests.world import TOKYO, World, payload, the_company

#: Everything answered so that no duty is left: few people, harmless data, nobody's bad intent.
HARMLESS = {
    "certainty": "confirmed",
    "kind": "leak",
    "malicious": "false",
    "persons": "30",
    "sensitive": "false",
    "financial_harm": "false",
    "my_number": "false",
}


async def begins(world: World, number: str, who: str = "privacy", message: Message | None = None) -> Any:
    """Presses 「報告義務を判断」 on the card (or under another message); gives the form."""
    await world.person(who).click(message or world.card(number, who), "case_assess")
    return world.person(who).modal


async def chooses(world: World, fact: str, value: str, who: str = "privacy") -> list[str]:
    """Picks an answer in the open form; gives the questions that are asked then."""
    await world.person(who).click(world.person(who).modal or {}, "value", value, block_id=fact)
    return questions(world.person(who).modal)


def questions(view: Any) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


async def answers(world: World, number: str, who: str = "privacy", **values: str) -> Submission:
    """From the button to the page on which the result is confirmed."""
    form = await begins(world, number, who)
    assert form["callback_id"] == "assessment"
    return await world.sends(who, **values)


async def decides(world: World, number: str, reason: str = "", who: str = "privacy", **values: str) -> None:
    """The whole way, up to the confirmation."""
    sent = await answers(world, number, who, **values)
    assert sent.ok, sent.errors
    assert (sent.view or {})["callback_id"] == "assessment_confirm"
    sent = await world.sends(who, **({"reason": reason} if reason else {}))
    assert sent.ok, (sent.errors, sent.trouble)
    await world.bot.settled()


async def state(world: World, number: str) -> CaseState:
    async with world.bot.database.reading() as db:
        found = await case_state(db, number)
    assert found
    return found


async def due(world: World, number: str) -> dict[str, str | None]:
    """What stands, and its last day in Japan."""
    case = await state(world, number)
    return {
        o.kind.value: o.due_at.astimezone(TOKYO).date().isoformat() if o.due_at else None
        for o in case.obligations
        if o.removed_at is None
    }


async def as_json(world: World, number: str) -> dict[str, Any]:
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
        assert row
        assert await log.verify(db, number) == []
        return await case_json(db, number, assessment_json(row))


async def test_a_lost_usb_stick_that_stays_small_needs_no_report_and_can_be_closed(world: World) -> None:
    number = await world.reports(persons="30")
    await world.acknowledges("manager")
    assert set(await due(world, number)) == {"preliminary", "final"}
    assert "暫定" in world.card(number).plain

    sent = await answers(world, number, **HARMLESS)
    shown = str(sent.view)
    assert "報告は不要と考えられます" in shown
    assert "第7条" in shown, "with its source"
    sent = await world.sends("privacy")
    assert set(sent.errors) == {"reason"}, "no duty is not decided without a reason"
    assert (await world.sends("privacy", reason="駅で未開封のまま回収した")).ok
    await world.bot.settled()

    assert await due(world, number) == {}
    case = await state(world, number)
    assert case.status == "assessed"
    assert all(o.removed_at for o in case.obligations), "superseded ones stay, as removed"
    [note] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "assessment_confirmed"]
    for words in ("報告は不要と判断されました", "<@U0PRIVACY>", "駅で未開封のまま回収した", "第7条第4号"):
        assert words in note.plain, words
    assert "駅で" not in note.text
    assert "報告は不要と判断されました" in world.card(number).plain
    kept = (await as_json(world, number))["assessment"]
    assert (kept["reportable"], kept["confirmed_by"], kept["triggers"]) == (False, "U0PRIVACY", [])
    assert kept["remark"] == "駅で未開封のまま回収した"
    assert {"no_trigger", "not_over_1000"} <= set(kept["reasons"])

    await world.passes(days=40)
    assert world.reminders(number) == []
    assert (await world.closes(number)).ok


async def test_ransomware_has_sixty_days_and_the_form_asks_only_what_matters(world: World) -> None:
    number = await world.reports(
        indicator="system_intrusion",
        aware_at=int(datetime(2026, 11, 22, 21, 10, tzinfo=TOKYO).timestamp()),
    )
    form = await begins(world, number)
    first = questions(form)
    assert "damage_type" not in first
    assert "controller_notified" not in first
    malicious = next(block for block in form["blocks"] if block["block_id"] == "malicious")
    assert malicious["element"]["initial_option"]["value"] == "true"
    assert "第一報からの見立て" in malicious["hint"]["text"], "and says from where"

    await world.person("privacy").click(form, "value", "約800人", block_id="persons")
    now_asked = await chooses(world, "kind", "damage")
    assert "damage_type" in now_asked
    assert "recovered_unread" not in now_asked
    modal = world.person("privacy").modal
    assert modal
    assert modal["state"]["values"]["persons"]["value"]["value"] == "約800人", "what was typed is kept"
    assert "my_number_persons" not in await chooses(world, "my_number", "false")
    assert "backup_exists" not in await chooses(world, "damage_type", "altered")
    assert await chooses(world, "certainty", "ruled_out") == ["certainty"]
    assert "damage_type" in await chooses(world, "certainty", "suspected")

    sent = await world.sends("privacy", damage_type="unusable", encrypted="false")
    assert "報告が必要と考えられます" in str(sent.view)
    assert "第7条第3号" in str(sent.view)
    assert (await world.sends("privacy")).ok
    await world.bot.settled()
    # Day 60 is Wednesday 20 January 2027.
    assert await due(world, number) == {
        "preliminary": "2026-11-26",
        "final": "2027-01-20",
        "individual_notice": None,
    }
    case = await state(world, number)
    assert case.status == "reporting"
    assert {o.provisional for o in case.obligations if o.removed_at is None} == {False}
    assert case.facts["kind"] == "damage"
    assert case.facts["persons"] == {"exact": 800}
    note = world.heard(number, "leak_notice")[-1].plain
    assert "2026年11月22日（日）に適用される規定で判断しました" in note, "and says which rules were read"
    assert "60日目 2027年1月20日（水）" in note, "another year than that of day 1"
    assert "目安の上限（5日目） 11月26日（木）" in note
    assert "暫定" not in world.card(number).plain.split("期限のある対応")[1]


async def test_my_number_goes_to_the_commission_also_where_the_ministry_gets_the_rest(world: World) -> None:
    number = await world.reports()
    await decides(
        world,
        number,
        **{
            **HARMLESS,
            "sensitive": "true",
            "my_number": "true",
            "my_number_persons": "30",
            "my_number_public_exposure": "true",
            "delegated_to_authority": "fsa",
        },
    )
    case = await state(world, number)
    to = {o.kind.value: o.recipient for o in case.obligations if o.removed_at is None}
    assert to == {
        "preliminary": "fsa",
        "final": "fsa",
        "individual_notice": "persons",
        "mn_preliminary": "ppc",
        "mn_final": "ppc",
    }
    note = world.heard(number, "leak_notice")[-1].plain
    assert "金融庁" in note
    assert "個人情報保護委員会（マイナンバー）" in note


async def test_growth_after_no_duty_asks_again_and_the_stricter_clock_runs_until_then(world: World) -> None:
    number = await world.reports(persons="800")
    await world.acknowledges("manager")
    await decides(world, number, reason="800人で、ほかの号にも当たらない", **{**HARMLESS, "persons": "800"})
    await world.passes(days=2)  # Tuesday 24 November
    assert await due(world, number) == {}

    await world.person("reporter").click(world.card(number, "reporter"), "case_add_facts")
    assert (await world.sends("reporter", persons="1200")).ok
    await world.bot.settled()
    assert await due(world, number) == {
        "preliminary": "2026-11-28",
        "final": "2026-12-23",
        "individual_notice": None,
    }, "day 1 is the day on which it was known to be over 1,000"
    case = await state(world, number)
    assert case.status == "reporting"
    assert case.assessment
    assert case.assessment["decision"] == "no_report", "not silently overturned"
    assert case.assessment["pending"]["decision"] == "report"
    asked = world.heard(number, "leak_notice")[-1]
    assert payload(asked)["kind"] == "reassessed"
    assert "<@U0PRIVACY>" in asked.text, "rings"
    for words in ("報告は不要 → 報告が必要", "1,000人を超え", "第7条第4号", "早いほうの期限"):
        assert words in asked.plain, words
    assert "見直しが必要" in world.card(number).plain

    # The privacy office looks at it again, straight from that message.
    form = await begins(world, number, message=asked)
    assert "報告は不要と判断されました" in str(form), "it says that a decision stands"
    sent = await world.sends("privacy")
    assert sent.ok, sent.errors
    assert (await world.sends("privacy")).ok
    await world.bot.settled()
    kept = (await as_json(world, number))["assessment"]
    assert (kept["reportable"], kept["pending"]) == (True, None)
    assert kept["clock_start"] == "2026-11-24"
    note = world.heard(number, "leak_notice")[-1].plain
    assert "判断を見直しました" in note
    assert "報告は不要と判断されました" in note, "what was decided before is named"
    assert (await due(world, number))["final"] == "2026-12-23"


async def test_facts_that_free_the_company_do_not_stop_the_clock_before_somebody_says_so(
    world: World,
) -> None:
    number = await world.reports(persons="1200")
    await decides(world, number, **{**HARMLESS, "persons": "1200"})
    before = await due(world, number)
    await world.person("reporter").click(world.card(number, "reporter"), "case_add_facts")
    assert (await world.sends("reporter", persons="400")).ok
    await world.bot.settled()
    assert await due(world, number) == before, "a duty in either stays"
    assert world.notices(number)[-1] == "reassessed"
    await world.person("reporter").click(world.card(number, "reporter"), "case_add_facts")
    assert (await world.sends("reporter", persons="1500")).ok
    await world.bot.settled()
    assert "同じ結果に戻りました" in world.heard(number, "leak_notice")[-1].plain
    assert (await state(world, number)).assessment is not None
    assert "見直しが必要" not in world.card(number).plain


async def test_a_suspicion_of_malice_later_keeps_the_first_day_and_is_reopened_by_hand(
    world: World,
) -> None:
    number = await world.reports(
        persons="1200", aware_at=int(datetime(2026, 11, 22, 21, 10, tzinfo=TOKYO).timestamp())
    )
    await world.acknowledges("manager")
    await decides(world, number, **{**HARMLESS, "persons": "1200"})
    assert (await due(world, number))["final"] == "2026-12-21"
    await world.passes(days=3)
    await decides(world, number, malicious="true", reason="防犯カメラに持ち去る人が映っていた")
    assert (await due(world, number))["final"] == "2027-01-20", "60 days from the original day 1"
    assert (await due(world, number))["preliminary"] == "2026-11-26"
    removed = [o for o in (await state(world, number)).obligations if o.removed_at]
    assert "final" in {o.kind.value for o in removed}


@pytest.mark.parametrize("who", ["reporter", "manager", "legal"])
async def test_only_privacy_office_and_last_resort_decide(world: World, who: str) -> None:
    number = await world.reports()
    form = await begins(world, number, who)
    assert form is None
    told = world.person(who).messages(world.room(number, who))[-1]
    assert told.ephemeral
    assert "個人情報保護担当と最終連絡先だけ" in told.plain
    assert (await state(world, number)).assessment is None


async def test_the_last_resort_may_decide_once_called(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=21)
    await decides(world, number, who="ciso", **{**HARMLESS, "sensitive": "true"})
    assert (await state(world, number)).status == "reporting"
    assert "<@U0CISO>" in world.heard(number, "leak_notice")[-1].plain


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"persons": "1200-800"}, "persons"),
        ({"persons": "たくさん"}, "persons"),
        ({"my_number": "true", "persons": "50", "my_number_persons": "80"}, "my_number_persons"),
        ({"my_number": "false", "my_number_persons": "80"}, "my_number_persons"),
        ({"my_number": "true", "my_number_persons": "0"}, "my_number_persons"),
        ({"recovered_unread": "true", "my_number_public_exposure": "true"}, "recovered_unread"),
        ({"trigger_known_at": int(datetime(2026, 11, 1, tzinfo=TOKYO).timestamp())}, "trigger_known_at"),
        ({"trigger_known_at": int(datetime(2027, 11, 1, tzinfo=TOKYO).timestamp())}, "trigger_known_at"),
    ],
)
async def test_what_cannot_be_true_is_refused_at_its_field(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    number = await world.reports()
    sent = await answers(world, number, **wrong)
    assert not sent.ok
    assert set(sent.errors) == {field}
    assert (await state(world, number)).assessment is None
    assert (await world.sends("privacy", **HARMLESS, my_number_persons="", trigger_known_at=None)).ok


async def test_a_fact_that_contradicts_what_is_known_is_refused_where_it_is_added(world: World) -> None:
    number = await world.reports(persons="500")
    await decides(
        world, number, **{**HARMLESS, "persons": "500", "my_number": "true", "my_number_persons": "200"}
    )
    await world.person("reporter").click(world.card(number, "reporter"), "case_add_facts")
    sent = await world.sends("reporter", persons="100")
    assert set(sent.errors) == {"persons"}
    assert "200" in sent.errors["persons"], "the reason names what it contradicts"
    assert (await state(world, number)).facts["persons"] == {"exact": 500}


async def test_a_report_from_before_the_rules_is_refused_at_its_field(world: World) -> None:
    await world.opens_form()
    long_ago = int(datetime(2021, 5, 1, tzinfo=TOKYO).timestamp())
    sent = await world.sends("reporter", indicator="media_lost", summary="x", aware_at=long_ago)
    assert set(sent.errors) == {"aware_at"}
    assert await world.numbers() == []


async def test_nobody_confirms_what_changed_under_their_eyes(world: World) -> None:
    number = await world.reports(persons="30")
    assert (await answers(world, number, **HARMLESS)).ok
    await world.person("reporter").click(world.card(number, "reporter"), "case_add_facts")
    assert (await world.sends("reporter", persons="5000")).ok
    sent = await world.sends("privacy", reason="30人だけ")
    assert "事実か判断が変わりました" in sent.errors["reason"]
    assert (await state(world, number)).assessment is None


async def test_a_confirmation_sent_twice_decides_once(world: World) -> None:
    number = await world.reports()
    assert (await answers(world, number, **HARMLESS)).ok
    world.workspace.redeliver = 2
    assert (await world.sends("privacy", reason="少人数")).ok
    await world.bot.settled()
    world.workspace.redeliver = 0
    assert world.notices(number) == ["assessment_confirmed"]


async def test_a_processor_that_told_its_controller_is_free(world: World) -> None:
    number = await world.reports(indicator="partner_report")
    await begins(world, number)
    assert "controller_notified" in await chooses(world, "role", "processor")
    sent = await world.sends("privacy", sensitive="true", my_number="false", controller_notified="true")
    assert "免除される" in str(sent.view)
    assert (await world.sends("privacy", reason="委託元へ電子メールで通知した")).ok
    await world.bot.settled()
    assert await due(world, number) == {}
    assert (await state(world, number)).status == "assessed"


async def test_the_status_command_shows_the_decision_and_the_dates(world: World) -> None:
    number = await world.reports(aware_at=int(datetime(2026, 11, 20, 9, 0, tzinfo=TOKYO).timestamp()))
    before = await world.person("reporter").command("/leak", f"status {number}")
    assert "まだ判断できません" in str(before.blocks)
    await decides(world, number, **{**HARMLESS, "sensitive": "true"})
    after = await world.person("reporter").command("/leak", f"status {number}")
    assert "報告が必要と判断されました" in str(after.blocks)
    assert "30日目 12月19日（土） → 土曜日・日曜日を除き 2026年12月21日（月）23:59" in str(after.blocks)


async def test_a_reminder_of_what_is_only_provisional_offers_to_decide(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.passes(days=2)
    assert "case_assess" in world.heard(number, "leak_reminder")[-1].buttons
    await decides(world, number, **{**HARMLESS, "sensitive": "true"})
    await world.passes(days=1)
    assert "case_assess" not in world.heard(number, "leak_reminder")[-1].buttons


async def test_in_english(make_world: Any) -> None:
    world = await make_world("en")
    number = await world.reports()
    await decides(world, number, **{**HARMLESS, "sensitive": "true"})
    note = world.heard(number, "leak_notice")[-1].plain
    assert "It was decided that a report is required" in note
    assert "Art. 7 item 1" in note
    assert the_company().locale == "ja", "the sample company speaks Japanese unless told otherwise"


OF_ANOTHER_COMPANY = {**HARMLESS, "sensitive": "true", "role": "processor"}


async def open_now(world: World, number: str) -> dict[str, bool]:
    """What is open, and whether it is provisional, in the order in which it is shown."""
    return {o.kind.value: o.provisional for o in (await state(world, number)).open_obligations}


async def test_a_processor_tells_its_controller_and_need_not_report(world: World) -> None:
    number = await world.reports(aware_at=int(datetime(2026, 11, 22, 21, 10, tzinfo=TOKYO).timestamp()))
    await world.acknowledges("manager")
    sent = await answers(world, number, **OF_ANOTHER_COMPANY)
    shown = str(sent.view)
    assert "委託元への通知  目標（3日目） 11月24日（火） ／ 目安の上限（5日目） 11月26日（木）" in shown
    assert "連名で報告" in str(sent.view)
    assert (await world.sends("privacy")).ok
    await world.bot.settled()
    assert await open_now(world, number) == {
        "controller_notice": False,
        "preliminary": True,
        "final": True,
        "individual_notice": True,
    }, "both are bound until it is recorded: the notice first, what it would replace is provisional"
    assert (await due(world, number))["controller_notice"] == "2026-11-26"
    card = world.card(number).plain
    assert "*委託元への通知*  通知先 委託元\n目標（3日目） 11月24日（火）　目安の上限（5日目）" in card
    assert "委託元へ通知して記録すると、委託先としての報告と本人通知は免除されます" in card

    await world.person("privacy").click(world.card(number), "case_close")
    refused = world.person("privacy").messages(world.room(number))[-1]
    assert refused.ephemeral
    assert "まだ終結できません" in refused.plain
    assert "委託元への通知" in refused.plain

    await world.passes(days=2, hours=11)
    assert "controller_notice countdown 2d" in world.reminders(number)
    reminded = {payload(m)["obligation"]: m for m in world.heard(number, "leak_reminder")}
    assert "この報告は不要になります" in reminded["preliminary"].plain
    assert "case_assess" not in reminded["preliminary"].buttons, "it was decided"
    assert "通知先 委託元" in reminded["controller_notice"].plain

    before = len(world.reminders(number))
    sent = await world.records(
        number, "controller_notice", recipient="株式会社委託元サンプル", receipt_no="メール 11/24"
    )
    assert sent.ok, sent.errors
    case = await state(world, number)
    assert (case.status, case.facts["controller_notified"]) == ("assessed", True)
    assert await open_now(world, number) == {}
    assert {o.kind.value for o in case.obligations if o.removed_at} >= {
        "preliminary",
        "final",
        "individual_notice",
    }
    told, decided = world.heard(number, "leak_notice")[-2:]
    assert "*委託元への通知* の実施が記録されました" in told.plain
    for words in (
        "免除されると判断されました",
        "<@U0PRIVACY>",
        "株式会社委託元サンプル",
        "第9条",
        "報告が必要と判断されました",
        "「期限のある対応」から外しました",
    ):
        assert words in decided.plain, words
    assert "株式会社" not in decided.text
    card = world.card(number).plain
    assert "免除されると判断されました" in card
    assert "✅ *委託元への通知*  通知済み" in card

    await world.passes(days=40)
    assert len(world.reminders(number)) == before, "nothing is due any more"
    kept = await as_json(world, number)
    assert kept["assessment"]["decision"] == "exempt"
    assert kept["assessment"]["confirmed_by"] == "U0PRIVACY"
    assert kept["assessment"]["notice"]["recipient"] == "株式会社委託元サンプル"
    assert [o["kind"] for o in kept["obligations"]] == ["controller_notice"]
    changed = [entry["data"] for entry in kept["log"] if entry["kind"] == "obligations_changed"]
    assert {c["kind"] for c in changed[-1]["changes"] if c.get("removed")} == {
        "preliminary",
        "final",
        "individual_notice",
    }
    assert (await world.closes(number)).ok
    assert (await state(world, number)).status == "closed"


async def test_a_processor_that_reports_itself_owes_no_notice(world: World) -> None:
    number = await world.reports()
    await decides(world, number, **OF_ANOTHER_COMPANY)
    assert (await world.records(number, "preliminary")).ok
    assert await open_now(world, number) == {"final": False, "individual_notice": False}
    note = world.heard(number, "leak_notice")[-1].plain
    assert "委託元への通知は「期限のある対応」から外しました" in note
    await world.person("reporter").click(world.card(number, "reporter"), "case_add_facts")
    assert (await world.sends("reporter", persons="40")).ok
    await world.bot.settled()
    assert set(await open_now(world, number)) == {"final", "individual_notice"}, "nor do new facts ask again"
    await decides(world, number, malicious="true")
    assert await open_now(world, number) == {"final": False, "individual_notice": False}
    assert (await world.records(number, "final")).ok
    assert (await world.records(number, "individual_notice", report_kind="final")).ok
    assert (await state(world, number)).status == "assessed", "confirmed, and nothing is open"
    assert (await world.closes(number)).ok


async def test_a_notice_recorded_by_mistake_is_corrected_by_deciding_again(world: World) -> None:
    number = await world.reports()
    await decides(world, number, **OF_ANOTHER_COMPANY)
    form = await begins(world, number)
    assert form
    assert (await world.records(number, "controller_notice", recipient="別の会社")).ok
    await decides(world, number, controller_notified="false", reason="")
    assert set(await open_now(world, number)) == {
        "controller_notice",
        "preliminary",
        "final",
        "individual_notice",
    }
    assert (await state(world, number)).status == "reporting"


async def test_a_notice_frees_nobody_before_it_is_known_that_there_is_a_duty(world: World) -> None:
    number = await world.reports()
    await decides(world, number, role="processor")
    assert set((await open_now(world, number)).values()) == {True}
    assert (await world.records(number, "controller_notice", recipient="株式会社委託元サンプル")).ok
    assert await open_now(world, number) == {"preliminary": True, "final": True}
    assert (await state(world, number)).status == "reporting"
    sent = await answers(world, number)
    assert "委託元へは通知済みです" in str(sent.view)


async def test_nobody_confirms_on_a_form_older_than_the_notice(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=21)  # the last resort has been called and may decide, too
    await decides(world, number, role="processor")
    assert (await answers(world, number, who="ciso", sensitive="true", controller_notified="false")).ok
    assert (await world.records(number, "controller_notice", recipient="株式会社委託元サンプル")).ok
    sent = await world.sends("ciso")
    assert not sent.ok, "the form was filled in before the notice was recorded"
    assert (await state(world, number)).facts["controller_notified"] is True


async def test_a_controller_told_by_its_processor_learns_when_day_one_was(world: World) -> None:
    number = await world.reports(indicator="partner_report")
    assert "遅くともその通知が届いた日が1日目です" in world.card(number).plain
    await decides(world, number, **{**HARMLESS, "sensitive": "true", "role": "controller"})
    note = world.heard(number, "leak_notice")[-1].plain
    assert "遅くともその通知が届いた日が1日目です" in note
    assert "連名で報告" in note
    assert "3-5-3-5" in note
    own = await world.reports()
    await decides(world, own, **{**HARMLESS, "sensitive": "true", "role": "controller"})
    assert "委託先からの通知" not in world.heard(own, "leak_notice")[-1].plain
