"""Whose screen it is: switching, badges, languages, the address, the clock, the hints, a phone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from bot.workspace import Workspace
from tests.browser import chromium_page
from tests.workspace import echo_bot


async def test_a_call_shows_at_the_other_persons_face_and_the_hint_leads_there(
    page: Page, workspace: Workspace
) -> None:
    await workspace.person("reporter").command("/leak", "invite")
    await expect(page.get_by_test_id("person-manager").locator(".badge")).to_have_text("1")
    await expect(page.get_by_test_id("guide")).to_contain_text("「営業部 責任者」に連絡が届いています。")
    await page.get_by_test_id("guide-action").click()
    await expect(page.get_by_test_id("person-manager")).to_have_attribute("aria-current", "true")
    # One lands where one was called, and having seen it takes the badge away.
    await expect(page.get_by_test_id("conversation-name")).to_contain_text("room-0")
    await expect(
        page.get_by_test_id("message").filter(has_text="確認をお願いします").locator(".mention.mine")
    ).to_be_visible()
    await expect(page.get_by_test_id("new-divider")).to_be_visible()
    await expect(page.locator('[data-testid^="channel-room"] .badge')).to_have_count(0)


async def test_messages_arrive_without_reloading_and_unread_ones_are_marked(
    page: Page, workspace: Workspace
) -> None:
    await workspace.person("manager").post("sales", "見積もりをお願いします")
    row = page.get_by_test_id("channel-sales")
    await expect(row).to_have_class(re.compile("unread"))
    await workspace.person("manager").post("sales", "<@U0REPORTER> さん")
    await expect(row.locator(".badge")).to_have_text("1")
    await row.click()
    await expect(page.get_by_test_id("message")).to_have_count(2)
    await workspace.person("deputy").post("sales", "私が見ます")
    await expect(page.get_by_test_id("message").last).to_contain_text("私が見ます")
    await expect(row).not_to_have_class(re.compile("unread"))


async def test_what_one_writes_is_sent_with_enter_and_names_become_mentions(
    page: Page, workspace: Workspace
) -> None:
    box = page.get_by_test_id("composer")
    await box.fill("")
    await box.type("@法務")
    await page.keyboard.press("Enter")
    await box.type("一行目")
    await page.keyboard.press("Shift+Enter")
    await box.type("二行目 & <b>")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message").last).to_contain_text("@法務担当 一行目")
    [*_, last] = workspace.person("legal").messages("general")
    assert last.text == "<@U0LEGAL> 一行目\n二行目 &amp; &lt;b&gt;"
    await expect(box).to_have_value("")


async def test_a_reload_stays_with_the_person_and_the_place(page: Page) -> None:
    await page.get_by_test_id("person-legal").click()
    await page.get_by_test_id("app-bot").click()
    await expect(page.get_by_test_id("home")).to_be_visible()
    await page.reload()
    await expect(page.get_by_test_id("person-legal")).to_have_attribute("aria-current", "true")
    await expect(page.get_by_test_id("tab-home")).to_have_attribute("aria-current", "page")


async def test_the_screen_speaks_the_persons_language_and_can_be_switched(
    page: Page, workspace: Workspace
) -> None:
    await expect(page.get_by_test_id("clock-hour")).to_have_text("+1時間")
    await page.get_by_test_id("person-hr_manager").click()
    await expect(page.get_by_test_id("clock-hour")).to_have_text("+1 hour")
    await expect(page.get_by_test_id("person-manager")).to_contain_text("Sales manager")
    await page.get_by_test_id("language").click()
    await expect(page.get_by_test_id("clock-hour")).to_have_text("+1時間")
    assert workspace.person("hr_manager").user.locale == "ja-JP"


async def test_the_clock_can_be_moved_and_put_back(page: Page, workspace: Workspace) -> None:
    before = workspace.clock.now()
    await page.get_by_test_id("clock-hour").click()
    await expect(page.get_by_test_id("toast")).to_contain_text("時計を")
    await page.get_by_test_id("clock-day").click()
    await expect(page.get_by_test_id("toast")).to_have_count(2)
    assert workspace.clock.now() - before > timedelta(hours=25)
    await page.get_by_test_id("clock-next").click()
    await expect(page.get_by_test_id("toast").last).to_have_text(
        "この先に予定されているお知らせはありません。"
    )

    async def tomorrow() -> object:
        return before + timedelta(days=3)

    workspace.next_reminder = tomorrow  # type: ignore[assignment]
    await page.get_by_test_id("clock-next").click()
    await expect(page.get_by_test_id("toast").last).to_contain_text("に進めました")
    assert workspace.clock.now() - before >= timedelta(days=3)
    await page.get_by_test_id("clock-reset").click()
    await expect(page.get_by_test_id("toast").last).to_have_text("時計を現在に戻しました。")
    assert workspace.clock.now() - before < timedelta(minutes=5)


async def test_a_first_visit_is_shown_how_to_begin(browser: Browser, workspace: Workspace) -> None:
    async with chromium_page(browser, workspace.url) as page:
        await expect(page.get_by_test_id("person-reporter")).to_have_attribute("aria-current", "true")
        await expect(page.get_by_test_id("guide")).to_contain_text("営業担当")
        await page.get_by_test_id("guide-action").click()
        await expect(page.get_by_test_id("composer")).to_have_value("/leak")
        await expect(page.get_by_test_id("command-leak")).to_be_visible()
        await page.get_by_test_id("guide-dismiss").click()
        await expect(page.get_by_test_id("guide")).to_have_count(0)


async def test_shortcuts_are_behind_the_lightning(page: Page) -> None:
    await page.get_by_test_id("shortcuts").click()
    await page.get_by_test_id("shortcut-first_report").click()
    await expect(page.get_by_test_id("modal")).to_be_visible()


async def test_the_page_comes_back_by_itself_when_the_line_breaks(browser: Browser, tmp_path: Path) -> None:
    workspace = Workspace(echo_bot.wide_manifest(tmp_path))
    await workspace.start()
    port = int(workspace.url.rsplit(":", 1)[1])
    async with chromium_page(browser, f"{workspace.url}/#/U0REPORTER/C0GENERAL") as page:
        await page.get_by_test_id("composer").wait_for()
        await workspace.stop()
        await expect(page.get_by_text("サーバーに再接続しています…")).to_be_visible()
        await workspace.person("ciso").post("general", "切れているあいだに")
        await workspace.start(port=port)
        await expect(page.get_by_test_id("message").last).to_contain_text("切れているあいだに")
        await expect(page.get_by_text("サーバーに再接続しています…")).to_be_hidden()
        await workspace.person("ciso").post("general", "つながりましたか")
        await expect(page.get_by_test_id("message").last).to_contain_text("つながりましたか")
    await workspace.stop()


async def test_a_phone_reports_and_looks_through_the_managers_eyes(phone: Page, workspace: Workspace) -> None:
    async def fits() -> bool:
        return bool(await phone.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    assert await fits()
    await phone.get_by_test_id("composer").fill("/leak 鞄をなくしました")
    await phone.get_by_test_id("composer-send").tap()
    await expect(phone.get_by_test_id("modal")).to_be_visible()
    assert await fits()
    await phone.locator('[data-testid="field-kind"] input').tap()
    await phone.get_by_role("option", name="選択肢 a").tap()
    await phone.get_by_test_id("modal-submit").tap()
    await expect(phone.get_by_test_id("modal")).to_be_hidden()
    await workspace.person("reporter").command("/leak", "invite")
    await phone.get_by_test_id("drawer-toggle").tap()
    await expect(phone.get_by_test_id("person-manager").locator(".badge")).to_have_text("1")
    await phone.get_by_test_id("person-manager").tap()
    await expect(phone.get_by_test_id("message").filter(has_text="確認をお願いします")).to_be_visible()
    assert await fits()
    await phone.get_by_test_id("clock").tap()
    await phone.get_by_test_id("clock-day").tap()
    await expect(phone.get_by_test_id("toast")).to_contain_text("時計を")
