"""The pictures of docs/telegram.md: conversations on the demo's page with the real assistant, as a person has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.support.chromium import ARGUMENTS, find_chromium

BOT_MESSAGES = ".message:not(.own)"
SCREEN = {"width": 760, "height": 900}
CHAT = {"x": 240, "y": 0, "width": 520, "height": 900}


@dataclass(frozen=True)
class Picture:
    """A picture: whose chat, and what they type (`/start` is the button) or, in brackets, press."""

    name: str
    position: int
    said: Sequence[str]


PICTURES = (
    Picture("telegram-ko.png", 0, ("/start", "push! 지원금은 얼마예요?", "[👍]")),
    Picture(
        "telegram-de.png",
        1,
        (
            "/start",
            "/inquiry",
            "[Förderung]",
            "Wir möchten in Hessen eine Pilotanlage für Wasserstoff bauen und suchen dafür Partner.",
            "[Jens Weber]",
            "[Keine Firma]",
            "jens@example.com",
            "[Deutschland]",
            "[Ich bin einverstanden]",
            "[Absenden]",
        ),
    ),
)


async def take(url: str, folder: Path) -> None:
    """Chat on the page at `url` and write the pictures to `folder`.

    Raises:
        ChromiumMissing: there is no Chromium.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        page = await browser.new_page(viewport=SCREEN, device_scale_factor=1.5)
        await page.goto(url)
        for picture in PICTURES:
            await page.locator("#people button").nth(picture.position).click()
            for said in picture.said:
                await _say(page, said)
            await page.mouse.move(0, 0)
            await page.locator("#toast").wait_for(state="hidden")
            await page.screenshot(path=folder / picture.name, clip=CHAT)
        await browser.close()


async def _say(page: Page, said: str) -> None:
    heard = await page.locator(BOT_MESSAGES).count()
    if said == "/start":
        await page.locator(".start").click()
    elif said.startswith("["):
        title = re.compile(f"^{re.escape(said[1:-1])}$")
        await page.locator(".row button", has_text=title).last.click()
    else:
        await page.locator("#write textarea").fill(said)
        await page.locator("#write textarea").press("Enter")
    if said in ("[👍]", "[👎]"):
        await page.locator(".row button", has_text="✓").last.wait_for()
        return
    await page.locator(BOT_MESSAGES).nth(heard).wait_for()
    await page.locator("#status", has_text="bot").wait_for()
