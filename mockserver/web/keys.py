"""What an app holds, under typed keys."""

from aiohttp import web

from mockserver.contract import Contract
from mockserver.journal import Exchange
from mockserver.tenant import Tenant
from mockserver.tenants import Tenants
from mockserver.web.settings import Settings

CONTRACT = web.AppKey("CONTRACT", Contract)
SETTINGS = web.AppKey("SETTINGS", Settings)
TENANTS = web.AppKey("TENANTS", Tenants)
EXCHANGE = web.RequestKey("EXCHANGE", Exchange)
TENANT_OF = web.RequestKey("TENANT_OF", Tenant)
