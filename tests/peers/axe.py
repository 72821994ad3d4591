"""axe-core in a page: what it finds against the widget."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from tests.peers.node import node_module

RUN = """async (widget) => {
  const options = {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']};
  const {violations} = await axe.run({include: [[widget]]}, options);
  const told = (id, {target, failureSummary}) => [id, target.flat(9).join(' '), failureSummary];
  return violations.flatMap(({id, nodes}) => nodes.map((node) => told(id, node)));
}"""


async def findings(page: Page, widget: str = "#frontdesk-widget") -> list[Any]:
    """Rule, place and reason of every violation, of all rules that are no experiments, target sizes among them.

    The page must have been opened in a context with `bypass_csp`: axe is a script of nobody's origin.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate((node_module("axe-core") / "axe.min.js").read_text("utf-8"))
    found: list[Any] = await page.evaluate(RUN, widget)
    return found
