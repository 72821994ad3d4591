from __future__ import annotations

import asyncio
import os
import signal

from core.store_ports import LinesWritten, Signal, SignalsLost
from store.embedded import EmbeddedServer
from store.open import open_store
from tests.contracts.builders import message, new_conversation
from tests.contracts.stores import SHARDS, new_tenant


async def test_that_a_broken_subscription_comes_back_and_says_so(own_server: EmbeddedServer) -> None:
    opened = await open_store(f"unix://{own_server.socket}", tenant=new_tenant(), shards=SHARDS)
    heard: asyncio.Queue[Signal] = asyncio.Queue()

    async def listen() -> None:
        async for one in opened.store.signals.listen("w1"):
            heard.put_nowait(one)

    listening = asyncio.create_task(listen())
    assert await asyncio.wait_for(heard.get(), 5) == SignalsLost()
    assert own_server.pid is not None
    os.kill(own_server.pid, signal.SIGKILL)
    assert await asyncio.wait_for(heard.get(), 10) == SignalsLost()

    conversation = new_conversation()
    await opened.store.transcripts.watch(conversation, "w1")
    await opened.store.inbox.accept(message(conversation), worker="w2")

    assert await asyncio.wait_for(heard.get(), 5) == LinesWritten(conversation=conversation)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await opened.close()
