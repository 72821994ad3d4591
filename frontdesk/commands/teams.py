"""`frontdesk teams package`: the app package of a bot in Microsoft Teams."""

from __future__ import annotations

import argparse

from adapters.teams.package import package
from adapters.teams.settings import TeamsSettings
from config import Desk
from core.errors import ConfigError
from frontdesk.desk import read_desk


def run(options: argparse.Namespace) -> int:
    """Write the package of the one Teams channel, or of the named one."""
    name, settings = _channel(read_desk(options.config), options.channel)
    content = package(settings)
    try:
        options.out.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{options.out} cannot be written: {error.strerror}") from None
    print(f"{options.out}: the app of channels/{name}.yaml. Upload it in Teams under Apps, 'Upload an app'.")
    return 0


def _channel(desk: Desk, wanted: str) -> tuple[str, TeamsSettings]:
    bots = {name: one for name, one in desk.channels.items() if isinstance(one, TeamsSettings)}
    if not bots:
        raise ConfigError("there is no Teams channel; docs/channels/teams.md tells how to make one")
    if wanted and wanted not in bots:
        raise ConfigError(f"there is no Teams channel {wanted!r}; there are {', '.join(sorted(bots))}")
    if not wanted and len(bots) > 1:
        raise ConfigError(f"there are several Teams channels: say which by --channel: {', '.join(sorted(bots))}")
    name = wanted or next(iter(bots))
    return name, bots[name]
