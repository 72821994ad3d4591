"""Templates to pages: escaping always on, undefined names are defects, a strict policy on every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dashboard.assets import versioned
from dashboard.pages import Page, Shown
from dashboard.place import ROOT, Place
from dashboard.roles import Role
from dashboard.sessions import Session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Rendering:
    """Fills templates. `pages` are those of the navigation, in its order."""

    def __init__(self, place: Place, company: str, pages: Sequence[Page]) -> None:
        self._place = place
        self._pages = pages
        self._environment = Environment(
            loader=PackageLoader("dashboard"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(company=company, url=place.path, asset=self._asset)
        self._environment.filters.update(when=when)

    def page(
        self,
        shown: Shown,
        *,
        title: str,
        session: Session | None,
        path: str = "",
    ) -> web.Response:
        """The answer for a page; without a session there is no navigation. `path` is the page's own, to mark it."""
        text = self._environment.get_template(shown.template).render(
            {
                **shown.values,
                "title": shown.title or title,
                "session": session,
                "navigation": self._navigation(session, path),
                "token": lambda: _token(session),
            }
        )
        headers = {**PAGE_HEADERS, "Content-Type": "text/html; charset=utf-8"}
        return web.Response(text=text, status=shown.status, headers=headers)

    def _navigation(self, session: Session | None, path: str) -> list[Mapping[str, Any]]:
        if session is None:
            return []
        return [
            {"name": page.nav, "path": self._place.path(page.path), "here": _is_within(path, page.path)}
            for page in self._pages
            if page.nav and session.role.covers(page.role)
        ]

    def _asset(self, name: str) -> str:
        return f"{self._place.prefix}{ROOT}/assets/{versioned(name)}"


def when(seconds: float) -> Markup:
    """A time as people read it, in UTC, with the exact one for machines."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        moment.isoformat(timespec="seconds"), moment.strftime("%Y-%m-%d %H:%M UTC")
    )


def role_names() -> tuple[str, ...]:
    return tuple(role.value for role in Role)


def _is_within(path: str, page: str) -> bool:
    return path == page or (bool(page) and path.startswith(f"{page}/"))


def _token(session: Session | None) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(session.csrf if session else "")
