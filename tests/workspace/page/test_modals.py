"""Modals: every input, what is wrong with an entry, the stack, and an app that does not answer."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, Page, expect

from bot.workspace import Workspace
from tests.browser import posted


async def open_form(page: Page, words: str = "") -> Locator:
    """Open the form with every input through the slash command."""
    await page.get_by_test_id("composer").fill(f"/leak {words}".strip())
    await page.keyboard.press("Enter")
    modal = page.get_by_test_id("modal")
    await expect(modal).to_be_visible()
    return modal


def field(page: Page, block_id: str) -> Locator:
    return page.get_by_test_id(f"field-{block_id}")


async def choose(page: Page, block_id: str, *names: str) -> None:
    """Choose from a list by the words of its options."""
    for name in names:
        await field(page, block_id).locator("input").click()
        await page.get_by_role("option", name=name).click()


async def submit(page: Page) -> Any:
    """Press submit; the state values that went out."""
    async with page.expect_request("**/client/submit") as sent:
        await page.get_by_test_id("modal-submit").click()
    return posted(await sent.value)["state"]["values"]


async def test_every_input_can_be_filled_and_arrives_in_slacks_shape(
    page: Page, workspace: Workspace
) -> None:
    modal = await open_form(page)
    await field(page, "summary").locator("textarea").fill("鞄ごと置き忘れました")
    await choose(page, "kind", "選択肢 b")
    await field(page, "title").locator("input").fill("一行")
    await field(page, "amount").locator("input").fill("12")
    await field(page, "mail").locator("input").fill("a@example.com")
    await field(page, "address").locator("input").fill("https://example.com/x")
    await choose(page, "several", "選択肢 a")
    await page.get_by_role("option", name="選択肢 c").click()
    await choose(page, "grouped", "選択肢 f")
    await field(page, "external").locator("input").fill("探")
    await page.get_by_role("option", name="選択肢 探2").click()
    await choose(page, "person", "法務担当")
    await choose(page, "people", "営業部 代行者")
    await choose(page, "channel", "#sales")
    await field(page, "radio").get_by_text("選択肢 c").click()
    await field(page, "checks").get_by_text("選択肢 a").click()
    await field(page, "day").locator("input").fill("2026/12/1")
    await field(page, "time").locator("input").fill("21:17")
    await field(page, "moment").locator("[data-part=date]").fill("2026-11-28")
    await field(page, "moment").locator("[data-part=time]").fill("23:59")
    note = {"name": "控え.txt", "mimeType": "text/plain", "buffer": "控え".encode()}
    await field(page, "files").locator("input[type=file]").set_input_files(note)  # type: ignore[arg-type]
    await expect(field(page, "files").locator(".file-chip")).to_contain_text("控え.txt")
    await field(page, "rich").get_by_role("textbox").fill("くわしい話")
    await choose(page, "live", "選択肢 more")
    values = await submit(page)
    assert values["summary"]["value"] == {"type": "plain_text_input", "value": "鞄ごと置き忘れました"}
    assert values["kind"]["value"]["selected_option"]["value"] == "b"
    assert values["title"]["value"]["value"] == "一行"
    assert values["amount"]["value"] == {"type": "number_input", "value": "12"}
    assert values["mail"]["value"]["value"] == "a@example.com"
    assert values["address"]["value"]["value"] == "https://example.com/x"
    assert [each["value"] for each in values["several"]["value"]["selected_options"]] == ["a", "c"]
    assert values["grouped"]["value"]["selected_option"]["value"] == "f"
    assert values["external"]["value"]["selected_option"]["value"] == "探2"
    assert values["person"]["value"] == {"type": "users_select", "selected_user": "U0LEGAL"}
    assert values["people"]["value"]["selected_users"] == ["U0DEPUTY"]
    assert values["conversation"]["value"]["selected_conversation"] == "C0GENERAL"
    assert values["channel"]["value"] == {"type": "channels_select", "selected_channel": "C0SALES"}
    assert values["radio"]["value"]["selected_option"]["value"] == "c"
    assert [each["value"] for each in values["checks"]["value"]["selected_options"]] == ["a"]
    assert values["day"]["value"] == {"type": "datepicker", "selected_date": "2026-12-01"}
    assert values["time"]["value"]["selected_time"] == "21:17"
    # 23:59 on the reporter's clock in Tokyo.
    assert values["moment"]["value"] == {"type": "datetimepicker", "selected_date_time": 1795877940}
    assert [each["name"] for each in values["files"]["value"]["files"]] == ["控え.txt"]
    assert values["rich"]["value"]["rich_text_value"]["elements"] == [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "くわしい話"}]}
    ]
    assert values["live"]["value"]["selected_option"]["value"] == "more"
    await expect(modal).to_be_hidden()
    await workspace.person("reporter").sees(
        lambda message: "受け取りました: 鞄ごと" in message.plain, channel="bot"
    )
    assert workspace.violations == []


async def test_empty_and_misshapen_entries_are_named_at_their_fields(page: Page) -> None:
    modal = await open_form(page)
    await field(page, "amount").locator("input").fill("たくさん")
    await field(page, "mail").locator("input").fill("だれか")
    await field(page, "title").locator("input").fill("短")
    await field(page, "day").locator("input").fill("あした")
    await page.get_by_test_id("modal-submit").click()
    for block_id, words in {
        "summary": "入力してください。",
        "kind": "選択してください。",
        "amount": "数字で入力してください。",
        "mail": "メールアドレスの形で入力してください。",
        "title": "2文字以上で入力してください。",
        "day": "日付を確かめてください。",
    }.items():
        await expect(field(page, block_id).get_by_role("alert")).to_have_text(words)
    await expect(field(page, "summary").locator("textarea")).to_be_focused()
    await expect(modal).to_be_visible()


async def test_the_apps_own_error_stands_under_the_field_and_goes_away(page: Page) -> None:
    modal = await open_form(page, "error")
    await choose(page, "kind", "選択肢 a")
    await page.get_by_test_id("modal-submit").click()
    await expect(field(page, "summary").get_by_role("alert")).to_have_text("もう少し詳しく書いてください")
    await expect(field(page, "summary").locator("textarea")).to_have_attribute("aria-invalid", "true")
    await field(page, "summary").locator("textarea").fill("くわしく書きました")
    await page.get_by_test_id("modal-submit").click()
    await expect(modal).to_be_hidden()


async def test_an_app_that_does_not_answer_leaves_the_form_open_with_everything_in_it(page: Page) -> None:
    modal = await open_form(page)
    await field(page, "summary").locator("textarea").fill("slow")
    await choose(page, "kind", "選択肢 a")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("modal-trouble")).to_have_text(
        "接続に問題があります。もう一度お試しください。"
    )
    await expect(modal).to_be_visible()
    await expect(field(page, "summary").locator("textarea")).to_have_value("slow")


async def test_views_are_stacked_and_going_back_finds_the_entries(page: Page) -> None:
    modal = await open_form(page)
    await field(page, "summary").locator("textarea").fill("まだ途中です")
    await page.locator('[data-action-id="push_modal"]').click()
    await expect(modal).to_contain_text("2 枚目")
    await page.locator('[data-action-id="push_modal"]').click()
    await expect(modal).to_contain_text("3 枚目")
    await page.get_by_test_id("modal-back").click()
    await expect(modal).to_contain_text("2 枚目")
    await page.keyboard.press("Escape")
    await expect(field(page, "summary").locator("textarea")).to_have_value("まだ途中です")
    await page.locator('[data-action-id="push_modal"]').click()
    await expect(modal).to_contain_text("2 枚目")
    await page.get_by_test_id("modal-submit").click()
    await expect(modal).to_be_hidden()


async def test_an_update_in_place_keeps_what_was_entered(page: Page) -> None:
    modal = await open_form(page)
    await field(page, "summary").locator("textarea").fill("書きかけ")
    await choose(page, "several", "選択肢 b")
    await page.keyboard.press("Escape")
    await page.locator('[data-action-id="update_modal"]').click()
    await expect(modal).to_contain_text("書き換えました")
    await expect(field(page, "summary").locator("textarea")).to_have_value("書きかけ")
    await expect(field(page, "several").locator(".chip")).to_have_text("選択肢 b")


async def test_an_open_form_survives_a_reload_and_the_x_closes_everything(
    page: Page, workspace: Workspace
) -> None:
    modal = await open_form(page, "もとの文")
    await page.reload()
    await expect(modal).to_contain_text("すべての入力")
    await page.locator('[data-action-id="push_modal"]').click()
    await expect(modal).to_contain_text("2 枚目")
    await page.get_by_test_id("modal-x").click()
    await expect(modal).to_be_hidden()
    assert workspace.person("reporter").modal is None


async def test_a_form_can_be_filled_and_sent_with_the_keyboard_alone(page: Page) -> None:
    await page.get_by_test_id("composer").focus()
    await page.keyboard.type("/le")
    await expect(page.get_by_test_id("command-leak")).to_contain_text("個人情報の紛失")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    modal = page.get_by_test_id("modal")
    await expect(field(page, "summary").locator("textarea")).to_be_focused()
    await page.keyboard.type("駅で見つかりません")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(field(page, "kind").locator("input")).to_have_value("選択肢 b")
    # The focus never leaves the open form.
    for _ in range(60):
        await page.keyboard.press("Tab")
        inside = await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside
    await page.get_by_test_id("modal-submit").focus()
    await page.keyboard.press("Enter")
    await expect(modal).to_be_hidden()
    await expect(page.get_by_test_id("app-bot").locator(".badge")).to_have_text("1")
