"""`frontdesk dashboard link`: a one-time link that lets somebody into the dashboard."""

from __future__ import annotations

import argparse

from config import Desk
from core.errors import ConfigError
from dashboard.accounts import Accounts, account_name
from dashboard.links import Invitation
from dashboard.roles import Role
from frontdesk.admins import make_link
from frontdesk.beside import store_beside
from frontdesk.desk import read_desk
from frontdesk.loop import run_async


def run(options: argparse.Namespace) -> int:
    """Print one link, for a new account of a role or for an existing account."""
    desk = read_desk(options.config)
    server = desk.settings.server
    public = str(server.public_url or f"http://{server.host}:{server.port}")

    async def make() -> str:
        async with store_beside(desk) as store:
            invitation = await _invitation(Accounts(store.records), options)
            return await make_link(store, invitation, public)

    _must_be_served(desk)
    print(run_async(make()))
    return 0


def _must_be_served(desk: Desk) -> None:
    if not desk.settings.dashboard.enabled:
        raise ConfigError("this desk has no dashboard: `dashboard.enabled` of frontdesk.yaml is false")


async def _invitation(accounts: Accounts, options: argparse.Namespace) -> Invitation:
    if not options.account:
        return Invitation(role=Role(options.role))
    account = await accounts.get(account_name(options.account))
    if account is None:
        raise ConfigError(f"no account is called {options.account!r}; without --account the link makes a new one")
    return Invitation(role=account.role, account=account.name)
