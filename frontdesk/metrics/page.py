"""The page itself, and who may read it."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from ipaddress import ip_address, ip_network

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from config import MetricsSettings
from frontdesk.metrics.families import Figures, families
from frontdesk.wire import refusal

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
"""Headers of proxies. Behind one, an address says who the proxy is, so only the token counts."""


def metrics_routes(
    settings: MetricsSettings, figures: Callable[[], Awaitable[Figures]]
) -> tuple[web.AbstractRouteDef, ...]:
    """`/metrics`; nothing where it is switched off. `figures` must not raise."""
    if not settings.enabled:
        return ()
    readers = tuple(ip_network(one, strict=False) for one in settings.readers)
    token = settings.token.reveal() if settings.token else ""

    async def metrics(request: web.Request) -> web.Response:
        if not (_has_token(request, token) or _asks_directly(request, readers)):
            return refusal(HTTPStatus.FORBIDDEN)
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        body = encode(_registry(await figures()))
        return web.Response(body=body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})

    return (web.get("/metrics", metrics),)


def _has_token(request: web.Request, token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    given_bytes = given.strip().encode("utf-8", "surrogatepass")
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(given_bytes, token.encode())


def _asks_directly(request: web.Request, readers: tuple[object, ...]) -> bool:
    if request.remote is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(request.remote)
    except ValueError:
        return False
    return any(address in network for network in readers)  # type: ignore[operator]


class _Told(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        return families(self._figures)


def _registry(figures: Figures) -> CollectorRegistry:
    """One for each answer: nothing is kept in the process beside the numbers themselves."""
    registry = CollectorRegistry()
    registry.register(_Told(figures))
    ProcessCollector(registry=registry)
    return registry
