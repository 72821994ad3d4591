"""The numbers of a running hub, read at this moment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from config import FrontdeskSettings
from core.errors import StoreUnavailable
from core.hub import Hub
from core.ports import Clock
from frontdesk.channels import Channels
from frontdesk.metrics.families import Figures, ModelFigures
from frontdesk.reloading import Reloader
from inference.metering import Meter
from store.backlog import Backlog
from store.open import OpenStore


class Meters:
    """What the models of a desk are counted by."""

    def __init__(self) -> None:
        self.chat = Meter()
        self.embeddings = Meter()

    def figures(self, settings: FrontdeskSettings) -> Mapping[str, ModelFigures]:
        """Those of the models that are configured."""
        models, found = settings.models, dict[str, ModelFigures]()
        if models.chat is not None:
            found["chat"] = ModelFigures(meter=self.chat, price=models.chat.price_per_million_tokens)
        if models.embeddings is not None:
            found["embeddings"] = ModelFigures(meter=self.embeddings)
        return found


class HubFigures:
    """Reads them; a store that does not answer is told, not raised."""

    def __init__(
        self,
        hub: Hub,
        store: OpenStore,
        channels: Channels,
        reloader: Reloader,
        models: Mapping[str, ModelFigures],
        clock: Clock,
    ) -> None:
        self._hub = hub
        self._store = store
        self._channels = channels
        self._reloader = reloader
        self._models = models
        self._clock = clock
        self._version = _version()

    async def __call__(self) -> Figures:
        hub = self._hub
        backlog = await self._backlog()
        return Figures(
            now=self._clock.now(),
            version=self._version,
            counts=hub.counts,
            channels=self._channels.states,
            shards=self._store.describe().shards,
            owned=len(hub.owned),
            parked=len(hub.parked),
            backlog=backlog,
            reloads=self._reloader.outcomes,
            stale=bool(self._reloader.last.problems),
            models=self._models,
        )

    async def _backlog(self) -> Backlog | None:
        try:
            _, backlog = await asyncio.gather(self._store.ping(), self._store.backlog(self._hub.owned))
        except StoreUnavailable:
            return None
        return backlog


def _version() -> str:
    try:
        return version("frontdesk")
    except PackageNotFoundError:
        return "unknown"
