"""`frontdesk audit verify`: whether the journal of changes still holds together."""

from __future__ import annotations

import argparse
import json

from dashboard.audit import Audit, Verdict
from frontdesk.beside import store_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async

_BROKEN = 1


def run(options: argparse.Namespace) -> int:
    """0 when every line follows from the one before it, 1 when one does not."""
    desk = read_desk(options.config)

    async def verify() -> Verdict:
        async with store_beside(desk) as store:
            return await Audit(store.journal, SystemClock()).verify()

    verdict = run_async(verify())
    whole = verdict.broken_at is None
    if options.json:
        print(json.dumps({"lines": verdict.lines, "brokenAt": verdict.broken_at, "last": verdict.last}))
    elif whole:
        print(f"The audit log holds together: {verdict.lines} lines. Keep this to notice a cut: {verdict.last or '-'}")
    else:
        print(f"The audit log was changed: line {verdict.broken_at} does not follow from the one before it.")
    return 0 if whole else _BROKEN
