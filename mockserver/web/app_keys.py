"""What an app holds, under typed keys."""

from aiohttp import web

from mockserver.api.settings import Settings
from mockserver.contract.contract import Contract
from mockserver.tenants.registry import Tenants
from mockserver.web.middleware import Front

CONTRACT = web.AppKey("CONTRACT", Contract)
FRONT = web.AppKey("FRONT", Front)
SETTINGS = web.AppKey("SETTINGS", Settings)
TENANTS = web.AppKey("TENANTS", Tenants)
