"""What people see in a conversation: blocks, marks, hostile words, and what they can do with a message."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import FilePayload, Page, WebSocketRoute, expect

from bot.workspace import Workspace
from tests.browser import posted

HOSTILE = (
    '<script>document.title="taken"</script> <!channel> <img src=x onerror=document.title="taken"> &amp; *'
)


async def bot_messages(page: Page) -> None:
    """Go to the messages of the app."""
    await page.get_by_test_id("app-bot").click()
    await page.get_by_test_id("tab-messages").click()


async def test_every_block_of_a_message_is_drawn(page: Page, workspace: Workspace) -> None:
    await workspace.person("reporter").command("/leak", "blocks")
    await bot_messages(page)
    message = page.get_by_test_id("message").filter(has_text="すべてのブロック")
    await expect(message.get_by_role("heading", name="すべてのブロック")).to_be_visible()
    await expect(message.locator("strong", has_text="太字").first).to_be_visible()
    await expect(message.locator("em", has_text="斜体")).to_be_visible()
    await expect(message.locator("s", has_text="取消")).to_be_visible()
    await expect(message.locator("code", has_text="コード")).to_be_visible()
    await expect(message.locator("blockquote").first).to_contain_text("引用")
    await expect(message.locator("pre").first).to_have_text("前後\n整形")
    await expect(message.locator(".mention.mine").first).to_have_text("@営業担当（報告する人）")
    await expect(message.locator(".mention.channel")).to_have_text("#general")
    link = message.get_by_role("link", name="例")
    await expect(link).to_have_attribute("href", "https://example.com/")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    # 1795327200 is 15:00 in the reporter's Tokyo, 06:00 UTC.
    await expect(message.locator("time", has_text="15:00")).to_be_visible()
    await expect(message.locator(".section-field")).to_have_count(4)
    await expect(message.locator(".context")).to_contain_text("補足の 小さな 文字")
    await expect(message.locator("hr")).to_have_count(1)
    for action in (
        "press",
        "pick",
        "picks",
        "who",
        "whom",
        "where",
        "which",
        "when",
        "time",
        "more",
        "one",
        "some",
    ):
        await expect(message.locator(f'[data-action-id="{action}"]')).to_be_visible()
    await expect(message.locator(".rich ul li")).to_have_count(2)
    await expect(message.locator(".rich ol li")).to_have_count(1)
    await expect(message.get_by_role("img", name="図の説明")).to_be_attached()


async def test_hostile_words_are_shown_as_they_are(page: Page, workspace: Workspace) -> None:
    title = await page.title()
    await workspace.person("ciso").post("general", HOSTILE)
    shown = page.get_by_test_id("message").filter(has_text="onerror")
    await expect(shown).to_contain_text(HOSTILE)
    await workspace.person("reporter").command("/leak", "hostile")
    await bot_messages(page)
    shown = page.get_by_test_id("message").filter(has_text="onerror")
    await expect(shown).to_contain_text(
        "<script>alert(1)</script> <!channel> <img src=x onerror=alert(1)> *太字ではない*"
    )
    await expect(shown.locator(".blocks :is(script, img, strong, .mention)")).to_have_count(0)
    assert (await page.title()).endswith(title)


async def test_a_pressed_button_changes_the_message(page: Page, workspace: Workspace) -> None:
    await workspace.person("reporter").command("/leak", "blocks")
    await bot_messages(page)
    await page.locator('[data-action-id="primary"]').click()
    changed = page.get_by_test_id("message").filter(has_text="が対応します")
    await expect(changed).to_contain_text("（編集済み）")


async def test_a_button_nobody_answers_gets_an_error_mark(page: Page, workspace: Workspace) -> None:
    await workspace.person("reporter").command("/leak", "blocks")
    await bot_messages(page)
    button = page.locator('[data-action-id="never_acked"]')
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(button).to_have_class(re.compile("failed"))
    await expect(page.get_by_test_id("toast")).to_contain_text("もう一度お試しください")


async def test_a_dangerous_button_asks_first(page: Page, workspace: Workspace) -> None:
    await workspace.person("reporter").command("/leak", "blocks")
    await bot_messages(page)
    await page.locator('[data-action-id="danger"]').click()
    await expect(page.get_by_test_id("confirm")).to_contain_text("取り消せません。")
    await page.get_by_test_id("confirm-deny").click()
    await expect(page.get_by_test_id("message").filter(has_text="すべてのブロック")).to_be_visible()
    await page.locator('[data-action-id="danger"]').click()
    await page.get_by_test_id("confirm-accept").click()
    await expect(page.get_by_test_id("message").filter(has_text="消しました")).to_be_visible()


async def test_choices_in_a_message_reach_the_app(page: Page, workspace: Workspace) -> None:
    await workspace.person("reporter").command("/leak", "blocks")
    await bot_messages(page)
    await page.locator('[data-action-id="pick"]').click()
    async with page.expect_request("**/client/action") as sent:
        await page.get_by_role("option", name="選択肢 b").click()
    assert posted(await sent.value)["element"]["selected_option"]["value"] == "b"
    async with page.expect_request("**/client/action") as sent:
        await page.locator('[data-action-id="some"] label', has_text="選択肢 c").click()
    assert [each["value"] for each in posted(await sent.value)["element"]["selected_options"]] == ["c"]
    await page.locator('[data-action-id="more"]').click()
    async with page.expect_request("**/client/action") as sent:
        await page.get_by_role("menuitem", name="選択肢 a").click()
    assert posted(await sent.value)["element"]["selected_option"]["value"] == "a"
    await page.locator('[data-action-id="when"] input').click()
    async with page.expect_request("**/client/action") as sent:
        await page.locator('[data-day="2026-11-27"]').click()
    assert posted(await sent.value)["element"]["selected_date"] == "2026-11-27"
    assert workspace.violations == []


async def test_an_answer_for_one_person_says_so(page: Page) -> None:
    await page.get_by_test_id("composer").fill("/leak ack")
    await page.keyboard.press("Enter")
    only = page.get_by_test_id("message").filter(has_text="受け付けました")
    await expect(only).to_contain_text("あなただけに表示されています")


async def test_a_thread_opens_beside_the_conversation_and_takes_replies(
    page: Page, workspace: Workspace
) -> None:
    await workspace.person("reporter").command("/leak", "thread")
    await bot_messages(page)
    await expect(page.get_by_test_id("messages").get_by_text("返信です")).to_have_count(0)
    await page.get_by_test_id("open-thread").click()
    panel = page.get_by_test_id("panel")
    await expect(panel.get_by_test_id("message")).to_have_count(2)
    await page.get_by_test_id("thread-composer").fill("わかりました")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_test_id("message").last).to_contain_text("わかりました")
    await page.get_by_test_id("panel-close").click()
    await expect(panel).to_be_hidden()


async def test_a_room_shows_topic_pins_members_and_what_happened_in_it(
    page: Page, workspace: Workspace
) -> None:
    await workspace.person("reporter").command("/leak", "invite")
    await page.get_by_test_id("channel-room-0-u0reporter").click()
    await expect(page.locator(".head-topic")).to_have_text("対応中")
    await expect(page.locator(".message.system", has_text="営業部 責任者が参加しました")).to_be_visible()
    await expect(
        page.locator(".message.system", has_text="leakbotがトピックを設定しました：対応中")
    ).to_be_visible()
    await page.get_by_test_id("open-pins").click()
    await expect(page.get_by_test_id("panel").get_by_test_id("message")).to_contain_text("確認をお願いします")
    await page.get_by_test_id("open-members").click()
    await expect(page.get_by_test_id("member-manager")).to_be_visible()
    await expect(page.get_by_test_id("panel").locator("li")).to_have_count(3)


async def test_a_message_can_be_reported_copied_and_reacted_to(page: Page, workspace: Workspace) -> None:
    await workspace.person("ciso").post("general", "名簿のファイルが見当たりません")
    message = page.get_by_test_id("message").filter(has_text="名簿")
    await message.hover()
    await message.get_by_test_id("message-react").click()
    await page.get_by_role("menuitem", name="eyes", exact=True).click()
    await expect(message.locator(".reaction")).to_have_text("👀1")
    await message.locator(".reaction").click()
    await expect(message.locator(".reaction")).to_have_count(0)
    await message.get_by_test_id("message-more").click()
    await page.get_by_test_id("message-copy").click()
    assert await page.evaluate("navigator.clipboard.readText()") == "名簿のファイルが見当たりません"
    await message.get_by_test_id("message-more").click()
    await page.get_by_test_id("message-shortcut-report_message").click()
    await expect(page.locator("[data-testid=field-summary] textarea")).to_have_value(
        "名簿のファイルが見当たりません"
    )


async def test_a_file_can_be_shared_and_opened(page: Page, workspace: Workspace) -> None:
    chosen = [
        FilePayload(name=name, mimeType="text/plain", buffer=b"memo") for name in ("控え.txt", "誤り.txt")
    ]
    await page.locator(".composer input[type=file]").set_input_files(chosen)
    chips = page.locator(".composer .file-chip")
    await expect(chips).to_have_count(2)
    await chips.nth(1).get_by_role("button").click()
    await page.get_by_test_id("composer").fill("控えです")
    await page.get_by_test_id("composer-send").click()
    await expect(chips).to_have_count(0)
    card = page.get_by_test_id("message").filter(has_text="控えです").locator(".file-card")
    await expect(card).to_contain_text("控え.txt")
    address = await card.get_attribute("href")
    answer = await page.request.get(str(address))
    assert await answer.body() == b"memo"
    assert workspace.violations == []


async def test_home_and_messages_are_two_tabs_of_the_app(page: Page) -> None:
    await page.get_by_test_id("app-bot").click()
    await expect(page.get_by_test_id("home")).to_contain_text("開いた回数: 1")
    await page.get_by_test_id("home").get_by_role("button", name="フォームを開く").click()
    await expect(page.get_by_test_id("modal")).to_be_visible()


async def test_what_is_said_before_the_live_line_stands_is_not_missed(
    page: Page, workspace: Workspace
) -> None:
    async def late(line: WebSocketRoute) -> None:
        await asyncio.sleep(0.7)
        line.connect_to_server()

    await page.route_web_socket(re.compile("/client/events"), late)
    await page.reload()
    await page.get_by_test_id("composer").wait_for()
    await workspace.person("ciso").post("general", "線がつながる前のひとこと")
    await expect(page.get_by_test_id("message").filter(has_text="つながる前")).to_be_visible()
