"""App keys: typed keys for the objects that an app holds."""

from aiohttp import web

from mockserver.contract.contract import Contract
from mockserver.settings.server import Settings
from mockserver.tenants.registry import Tenants
from mockserver.web.middleware import ApiMiddleware

CONTRACT = web.AppKey("CONTRACT", Contract)
MIDDLEWARE = web.AppKey("MIDDLEWARE", ApiMiddleware)
SETTINGS = web.AppKey("SETTINGS", Settings)
TENANTS = web.AppKey("TENANTS", Tenants)
