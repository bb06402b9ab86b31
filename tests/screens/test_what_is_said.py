"""What people read at the moments that matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.policy.state import ChainLevel, ChainPerson
from bot.rendering import Mrkdwn
from bot.slack.screens import card, first_report, home, page, receipt, reminder, replies, submission
from bot.slack.screens.blocks import clip, passages, text_input, weight
from bot.slack.screens.knowledge import Item, missing
from bot.slack.screens.message import Message
from bot.vocabulary import Indicator, ObligationKind, ReminderKind, Role
from tests.screens import situations as s
from tests.screens.limits import texts


def said(message: Message) -> str:
    """Everything a message shows, one text a line."""
    return "\n".join(text["text"] for text in texts(message.blocks))


def buttons(blocks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The buttons with their values."""
    return [
        (element["action_id"], element["value"])
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_the_page_says_what_since_when_how_much_time_and_has_its_three_buttons() -> None:
    message = page.page("ja", s.TOKYO, s.reported(), s.page(), s.NOW, in_room=False)
    assert message.text == "呼び出し 事案 2026-0001"
    assert message.blocks[0]["text"]["text"] == (
        "🔔 *呼び出し*\n"
        "事案 *2026-0001* （書類・媒体・PC等の紛失、営業部）\n"
        "気づいた時刻 11月22日（日）21:10　報告 21:18\n"
        "10分以内に応答がない場合、代行者を呼び出します。"
    )
    assert buttons(message.blocks) == [
        ("page_acknowledge", "2026-0001"),
        ("page_cannot", "2026-0001"),
        ("page_hand_over", "2026-0001"),
    ]
    assert message.blocks[-1]["elements"][0]["style"] == "primary"
    assert "<#" not in said(message), "no room yet"


def test_the_page_gains_its_link_when_the_room_is_open() -> None:
    message = page.page("ja", s.TOKYO, s.in_hand(), s.page(), s.NOW, in_room=False)
    assert "対応チャンネル <#CROOM>" in said(message)


def test_the_page_in_the_room_rings_everybody_it_is_for() -> None:
    message = page.page("ja", s.TOKYO, s.in_hand(), s.page(2), s.NOW, True, ("UCISO", "UCEO"))
    assert message.text.startswith("<@UCISO> <@UCEO> 呼び出し")
    assert "<@UCISO> <@UCEO> さん" in message.blocks[0]["text"]["text"]


def test_the_last_resort_reads_how_often_it_will_be_called() -> None:
    message = page.page("ja", s.TOKYO, s.reported(), s.page(2, 3, "UCISO"), s.NOW, in_room=False)
    assert "（3回目）" in said(message)
    assert "応答があるまで、10分ごとに呼び出します。" in said(message)


def test_the_deputys_page_names_the_last_resort_as_next() -> None:
    message = page.page("en", s.TOKYO, s.reported(), s.page(1, 1, "UDEPUTY"), s.NOW, in_room=False)
    assert "Without an answer within 10 minutes, the last resort is paged too." in said(message)


def test_an_answered_page_says_who_has_it_and_can_only_be_handed_over() -> None:
    message = page.answered("ja", s.TOKYO, s.in_hand(), s.page(), in_room=False)
    assert "<@UMANAGER> さんが対応しています（11月22日（日）21:22から）。" in said(message)
    assert buttons(message.blocks) == [("page_hand_over", "2026-0001")]


def test_the_receipt_thanks_first_and_says_who_is_called() -> None:
    message = receipt.receipt("ja", s.TOKYO, s.reported(), s.NOW)
    assert message.blocks[0]["text"]["text"] == (
        "第一報を受け付けました（2026-0001）。知らせてくれてありがとうございます。\n"
        "営業部の責任者 <@UMANAGER> さんを呼び出しています。応答がなければ代行者に連絡します。"
    )


def test_a_manager_who_reports_reads_that_the_deputy_is_called() -> None:
    message = receipt.receipt("ja", s.TOKYO, replace(s.reported(), reporter="UMANAGER"), s.NOW)
    assert "営業部の代行者 <@UDEPUTY> さんを呼び出しています。応答がなければ最終連絡先に連絡します。" in said(
        message
    )


def test_the_receipt_names_whoever_is_paged_now() -> None:
    case = replace(s.reported(), pages=(s.page(), s.page(1, 1, "UDEPUTY")))
    assert "代行者 <@UDEPUTY> さん" in said(receipt.receipt("ja", s.TOKYO, case, s.NOW))


def test_a_chain_without_anybody_still_promises_to_go_on() -> None:
    chain = (ChainLevel(Role.MANAGER, (ChainPerson("gone@example.co.jp", None),)),)
    message = receipt.receipt("ja", s.TOKYO, replace(s.reported(), chain=chain), s.NOW)
    assert "担当する人を呼び出しています。応答があるまで続けます。" in said(message)


def test_the_receipt_follows_the_case() -> None:
    message = receipt.receipt("ja", s.TOKYO, s.in_hand(), s.NOW)
    assert "<@UMANAGER> さんが対応しています。" in said(message)
    assert "<#CROOM>" in said(message)
    after = said(receipt.receipt("ja", s.TOKYO, s.closed(), s.NOW))
    assert "この件は終結しました。" in after
    assert "いまやること" not in after


def test_the_form_asks_one_choice_and_one_sentence() -> None:
    view = first_report.first_report("ja", s.TOKYO, s.DEPARTMENTS, "sales", s.NOW, private_metadata="{}")
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert list(inputs) == [
        "indicator",
        "summary",
        "aware_at",
        "department",
        "occurred_at",
        "medium",
        "data_items",
        "persons",
        "protection",
        "immediate_actions",
        "files",
        "on_behalf_of",
        "confidential",
    ]
    required = [name for name, block in inputs.items() if not block["optional"]]
    assert required == ["indicator", "summary", "aware_at", "department"]
    assert inputs["aware_at"]["element"]["initial_date_time"] == int(s.NOW.timestamp())
    assert inputs["department"]["element"]["initial_option"]["value"] == "sales"
    signs = [option["value"] for option in inputs["indicator"]["element"]["options"]]
    assert signs == [sign.value for sign in Indicator]
    assert view["callback_id"] == "first_report"
    assert view["private_metadata"] == "{}"


def test_a_department_nobody_knows_is_not_chosen() -> None:
    view = first_report.first_report("ja", s.TOKYO, s.DEPARTMENTS, "gone", s.NOW)
    department = next(block for block in view["blocks"] if block.get("block_id") == "department")
    assert "initial_option" not in department["element"]


def test_the_confirmation_has_the_number_and_nothing_to_submit() -> None:
    view = first_report.received("ja", s.reported())
    assert "2026-0001" in view["blocks"][0]["text"]["text"]
    assert "submit" not in view
    assert first_report.already("ja", s.reported()) == view


def test_the_card_shows_the_reporters_words_as_plain_text() -> None:
    words = "<!channel> <@U1> <https://evil.example|x>"
    blocks = card.card("ja", s.TOKYO, s.hostile(words), s.NOW).blocks
    shown = [text for text in texts(blocks) if words in text["text"]]
    assert shown
    assert {text["type"] for text in shown} == {"plain_text"}


def test_the_card_shows_every_obligation_at_a_glance() -> None:
    text = said(card.card("ja", s.TOKYO, s.in_hand(), s.NOW))
    assert (
        "⬜ *速報*  提出先 個人情報保護委員会\n"
        "目標（3日目） 11月24日（火）　目安の上限（5日目） 2026年11月26日（木）23:59\n"
        "▓▓░░░░░░░░ 1日目／5日  *あと4日2時間*"
    ) in text
    assert "⬜ *確報* （暫定）  提出先 個人情報保護委員会\n期限  30日目 2026年12月21日（月）23:59" in text
    assert "⬜ *本人通知* （暫定）  決まった日数はありません。" in text
    assert (
        "✅ *確報（マイナンバー）*  提出済み 12月1日（火）10:00　提出先 個人情報保護委員会　受付番号 R-123"
        in text
    )


def test_a_deadline_moved_off_a_closed_day_says_so() -> None:
    nominal = (s.FINAL.nominal_on or s.AWARE.date()) - timedelta(days=1)
    case = replace(s.reported(), obligations=(replace(s.FINAL, nominal_on=nominal),))
    text = said(card.card("ja", s.TOKYO, case, s.NOW))
    assert "期限  30日目 12月20日（日） → 日曜日を除き 2026年12月21日（月）23:59" in text
    text = said(card.card("en", s.TOKYO, case, s.NOW))
    assert "day 30, Sun 20 Dec → Sunday skipped, Mon 21 Dec 2026" in text


def test_a_roll_over_names_every_kind_of_closed_day_once() -> None:
    due = datetime(2027, 1, 4, 14, 59, 59, tzinfo=UTC)
    case = replace(s.reported(), obligations=(replace(s.FINAL, nominal_on=date(2026, 12, 31), due_at=due),))
    text = said(card.card("ja", s.TOKYO, case, s.NOW))
    assert "30日目 12月31日（木） → 年末年始の閉庁日・元日を除き 2027年1月4日（月）23:59" in text


def test_the_card_offers_to_record_only_while_something_is_open() -> None:
    assert [name for name, _ in buttons(card.card("ja", s.TOKYO, s.in_hand(), s.NOW).blocks)] == [
        "case_add_facts",
        "case_assess",
        "case_record_submission",
        "case_close",
        "case_checklist",
        "case_documents",
        "case_notices",
        "case_inquiries",
        "case_timeline",
    ]
    done = replace(s.in_hand(), obligations=())
    assert [name for name, _ in buttons(card.card("ja", s.TOKYO, done, s.NOW).blocks)] == [
        "case_add_facts",
        "case_assess",
        "case_close",
        "case_checklist",
        "case_documents",
        "case_notices",
        "case_inquiries",
        "case_timeline",
    ]
    after = buttons(card.card("ja", s.TOKYO, s.closed(), s.NOW).blocks)
    assert [name for name, _ in after] == [
        "prevention_add",
        "case_reopen",
        "case_checklist",
        "case_documents",
        "case_notices",
        "case_inquiries",
        "case_timeline",
    ]


def test_a_removed_obligation_leaves_the_card() -> None:
    case = replace(s.reported(), obligations=(replace(s.FINAL, removed_at=s.NOW),))
    text = said(card.card("ja", s.TOKYO, case, s.NOW))
    assert "確報" not in text
    assert "いまのところありません。" in text


def test_a_countdown_says_to_whom_by_when_what_is_missing_and_who_is_asked() -> None:
    due = s.PRELIMINARY.due_at
    assert due is not None
    case = s.in_hand()
    message = reminder.reminder(
        "ja",
        s.TOKYO,
        case,
        case.obligations[0],
        ReminderKind.COUNTDOWN,
        "1d",
        due - timedelta(days=1),
        ("UPRIVACY",),
    )
    assert message.text == "速報 あと1日 事案 2026-0001"
    assert [block["text"]["text"] for block in message.blocks[:3]] == [
        "⏳ *速報* *あと1日*\n"
        "目安の上限 2026年11月26日（木）23:59　提出先 個人情報保護委員会\n"
        "▓▓▓▓▓▓▓▓░░ 4日目／5日",
        "わかっている項目 5／9　調査中: 二次被害、本人への対応、公表の状況、再発防止策",
        "担当 <@UPRIVACY>　提出したら「提出を記録」を押してください。",
    ]
    assert buttons(message.blocks) == [("case_record_submission", "2026-0001")]


def test_on_the_day_and_after_it_the_reminder_says_so() -> None:
    due = s.FINAL.due_at
    assert due is not None
    morning = due - timedelta(hours=15)
    today = reminder.reminder("ja", s.TOKYO, s.reported(), s.FINAL, ReminderKind.DUE, "due", morning)
    assert today.text == "確報 本日まで 事案 2026-0001"
    assert "*確報* （暫定） 本日までです（あと15時間）" in said(today)
    late = due + timedelta(hours=6)
    over = reminder.reminder("ja", s.TOKYO, s.reported(), s.FINAL, ReminderKind.OVERDUE, "overdue", late)
    assert over.text == "確報 期限を6時間過ぎています 事案 2026-0001"
    assert "わかっている範囲で提出できます。" in said(over)


def test_unknown_is_not_known() -> None:
    case = replace(s.reported(), facts={"persons": "unknown", "cause": "unknown"})
    assert set(missing(case)) == set(Item) - {Item.SUMMARY}


def test_the_form_for_a_submission_starts_with_the_next_one_due() -> None:
    view = submission.submission("ja", s.TOKYO, s.in_hand(), None, s.NOW)
    element = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert element["obligation"]["initial_option"]["value"] == "preliminary"
    assert element["report_kind"]["initial_option"]["value"] == "preliminary"
    assert element["recipient"]["initial_value"] == "個人情報保護委員会"
    assert view["private_metadata"] == "2026-0001"
    english = submission.submission("en", s.TOKYO, s.in_hand(), None, s.NOW, language="ja")
    (to,) = (block["element"] for block in english["blocks"] if block.get("block_id") == "recipient")
    assert to["initial_value"] == "個人情報保護委員会", "it is the company's record"
    asked = submission.submission("ja", s.TOKYO, s.in_hand(), ObligationKind.FINAL, s.NOW)
    chosen = next(block for block in asked["blocks"] if block.get("block_id") == "obligation")
    assert chosen["element"]["initial_option"]["value"] == "final"


def test_the_status_is_the_card_with_the_timeline_in_place_of_its_buttons() -> None:
    offered = buttons(replies.status("ja", s.TOKYO, s.in_hand(), s.NOW).blocks)
    assert offered == [("case_timeline", "2026-0001")]


def test_inside_a_case_channel_one_adds_facts_or_reports_another() -> None:
    assert [name for name, _ in buttons(replies.in_case_channel("ja", s.in_hand()).blocks)] == [
        "case_add_facts",
        "home_report",
    ]


def test_home_begins_with_the_button_to_report() -> None:
    view = home.home("ja", s.TOKYO, home.Shown(cases=[s.in_hand()]), s.NOW, "UMANAGER")
    assert buttons(view["blocks"])[0][0] == "home_report"
    line = "*2026-0001*  報告の準備中　営業部　<#CROOM>\n次　速報 あと4日2時間　11月26日（木）23:59まで"
    assert line in [text["text"] for text in texts(view)]


def test_home_says_where_not_all_of_very_many_cases_were_looked_at() -> None:
    shown = home.Shown(cases=[s.in_hand()] * 20, office=True, or_more=True)
    said = [text["text"] for text in texts(home.home("ja", s.TOKYO, shown, s.NOW, "UPRIVACY"))]
    assert "*対応中の事案*  20件以上（期限の近い順）" in said
    assert "ほかに5件以上あります。「事案の台帳を開く」ですべて見られます。" in said


def test_clipping_never_cuts_a_sign_a_mention_or_an_entity_in_two() -> None:
    assert clip("あ" * 10, 75) == "あ" * 10
    assert clip("😀" * 100, 75) == "😀" * 37 + "…"
    assert clip(Mrkdwn("x" * 70 + "<@U123456>"), 75) == "x" * 70 + "…"
    assert clip(Mrkdwn("x" * 70 + "&amp;&amp;"), 75) == "x" * 70 + "…"
    assert weight(clip("&" * 3000)) <= 2700


def test_long_words_go_on_in_the_next_block_and_end_with_a_mark() -> None:
    assert "".join(passages("あ" * 3000, 2)) == "あ" * 3000
    pieces = passages("&" * 3000, 2)
    assert len(pieces) == 2
    assert pieces[1].endswith("…")


def test_what_is_filled_in_fits_the_field() -> None:
    assert text_input(10, initial="😀" * 9)["initial_value"] == "😀" * 5
