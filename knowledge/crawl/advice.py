"""What to tell somebody whose site could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.crawl.outcome import Skipped
from knowledge.crawl.reasons import Reason

_SCRIPTS = "script"
_ADVICE = {
    Reason.PRIVATE_ADDRESS: "If it is a machine of your own, pass --allow-private-hosts.",
    Reason.PORT: "If it is a machine of your own, pass --allow-private-hosts.",
    Reason.NO_SUCH_HOST: "Check the spelling, and whether this machine can look names up.",
    Reason.CERTIFICATE: "Renew the certificate, or give the address it is made for.",
    Reason.OTHER_SITE: "Give the address it leads to instead.",
    Reason.ROBOTS: "Allow FrontdeskBot in the site's robots.txt.",
    Reason.ROBOTS_UNREACHABLE: "Try again later, or let the server answer /robots.txt with the file or with 404.",
    Reason.NOINDEX: "Take `noindex` off the pages that may be quoted, or give another address.",
    Reason.NOT_HTML: "Give the address of a page.",
    Reason.SLOW_DOWN: "Try again later.",
}
_OTHERWISE = "Open it in a browser from this machine; if it shows text there, try again in a minute."
_DRAWN = "Its text is drawn by scripts: give a page that is sent as HTML, or serve the site with prerendering."


def nothing_read(start: str, tried: Sequence[Skipped]) -> str:
    """What was tried, each address with its reason, and what to do next."""
    lines = [f"{start}: no page could be read, and nothing was written. Tried:"]
    lines += [f"  {skipped}" for skipped in tried]
    return "\n".join([*lines, *dict.fromkeys(_advice(skipped) for skipped in tried)])


def _advice(skipped: Skipped) -> str:
    if skipped.reason is Reason.EMPTY and _SCRIPTS in skipped.detail:
        return _DRAWN
    return _ADVICE.get(skipped.reason, _OTHERWISE)
