"""Settings of commands, beside those of a server."""

from mockserver.contract.standings import STANDINGS
from mockserver.reports.selection import DEFAULT_RESOURCES, KINDS
from mockserver.settings.checks import (
    AUTO,
    COUNT,
    DEFAULT_URL,
    Choice,
    FilePath,
    LocalUrl,
    OutputFile,
    Pace,
    Percent,
    Several,
    Switch,
    Text,
    Url,
    Version,
    Whole,
)
from mockserver.settings.server import SETTINGS
from mockserver.settings.setting import PREFIX, declare

# Of the files to write:
REPORT = declare("report", OutputFile(), None, "write the report to this file as JSON at the end")
JUNIT = declare("junit", OutputFile(), None, "write JUnit XML to this file, a test case for each rule")
CTRF = declare("ctrf", OutputFile(), None, "write CTRF JSON to this file, a test for each rule")
HAR = declare("har", OutputFile(), None, "write the journal to this file as an HTTP Archive (HAR 1.2)")
OUTPUT = declare(
    "output", OutputFile(), None, "write to this file, in UTF-8, instead of standard output; a redirect in PowerShell 5"
    " writes UTF-16",
)  # fmt: skip

# Of a server as a process:
LOG_FORMAT = declare("log_format", Choice("text", "json"), "text", "the format of the log on standard error")
WATCH = declare(
    "watch", Switch(), False, "load a fixture when it is saved; a broken one changes nothing, and its mistakes are"
    " logged",
)  # fmt: skip
PORT_FILE = declare("port_file", OutputFile(), None, "write the port to this file when the server is ready")
SERVER = tuple(one for one in SETTINGS.values() if one.flag)
SERVE = (
    *(one.but(default=30222) if one.name == "port" else one for one in SERVER), LOG_FORMAT, WATCH, PORT_FILE, REPORT,
)  # fmt: skip

# Of the client of a server that is running:
URL = declare(
    "url", Url(), DEFAULT_URL, "the base URL of the server",
    others={"OPENDENTAL_BASE_URL": Url(), PREFIX + "PORT": LocalUrl()},
)  # fmt: skip
_TRUST = (
    SETTINGS["tls"].but(help="ask the server over https, also if its base URL says http"),
    SETTINGS["tls_ca"].but(
        check=FilePath(), help="also trust the CA of a server with --tls, whose --tls-ca FILE it is"
    ),
)
CLIENT = (URL, *_TRUST, SETTINGS["admin_token"])
# `env` tells clients what OPENDENTAL_BASE_URL is to be.
ENV = (
    URL.but(others={PREFIX + "PORT": LocalUrl()}), *_TRUST, SETTINGS["admin_token"],
    declare(
        "format", Choice("sh", "powershell", "cmd", "json"), "sh", "lines for a shell, PowerShell or cmd, or JSON",
    ),
)  # fmt: skip

# Of the report on contract coverage:
FAIL_UNDER = declare("fail_under", Percent(), 0.0, "fail if fewer percent of the rules are met", metavar="N")
ONLY = declare(
    "only", Several(Choice(*KINDS)), (), "count only rules of this standing, or of this kind: on served or refused"
    " requests, or on refusals for the office or the request",
    metavar="KIND",
)  # fmt: skip
RESOURCE = declare(
    "resource", Several(Text()), (), f"count the rules of this resource instead of {DEFAULT_RESOURCES[0]}"
    " and of what else was called, or of all",
    metavar="NAME",
)  # fmt: skip
OPERATION = declare(
    "operation", Several(Text()), (), "count the rules of this operation, like claimtrackings/create, instead of those"
    " of a resource", metavar="NAME",
)  # fmt: skip
IGNORE = declare("ignore", Several(Text()), (), "leave this rule out of the count", metavar="RULE")
ALLOW_UNSERVED = declare(
    "allow_unserved", Several(Text()), (), "do not fail if operations of this resource of the vendor, or of all, were"
    " requested that the mock does not serve", metavar="RESOURCE",
)  # fmt: skip
ALLOW_NO_REQUESTS = declare("allow_no_requests", Switch(), False, "do not fail if no request reached the API")
SELECTION = (ONLY, RESOURCE, OPERATION, IGNORE, ALLOW_UNSERVED)
VERBOSE = declare("verbose", Switch(), False, "list every rule that was not met and every refusal, not only the first")
GATE = (FAIL_UNDER, *SELECTION, ALLOW_NO_REQUESTS, VERBOSE, JUNIT, CTRF, REPORT)

IMPORT = (
    declare("keep_numbers", Switch(), False, "keep the numbers of rows, such as PatNum"),
    declare("keep_dates", Switch(), False, "keep dates and times, except for birthdates"),
    declare(
        "seed",
        Whole(0, 2**63 - 1),
        None,
        "scrub the same responses in the same way each time; without it, at random",
        metavar="N",
    ),
    declare(
        "office_version", Version(), None, "the version of Open Dental that the office runs, if no response gives it"
    ),
    SETTINGS["resources"].but(help="also import rows of the resource in this folder of your own"),
)

VERIFY = (
    URL.but(
        default="https://api.opendental.com/api/v1", help="the office's base URL: https, or http on this machine",
        others={"OPENDENTAL_BASE_URL": Url()},
    ),
    declare(
        "keys_from", Text(), None, "the variable, or @FILE, that has DeveloperKey/CustomerKey; without it"
        " OPENDENTAL_DEVELOPER_KEY and OPENDENTAL_CUSTOMER_KEY", metavar="NAME|@FILE",
    ),
    declare("claim", Whole(1, 2**63 - 1), None, "the claim that may get rows", metavar="N"),
    declare(
        "may_create", COUNT, None, "the number of creates that may be sent, whatever the response; their rows stay,"
        " since the API cannot delete them", metavar="N",
    ),
    ONLY.but(check=Several(Choice(*STANDINGS)), help="verify only rules of this standing"),
    RESOURCE.but(
        help=f"verify the rules of this resource instead of {DEFAULT_RESOURCES[0]} and api, which are those of every"
        " request; or all"
    ),
    declare("rule", Several(Text()), (), "verify only this rule", metavar="RULE"),
    declare("last_failed", FilePath(), None, "verify only the rules that differ in this file of --report"),
    declare("not_tried", FilePath(), None, "verify only the rules that were not measured in this file of --report"),
    SETTINGS["observed"].but(help="compare with what this file of --save says an office answered before"),
    declare("baseline", Several(FilePath()), (), "take the differences in this file of --save as known and accepted"),
    declare("plan", Switch(), False, "print the cases, and what they need and cost, and stop"),
    declare(
        "pace", Pace(), AUTO, "seconds between two requests; auto: 1, and none on this machine", metavar="SECONDS"
    ),
    VERBOSE.but(help="list every rule, not only those that differ"),
    declare("save", OutputFile(), None, "write what was observed to this file as YAML, for --observed"),
    JUNIT, CTRF, REPORT,
)  # fmt: skip
