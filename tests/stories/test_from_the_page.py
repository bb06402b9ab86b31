"""The main job by hand, from the demo's page alone: report, answer, countdown, submissions, closure."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import PHONE, browser, chromium_page
from tests.world import MakeWorld

__all__ = ["browser"]

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # the page knows no database


@dataclass(frozen=True)
class Words:
    """What the page and the bot say in one language."""

    language: str
    sign: str
    thanks: str
    page: str
    overdue: str
    countdown: str
    recorded: str
    closed: str
    refused: str
    outcome: str


JA = Words(
    language="ja",
    sign="書類・USB・PCなどをなくした",
    thanks="知らせてくれてありがとうございます",
    page="呼び出し",
    overdue="期限を過ぎたやることが4件あります",
    countdown="あと1日22時間",
    recorded="提出が記録されました",
    closed="終結",
    refused="まだ終結できません",
    outcome="見られる前に回収できた",
)
EN = Words(
    language="en",
    sign="I lost papers, a USB stick or a computer",
    thanks="Thank you",
    page="Page",
    overdue="4 tasks are overdue",
    countdown="1 day 22 hours",
    recorded="recorded",
    closed="Closed",
    refused="cannot be closed yet",
    outcome="Recovered before anybody saw it",
)


class Hands:
    """Somebody at the page: looks, types, clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def modal(self) -> Locator:
        """The open form."""
        return self.page.get_by_test_id("modal")

    def action(self, action_id: str) -> Locator:
        """The newest button of this kind on the page."""
        return self.page.locator(f"[data-action-id={action_id}]:visible").last

    async def types_leak(self) -> None:
        """`/leak` and Enter."""
        composer = self.page.get_by_test_id("composer")
        await composer.click()
        await self.page.keyboard.type("/leak")
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Enter")
        await self.modal().wait_for()

    async def chooses(self, field: str, option: str) -> None:
        """An option of a menu in the form."""
        await self.page.get_by_test_id(f"field-{field}").get_by_role("combobox").click()
        await self.page.get_by_role("option", name=option).first.click()

    async def writes(self, field: str, words: str) -> None:
        """Text into a field of the form."""
        await self.page.get_by_test_id(f"field-{field}").locator("textarea, input").first.fill(words)

    async def sends(self) -> None:
        """The form."""
        await self.page.get_by_test_id("modal-submit").click()

    async def becomes(self, who: str) -> None:
        """Switches to somebody else of the company."""
        await self.page.get_by_test_id(f"person-{who}").click()
        await expect(self.page.get_by_test_id(f"person-{who}")).to_have_attribute("aria-current", "true")

    async def opens(self, channel: str) -> None:
        """A channel."""
        await self.page.get_by_test_id(f"channel-{channel}").click()
        await expect(self.page.get_by_test_id("conversation-name")).to_contain_text(channel)

    async def reads(self, words: str) -> None:
        """Waits until the newest messages say this."""
        await expect(self.page.get_by_test_id("messages")).to_contain_text(words)


@pytest.fixture(params=[JA, EN], ids=["ja", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    """In which language everybody works."""
    chosen: Words = request.param
    return chosen


async def test_the_main_job_from_the_page_alone(
    browser: Browser, make_world: MakeWorld, words: Words
) -> None:
    world = await make_world(words.language)
    async with chromium_page(browser, f"{world.workspace.url}/#/U0REPORTER/C0GENERAL") as page:
        hands = Hands(page)

        # The employee whose USB stick is gone.
        await hands.types_leak()
        await hands.chooses("indicator", words.sign)
        await hands.writes("summary", "帰りの電車にUSBメモリを置き忘れました")
        await hands.sends()
        await expect(hands.modal()).to_contain_text("2026-0001")
        await expect(hands.modal()).to_contain_text(words.thanks)
        await page.get_by_test_id("modal-close").click()

        # The manager sees the page and takes the case.
        await hands.becomes("manager")
        await page.get_by_test_id("app-bot").click()
        await page.get_by_test_id("tab-messages").click()
        await hands.reads(words.page)
        await hands.action("page_acknowledge").click()
        await expect(page.locator("[data-action-id=page_acknowledge]")).to_have_count(0)
        await hands.opens("leak-2026-0001")
        await hands.reads("帰りの電車にUSBメモリを置き忘れました")

        # The clock moves on: the first tasks, whether somebody is still at it, then the countdown.
        await page.get_by_test_id("clock-next").click()
        await hands.reads(words.overdue)
        await world.bot.settled()
        await page.get_by_test_id("clock-next").click()
        await expect(page.locator("[data-action-id=still_working]").last).to_be_visible()
        for _ in range(2):
            before = world.now()
            await page.get_by_test_id("clock-day").click()
            while world.now() == before:  # the next press counts only once this one has arrived
                await page.wait_for_timeout(50)
            await world.bot.settled()
        await hands.reads(words.countdown)

        # The privacy office records both submissions; closing is refused until then.
        await hands.becomes("privacy")
        await hands.opens("leak-2026-0001")
        await page.locator("[data-action-id=case_close]").first.click()
        await hands.reads(words.refused)
        await expect(hands.modal()).to_have_count(0)
        for nth in range(1, 3):
            await hands.action("case_record_submission").click()
            await hands.modal().wait_for()
            await hands.sends()
            await expect(hands.modal()).to_have_count(0)
            await expect(page.get_by_test_id("message").filter(has_text=words.recorded)).to_have_count(nth)
            await page.get_by_test_id("clock-hour").click()

        # The end.
        await page.locator("[data-action-id=case_close]").first.click()
        await hands.modal().wait_for()
        await hands.writes("root_cause", "持ち出しの手順がなかった")
        await hands.writes("prevention", "USBメモリを廃止した")
        await hands.chooses("outcome", words.outcome)
        await hands.sends()
        await hands.reads(words.closed)
        await expect(page.get_by_test_id("violations")).to_have_count(0)


async def test_what_opens_above_a_list_is_read_first_and_the_list_is_current_below(
    browser: Browser, make_world: MakeWorld
) -> None:
    world = await make_world("ja")
    number = await world.reports()
    await world.acknowledges("manager")
    start = f"{world.workspace.url}/#/U0PRIVACY/{world.room(number)}"
    async with chromium_page(browser, start) as page:
        hands = Hands(page)
        await page.locator("[data-action-id=case_documents]").first.click()
        await page.get_by_role("button", name="作成: 速報記入シート").click()
        await expect(hands.modal()).to_contain_text("書類の内容")
        await world.bot.settled()
        await expect(hands.modal()).to_contain_text("書類の内容")
        await page.get_by_test_id("modal-back").click()
        await expect(hands.modal()).to_contain_text("最新　第1版（案）")
        await page.get_by_test_id("modal-close").click()

        await page.locator("[data-action-id=case_checklist]").first.click()
        phase = hands.modal().locator("[data-action-id=checklist_phase]").get_by_role("combobox")
        await expect(phase).to_have_value(re.compile("最初の1時間  0/"))
        await page.get_by_role("button", name="完了: 被害の広がりを止める").click()
        await expect(phase).to_have_value(re.compile("最初の1時間  1/"))
        await expect(page.get_by_test_id("violations")).to_have_count(0)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_on_a_phone_every_move_of_the_clock_can_be_reached(
    browser: Browser, make_world: MakeWorld, language: str
) -> None:
    world = await make_world(language)
    start = f"{world.workspace.url}/#/U0REPORTER/C0GENERAL"
    async with chromium_page(browser, start, PHONE, touch=True) as page:
        await page.get_by_test_id("clock").tap()
        for move in ("hour", "day", "next", "reset"):
            button = page.get_by_test_id(f"clock-{move}")
            await expect(button).to_be_in_viewport(ratio=1)
        wide = await page.evaluate("document.querySelector('#top').getBoundingClientRect().right")
        assert wide <= PHONE[0], "nothing sticks out at the side"


async def test_on_a_phone_one_can_report_and_answer(browser: Browser, make_world: MakeWorld) -> None:
    world = await make_world("ja")
    start = f"{world.workspace.url}/#/U0REPORTER/C0GENERAL"
    async with chromium_page(browser, start, PHONE, touch=True) as page:
        hands = Hands(page)
        await page.get_by_test_id("shortcuts").tap()
        await page.get_by_test_id("shortcut-first_report").tap()
        await hands.chooses("indicator", JA.sign)
        await hands.writes("summary", "USBメモリをなくしました")
        await hands.sends()
        await expect(hands.modal()).to_contain_text(JA.thanks)
        await page.get_by_test_id("modal-close").tap()
        await page.get_by_test_id("drawer-toggle").tap()
        await page.get_by_test_id("person-manager").tap()
        room = page.get_by_test_id("channel-leak-2026-0001")
        if not await room.is_visible():  # the drawer closes once somebody was chosen
            await page.get_by_test_id("drawer-toggle").tap()
        await room.tap()
        await hands.action("page_acknowledge").tap()
        await hands.reads("対応しています")
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE[0], "nothing sticks out at the side"


async def test_the_keyboard_alone_is_enough_for_a_report(browser: Browser, make_world: MakeWorld) -> None:
    world = await make_world("ja")
    async with chromium_page(browser, f"{world.workspace.url}/#/U0REPORTER/C0GENERAL") as page:
        await page.get_by_test_id("composer").focus()
        await page.keyboard.type("/leak USBメモリをなくしました")
        await page.keyboard.press("Enter")
        await page.get_by_test_id("modal").wait_for()
        await expect(page.get_by_test_id("field-indicator").get_by_role("combobox")).to_be_focused()
        await page.keyboard.type("なくした")
        await page.keyboard.press("Enter")
        send = page.get_by_test_id("modal-submit")
        for _ in range(30):
            if await send.evaluate("button => button === document.activeElement"):
                break
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("modal")).to_contain_text(re.compile("2026-0001"))
