"""Is a server fit to hold what must not be lost? Asked once, at the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from core.errors import DependencyError, StoreUnavailable
from store import scripts

OLDEST = (7, 0)
"""Streams number their entries by themselves (`XADD key 0-*`) from Redis 7.0 on, and in every Valkey."""

_YES_NO = {1: "yes", 0: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    name: str
    wanted: str
    danger: str


_APPEND_ONLY = _Setting(
    name="appendonly",
    wanted="yes",
    danger="without an append-only file everything acknowledged is gone when it stops",
)
_EVICTION = _Setting(
    name="maxmemory-policy",
    wanted="noeviction",
    danger="it would drop keys silently when memory runs short",
)


async def check(client: Redis, *, shown: str, in_cluster: bool = False) -> str:
    """Refuse a server that could lose acknowledged data; return its name and version. Raises `DependencyError`."""
    info = await _info(client, shown)
    name, version = _version(info)
    if _numbers(str(info.get("redis_version", "0"))) < OLDEST:
        raise DependencyError(
            f"the store {shown} runs {name} {version}: Frontdesk needs Redis 7.0, Valkey 7.2 or newer"
        )
    if not in_cluster:
        _check_place(info, shown)
    await _check_setting(client, shown, _APPEND_ONLY, _YES_NO.get(info.get("aof_enabled", -1)))
    await _check_setting(client, shown, _EVICTION, info.get("maxmemory_policy"))
    return f"{name} {version}"


async def _info(client: Redis, shown: str) -> dict[str, Any]:
    try:
        info: dict[str, Any] = await client.info()
    except ResponseError as error:
        raise DependencyError(f"the store {shown} refused INFO ({error}): allow it to this user (ACL +info)") from error
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"no answer from the store {shown} ({error}): is it running and reachable?") from error
    return info


def _version(info: dict[str, Any]) -> tuple[str, str]:
    if "valkey_version" in info:
        return "Valkey", str(info["valkey_version"])
    return "Redis", str(info.get("redis_version", "of unknown version"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _check_place(info: dict[str, Any], shown: str) -> None:
    if info.get("cluster_enabled") == 1:
        raise DependencyError(
            f"the store {shown} is a node of a cluster: write its address as redis+cluster://HOST:PORT"
        )
    if info.get("role") in {"slave", "replica"}:
        raise DependencyError(f"the store {shown} is a replica, which takes no writes: give the address of its primary")


async def _check_setting(client: Redis, shown: str, setting: _Setting, told: str | None) -> None:
    value = told or await _config(client, shown, setting)
    if value != setting.wanted:
        raise DependencyError(
            f"the store {shown} has {setting.name} {value}: {setting.danger}. Mend it with\n"
            f"    redis-cli {_target(shown)} CONFIG SET {setting.name} {setting.wanted}\n"
            f"and the same line in its configuration file (where CONFIG is not allowed, in the provider's parameters)",
        )


async def _config(client: Redis, shown: str, setting: _Setting) -> str:
    """Ask for a setting that INFO does not show."""
    try:
        answer = await client.config_get(setting.name)
    except RedisError as error:
        raise DependencyError(
            f"the store {shown} shows {setting.name} neither by INFO nor by CONFIG GET ({error}): allow one of them to "
            f"this user (ACL +info or +config|get), and see that {setting.name} is {setting.wanted}",
        ) from error
    return str(answer.get(setting.name, "unset"))


def _target(shown: str) -> str:
    if shown.startswith("unix://"):
        return f"-s {shown.removeprefix('unix://').partition('?')[0]}"
    return f"-u {shown}"


async def load_scripts(client: Redis, *, shown: str) -> None:
    """Load every script, so that a user who may not run them is found at the start. Raises `DependencyError`."""
    try:
        for script in scripts.ALL:
            await client.script_load(script.source)
    except ResponseError as error:
        raise DependencyError(
            f"the store {shown} refused SCRIPT LOAD ({error}): allow this user +script|load, +evalsha, +publish, "
            "+subscribe and the commands of streams, lists, hashes, sets and sorted sets",
        ) from error
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"the store {shown} stopped answering ({error})") from error
