"""What an app holds, under typed keys."""

from dataclasses import dataclass

from aiohttp import web

from mockserver.contract import Contract
from mockserver.journal import Exchange, Journal
from mockserver.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the server behaves, apart from what the office holds."""

    strict: bool = False


OFFICE = web.AppKey("OFFICE", Office)
CONTRACT = web.AppKey("CONTRACT", Contract)
JOURNAL = web.AppKey("JOURNAL", Journal)
SETTINGS = web.AppKey("SETTINGS", Settings)
EXCHANGE = web.RequestKey("EXCHANGE", Exchange)
