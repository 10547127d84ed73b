"""Admin token tests: an empty token is refused, and never matches."""

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import make_mocked_request

from conftest import MakeClient
from mockserver import MockServer
from mockserver.cli import main
from mockserver.web.guards import AdminGuard, HostGuard
from mockserver.web.problem import Problem


@pytest.mark.parametrize(
    "headers", [{}, {"X-Mock-Admin-Token": ""}, {"Authorization": "Bearer "}, {"Authorization": ""}]
)
def test_guard_with_an_empty_token_refuses_everyone(headers: dict[str, str]) -> None:
    guard = AdminGuard("", HostGuard())
    with pytest.raises(Problem) as refused:
        guard.check(make_mocked_request("POST", "/__admin/reset", headers={"Host": "localhost", **headers}))
    assert refused.value.response().status == 401


@pytest.mark.parametrize(
    "headers", [{}, {"X-Mock-Admin-Token": ""}, {"Authorization": "Bearer "}, {"Authorization": ""}]
)
async def test_only_the_token_is_accepted_over_http(make_client: MakeClient, headers: dict[str, str]) -> None:
    client = await make_client(admin_token="Sesame")
    assert (await client.post("/__admin/reset", headers=headers)).status == 401
    assert (await client.post("/__admin/reset", headers={"X-Mock-Admin-Token": "Sesame"})).status == 200


@pytest.mark.parametrize("admin_token", ["", " ", "\n"])
async def test_an_app_with_a_blank_token_is_not_made(make_client: MakeClient, admin_token: str) -> None:
    with pytest.raises(ValueError, match="admin_token: it is blank"):
        await make_client(admin_token=admin_token)


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"", "it is blank, which would open the admin API to everyone; give a secret"),
        (b" \r\n\n", "it is blank, which would open the admin API to everyone; give a secret"),
        (b"\xef\xbb\xbf\n", "it is blank, which would open the admin API to everyone; give a secret"),
        (b"Ses\xe4me", "not UTF-8; save the file as UTF-8"),
        (b"two\nlines", "it has spaces around it, or characters that a header cannot carry; give printable text"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("command", [["serve"], ["run", "--", "true"]], ids=" ".join)
def test_a_token_file_that_cannot_be_is_one_line(
    command: list[str], contents: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "token"
    file.write_bytes(contents)
    name, *rest = command
    with pytest.raises(SystemExit) as ended:
        main([name, "--host", "0.0.0.0", "--port", "0", "--admin-token", f"@{file}", *rest])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    told = f"opendental-mock {name}: error: argument --admin-token: {file}: {words}\n"
    assert (printed.out, printed.err) == ("", told)


@pytest.mark.parametrize("path", ["/api/v1/claimtrackings?Limit=1", "/__admin/health"])
def test_a_public_server_is_asked_by_address_and_not_by_another_name(path: str) -> None:
    with MockServer(host="0.0.0.0", admin_token="Sesame") as server:
        for host, status in (("10.0.171.239:30222", 200), ("[fd00::1]", 200), ("evil.test", 403)):
            connection = HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=60)
            connection.request("GET", path, headers={"Host": host, "X-Mock-Admin-Token": "Sesame"})
            answer = connection.getresponse()
            assert answer.status == status, host
            assert (b"Use localhost, or an address of this machine" in answer.read()) == (status == 403)
            connection.close()
