"""TLS of the command: the CA reaches the clients that `run`, `env` and the commands on a server are or start."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import MockServer
from mockserver.cli import main
from support.effort import parameters
from support.processes import MAX_WAIT, Serving, without_settings

PYTHON_CLIENTS = """
import os, httpx, requests, urllib.request
url = os.environ["OPENDENTAL_BASE_URL"] + "/claimtrackings"
keys = f"ODFHIR {os.environ['OPENDENTAL_DEVELOPER_KEY']}/{os.environ['OPENDENTAL_CUSTOMER_KEY']}"
headers = {"Authorization": keys, "Content-Type": "application/json"}
print(requests.get(url, headers=headers).status_code, httpx.get(url, headers=headers).status_code)
print(urllib.request.urlopen(urllib.request.Request(url, headers=headers)).status, url[:5])
print(requests.get(os.environ["OPENDENTAL_ADMIN_URL"] + "/health").json()["status"])
"""
NODE_CLIENT = """
const { OPENDENTAL_BASE_URL: url, OPENDENTAL_DEVELOPER_KEY: developer, OPENDENTAL_CUSTOMER_KEY: customer } = process.env;
const headers = { Authorization: `ODFHIR ${developer}/${customer}`, "Content-Type": "application/json" };
console.log("node", (await fetch(`${url}/claimtrackings`, { headers })).status);
"""
CLIENTS = ["health", "env", "report", "export"]


@pytest.mark.thorough
def test_run_gives_its_command_the_ca(tmp_path: Path) -> None:
    har, script, words = tmp_path / "journal.har", tmp_path / "ask.mjs", [sys.executable, "-c", PYTHON_CLIENTS]
    script.write_text(NODE_CLIENT)
    has_node = shutil.which("node") is not None
    if has_node:
        words[2] += f"import subprocess\nsubprocess.run(['node', {str(script)!r}], check=True)\n"
    ended = subprocess.run(
        [sys.executable, "-m", "mockserver", "run", "--strict", "--tls", "--har", str(har), "--", *words],
        env=without_settings(), capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    expected = ["200 200", "200 https", "ok", *(["node 200"] if has_node else [])]
    assert sorted(ended.stdout.splitlines()[: len(expected)]) == sorted(expected)
    entries = json.loads(har.read_text("utf-8"))["log"]["entries"]
    assert {entry["request"]["url"].partition(":")[0] for entry in entries} == {"https"}


def test_serve_writes_the_ca_and_the_commands_trust_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "ca.pem")
    with Serving("--tls", "--tls-ca", file, scheme="https") as serving:
        port = serving.netloc.rpartition(":")[2]
        for flags in (["--url", serving.url], ["--tls", "--url", f"http://127.0.0.1:{port}"]):
            assert main(["health", "--tls-ca", file, *flags]) == 0
        assert serving.end() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", parameters(CLIENTS, quick=CLIENTS[:1]))
def test_a_client_without_the_ca_says_where_it_comes_from(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with MockServer(tls=True) as server, MockServer() as plain:
        more = ["--allow-no-requests"] if command == "report" else []
        assert main([command, "--url", server.url, "--tls-ca", server.tls_ca, *more]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        if command == "env":
            for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
                assert f"export {name}='{server.tls_ca}'\n" in said.out + "\n"
        main([command, "--url", server.url, *more])
        assert "is not valid or not trusted; --tls-ca (tls_ca=) names the file of its CA" in capsys.readouterr().err
        main([command, "--url", plain.url, "--tls", *more])
        assert "no TLS connection; if the server has no --tls, ask it over http" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"), [(None, ": No such file or directory"), ("x", " has no certificate in PEM form")]
)
def test_a_file_that_is_no_ca_is_told(
    content: str | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    assert main(["health", "--tls-ca", str(file)]) == 1
    assert f"--tls-ca {file}{words}" in capsys.readouterr().err


def test_a_certificate_that_cannot_be_loaded_ends_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--tls-cert", "/no/such.pem"]) == 2
    assert capsys.readouterr().err == "opendental-mock: tls_cert: /no/such.pem: No such file or directory\n"
