"""Real processes, killed for real."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from knowledge.reading.page import Link
from knowledge.reading.parsing import PageUnreadable, ParserPool
from knowledge.reading.reader import NOT_A_PAGE

URL = "https://lamps.example/"
PAGE = b'<html lang=de><title>Lamps</title><body><h1>Lamps</h1><p>Oak and brass.</p><a href="/oak">Oak</a>'
HEAVY = b"".join(
    b'<p class="c%d" style="color:#%06x">line <a href="/%d">%d</a></p>' % ((number,) * 4) for number in range(60_000)
)


def _alive(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text("ascii").rpartition(") ")[2][0] not in "ZX"


async def _taken(pool: ParserPool) -> None:
    for _ in range(100):
        if not pool.processes:
            return
        await asyncio.sleep(0.01)


def _environment_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


def _targets(process: int) -> set[str]:
    return {str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir()}


async def _gone(process: int) -> bool:
    for _ in range(100):
        if not _alive(process):
            return True
        await asyncio.sleep(0.02)
    return False


async def test_that_a_page_is_read_in_another_process() -> None:
    async with ParserPool() as pool:
        assert not pool.processes
        page = await pool.read(PAGE, url=URL)
        (process,) = pool.processes
        assert process != os.getpid()
        assert (page.title, page.language) == ("Lamps", "de")
        assert [(block.text, block.level) for block in page.blocks] == [("Lamps", 1), ("Oak and brass.", 0), ("Oak", 0)]
        assert page.links == (Link(url="https://lamps.example/oak", text="Oak"),)
        assert (await pool.read(b"%PDF-1", url=URL)).missing == NOT_A_PAGE
        assert list(pool.processes) == [process]
    assert await _gone(process)


async def test_that_scripts_are_read_in_another_process_too() -> None:
    html = b'<div id="root"></div><script src="/data.json"></script>'
    async with ParserPool(workers=1) as pool:
        page = await pool.read(html, url=URL)
        assert page.scripts == ("https://lamps.example/data.json",)
        data = b'{"lamps":[{"title":"Oak","text":"A lamp of oak for desks, made by hand and sent within three days."}]}'
        page = await pool.read(html, url=URL, scripts=[data])
    assert next(block.text for block in page.blocks) == "Oak"


async def test_that_a_page_that_takes_too_long_is_given_up_and_the_next_one_read() -> None:
    async with ParserPool(workers=1, seconds=0.25) as pool:
        await pool.read(PAGE, url=URL)
        (process,) = pool.processes
        with pytest.raises(PageUnreadable, match=r"takes more than 0\.25 s"):
            await pool.read(HEAVY, url=URL)
        assert await _gone(process)
        assert (await pool.read(PAGE, url=URL)).title == "Lamps"


async def test_that_a_page_that_needs_too_much_memory_is_given_up_and_the_next_one_read() -> None:
    async with ParserPool(workers=1, memory=80 * 1024**2) as pool:
        assert (await pool.read(PAGE, url=URL)).title == "Lamps"
        with pytest.raises(PageUnreadable, match=r"too much memory|ends the process"):
            await pool.read(HEAVY, url=URL)
        assert (await pool.read(PAGE, url=URL)).title == "Lamps"


async def test_that_a_process_that_dies_costs_one_page() -> None:
    async with ParserPool(workers=1) as pool:
        await pool.read(PAGE, url=URL)
        (process,) = pool.processes
        reading = asyncio.create_task(pool.read(HEAVY, url=URL))
        await _taken(pool)
        os.kill(process, signal.SIGSEGV)
        with pytest.raises(PageUnreadable, match="SIGSEGV"):
            await reading
        assert (await pool.read(PAGE, url=URL)).title == "Lamps"


async def test_that_a_process_that_died_while_it_waited_is_replaced() -> None:
    async with ParserPool(workers=1) as pool:
        await pool.read(PAGE, url=URL)
        (process,) = pool.processes
        os.kill(process, signal.SIGKILL)
        assert await _gone(process)
        await asyncio.sleep(0.05)
        assert (await pool.read(PAGE, url=URL)).title == "Lamps"


async def test_that_a_reader_who_stops_waiting_leaves_no_answer_behind() -> None:
    async with ParserPool(workers=1) as pool:
        await pool.read(PAGE, url=URL)
        reading = asyncio.create_task(pool.read(HEAVY, url=URL))
        await _taken(pool)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert (await pool.read(PAGE, url=URL)).title == "Lamps"


async def test_that_a_slow_page_holds_up_no_other() -> None:
    async with ParserPool(workers=2) as pool:
        await asyncio.gather(pool.read(PAGE, url=URL), pool.read(PAGE, url=URL))
        slow = asyncio.create_task(pool.read(HEAVY[:1_500_000], url=URL))
        pages = [await pool.read(PAGE, url=URL) for _ in range(5)]
        assert {page.title for page in pages} == {"Lamps"}
        assert not slow.done()
        assert len((await slow).links) == 2_000


async def test_that_a_process_knows_no_secrets_and_holds_no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_TOKEN", "invented")
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    async with server, ParserPool(workers=1) as pool:
        await pool.read(PAGE, url=URL)
        (process,) = pool.processes
        assert b"invented" not in _environment_of(process)
        listening = {f"socket:[{os.fstat(socket.fileno()).st_ino}]" for socket in server.sockets}
        assert not listening.intersection(_targets(process))
        assert resource.prlimit(process, resource.RLIMIT_AS) == (1024**3, 1024**3)


@pytest.mark.skipif(sys.platform != "linux", reason="a process is bound to its parent by Linux")
async def test_that_processes_die_with_their_parent() -> None:
    program = textwrap.dedent("""
        import asyncio
        from knowledge.reading.parsing import ParserPool
        async def main():
            pool = ParserPool()
            await pool.read(b"<p>Oak</p>", url="https://lamps.example/")
            print(*pool.processes, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """)
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert _alive(child)
    parent.kill()
    await parent.wait()
    assert await _gone(child)
    assert await parent.stdout.read() == b""
