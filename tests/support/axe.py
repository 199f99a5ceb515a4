"""What axe-core finds wrong with a page as it is now."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA, which EN 301 549 and with it BITV build on, and what axe advises beyond it."""


@dataclass(frozen=True)
class Audit:
    """One look.

    Arguments:
        violations: rule and place of each.
        passed: how many rules were kept.
    """

    violations: tuple[str, ...]
    passed: int


def audit(page: Page) -> Audit:
    """Look at a page, the insides of its elements too."""
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
    violations = tuple(
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    )
    return Audit(violations, len(found["passes"]))
