"""What an app holds, under typed keys."""

from aiohttp import web

from mockserver.contract import Contract
from mockserver.tenants import Tenants
from mockserver.web.front import Front
from mockserver.web.settings import Settings

CONTRACT = web.AppKey("CONTRACT", Contract)
FRONT = web.AppKey("FRONT", Front)
SETTINGS = web.AppKey("SETTINGS", Settings)
TENANTS = web.AppKey("TENANTS", Tenants)
