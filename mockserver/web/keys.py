"""What an app holds, under typed keys."""

from dataclasses import dataclass

from aiohttp import web

from mockserver.contract import Contract
from mockserver.journal import Exchange
from mockserver.tenant import Tenant
from mockserver.web.guard import AdminGuard, HostGuard


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the server behaves, apart from what the office holds.

    `mode`: remote, local or service. `transparent`: send no header of the mock's own. `admin`: whether there is
    an admin API.
    """

    strict: bool = False
    mode: str = "remote"
    throttle: bool = False
    transparent: bool = False
    admin: bool = True


CONTRACT = web.AppKey("CONTRACT", Contract)
SETTINGS = web.AppKey("SETTINGS", Settings)
TENANT = web.AppKey("TENANT", Tenant)
HOST_GUARD = web.AppKey("HOST_GUARD", HostGuard)
ADMIN_GUARD = web.AppKey("ADMIN_GUARD", AdminGuard)
EXCHANGE = web.RequestKey("EXCHANGE", Exchange)
