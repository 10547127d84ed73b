"""TLS tests: the names of the certificate, both paths, and keys that no disk has."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import trustme

from mockserver import AsyncMockServer, MockServer
from mockserver.web.server import CannotListen
from mockserver.web.tls import NoTls, load_from_file, load_from_memory

MAX_WAIT = 30
NAME = "office.test"
ROWS = 8


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(tls=True, tls_names=NAME) as running:
        yield running


@pytest.fixture
def client(server: MockServer) -> Iterator[httpx.Client]:
    server.reset()
    with httpx.Client(verify=context_of(server), headers=server.headers, base_url=server.url) as client:
        yield client


def context_of(server: MockServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.tls_ca)


def connect(server: MockServer, name: str = "localhost") -> ssl.SSLSocket:
    port = int(server.url.rpartition(":")[2].partition("/")[0])
    plain = socket.create_connection(("127.0.0.1", port), timeout=MAX_WAIT)
    return context_of(server).wrap_socket(plain, server_hostname=name)


def went_the_slow_way(server: MockServer) -> int:
    manager = server._server._runner.server
    assert manager is not None
    return manager.requests_count


def test_requests_and_httpx_read_and_write_on_the_fast_path(server: MockServer, client: httpx.Client) -> None:
    before = went_the_slow_way(server)
    rows = requests.get(f"{server.url}/claimtrackings", headers=server.headers, verify=server.tls_ca, timeout=MAX_WAIT)
    assert (rows.status_code, len(rows.json())) == (200, ROWS)
    long = client.post("claimtrackings", json={"ClaimNum": 15, "Note": "x" * 60_000})  # several records of TLS
    assert (long.status_code, len(long.json()["Note"])) == (201, 60_000)
    assert len(client.get("claimtrackings").json()) == ROWS + 1
    assert went_the_slow_way(server) == before


def test_the_slow_path_works_over_tls_too(server: MockServer, client: httpx.Client) -> None:
    created = client.post("claimtrackings", content=iter([b'{"ClaimNum"', b": 15}"]))
    assert created.status_code == 201
    assert client.get(f"{server.admin_url}/health").json()["status"] == "ok"
    (entry,) = client.get(f"{server.admin_url}/requests.har").json()["log"]["entries"]
    assert entry["request"]["url"].startswith("https://127.0.0.1:")


def test_the_certificate_and_the_host_header_have_the_same_names(server: MockServer) -> None:
    names = server.mock.settings.certified_names
    assert {"localhost", "127.0.0.1", "::1", "api.opendental.com", NAME} == set(names)
    for name in names:
        host = f"[{name}]" if ":" in name else name
        with connect(server, name) as line:
            line.sendall(f"GET /api/v1/claimtrackings?ClaimNum=25 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert line.recv(15) == b"HTTP/1.1 200 OK"
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(server, "elsewhere.test")


def test_plain_http_has_no_host_more() -> None:
    with MockServer() as plain:
        answer = requests.get(plain.url, headers={"Host": "api.opendental.com"}, timeout=MAX_WAIT)
        assert answer.status_code == 403
        with pytest.raises(RuntimeError, match="only a server with tls=True has one"):
            assert plain.tls_ca


def test_a_client_that_closes_its_half_is_gone(server: MockServer, caplog: pytest.LogCaptureFixture) -> None:
    server.reset()
    server.fault(operation="any", then="delay", delay=MAX_WAIT)
    with connect(server) as line:
        line.sendall(b"GET /api/v1/claimtrackings HTTP/1.1\r\nHost: localhost\r\n\r\n")
        line.unwrap()  # which returns when the server has closed it too
    server.reset()
    assert [record for record in caplog.records if record.name == "asyncio"] == []


async def test_the_file_of_the_ca_is_the_one_that_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    async with AsyncMockServer(tls=True, tls_ca=file) as server:
        assert server.tls_ca == str(file)
        assert server.url.startswith("https:")
    assert file.read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_a_connection_that_is_open_does_not_delay_the_stop() -> None:
    with MockServer(tls=True) as server:
        line = connect(server)
        line.sendall(b"GET /api/v1/claimtrackings HTTP/1.1\r\nHost: localhost\r\n\r\n")
        file = Path(server.tls_ca)
        assert line.recv(15) == b"HTTP/1.1 200 OK"
    line.close()
    assert not file.exists()


def test_a_server_that_cannot_start_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(CannotListen):
        MockServer(tls=True, host="192.0.2.1", admin=False).start()
    assert list(tmp_path.iterdir()) == []


class Watching(ssl.SSLContext):
    """A context that notes the file of a certificate and what it has."""

    file, text = "", b""

    def load_cert_chain(self, certfile: Any, keyfile: Any = None, password: Any = None) -> None:
        self.file, self.text = str(certfile), Path(certfile).read_bytes()
        super().load_cert_chain(certfile, keyfile, password)


LOADERS = [load_from_file, pytest.param(load_from_memory, marks=pytest.mark.skipif(
    not hasattr(os, "memfd_create"), reason="only Linux has files in memory"))]  # fmt: skip


@pytest.mark.parametrize("load", LOADERS)
def test_no_disk_gets_the_key(load: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    leaf = trustme.CA().issue_cert("localhost")
    context = Watching(ssl.PROTOCOL_TLS_SERVER)
    load(context, leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes())
    assert (b"BEGIN ENCRYPTED PRIVATE KEY" in context.text) == context.file.startswith(str(tmp_path))
    assert (leaf.private_key_pem.bytes() in context.text) == context.file.startswith("/proc/self/fd/")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a certificate, its key, both in one file, another key, and one with a passphrase."""
    from cryptography.hazmat.primitives import serialization as pem

    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    leaf, other = authority.issue_cert("localhost", "127.0.0.1"), authority.issue_cert("localhost")
    (folder / "ca.pem").write_bytes(authority.cert_pem.bytes())
    (folder / "cert.pem").write_bytes(leaf.cert_chain_pems[0].bytes())
    (folder / "key.pem").write_bytes(leaf.private_key_pem.bytes())
    (folder / "both.pem").write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
    (folder / "other.pem").write_bytes(other.private_key_pem.bytes())
    (folder / "locked.pem").write_bytes(
        pem.load_pem_private_key(leaf.private_key_pem.bytes(), None).private_bytes(
            pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.BestAvailableEncryption(b"Sesame")
        )
    )
    (folder / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n")
    return folder


@pytest.mark.parametrize(
    "settings", [{"tls_cert": "cert.pem", "tls_key": "key.pem"}, {"tls_cert": "both.pem"}], ids=str
)
def test_a_certificate_of_the_users_own_is_served(settings: dict[str, str], files: Path) -> None:
    with MockServer(**{name: files / file for name, file in settings.items()}) as server:  # type: ignore[arg-type]
        answer = requests.get(f"{server.url}/claimtrackings", verify=str(files / "ca.pem"), timeout=MAX_WAIT)
        assert answer.status_code == 200
        with pytest.raises(RuntimeError, match="has no file of a CA"):
            assert server.tls_ca


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"tls_key": "key.pem"}, "tls_key: it is a key without its certificate; give that too (--tls-cert"),
        ({"tls_cert": "nothing.pem"}, "tls_cert: {folder}nothing.pem: No such file or directory"),
        ({"tls_cert": "key.pem"}, "tls_cert: {folder}key.pem has no certificate in PEM form"),
        ({"tls_cert": "cert.pem"}, "tls_key: {folder}cert.pem has no private key in PEM form; give the file"),
        ({"tls_cert": "cert.pem", "tls_key": "ca.pem"}, "tls_key: {folder}ca.pem has no private key in PEM form"),
        ({"tls_cert": "cert.pem", "tls_key": "nothing.pem"}, "tls_key: {folder}nothing.pem: No such file"),
        ({"tls_cert": "cert.pem", "tls_key": "other.pem"}, "tls_key: {folder}other.pem is not the key of the first"),
        ({"tls_cert": "cert.pem", "tls_key": "locked.pem"}, "tls_key: the key has a passphrase"),
        ({"tls_cert": "broken.pem"}, "tls_cert: OpenSSL does not accept {folder}broken.pem with its key: "),
        ({"tls_cert": "both.pem", "tls_ca": "new.pem"}, "tls_ca: it is for a certificate that the server makes"),
        ({"tls_cert": "both.pem", "tls_names": "a.test"}, "tls_names: it is for a certificate that the server makes"),
        ({"tls_ca": "new.pem"}, "tls_ca: without TLS there is no certificate; add --tls"),
        ({"tls_names": "a.test"}, "tls_names: without TLS there is no certificate; add --tls"),
        ({"tls": True, "tls_names": "a b"}, "there is no certificate for localhost, 127.0.0.1, ::1"),
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_with_a_remedy(settings: dict[str, Any], words: str, files: Path) -> None:
    paths = {name: files / value if str(value).endswith(".pem") else value for name, value in settings.items()}
    with pytest.raises(ValueError, match=r"tls|certificate") as refused:
        MockServer(**paths)
    assert str(refused.value).startswith(words.format(folder=f"{files}{os.sep}"))


def test_without_trustme_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(NoTls, match="needs trustme, which makes the certificate: pip install trustme, or give"):
        MockServer(tls=True)


JAVA = """
import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

public class Ask {
    public static void main(String[] words) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(words[0] + "/claimtrackings"))
            .header("Content-Type", "application/json")
            .header("Authorization", words[1])
            .POST(HttpRequest.BodyPublishers.ofString("{\\"ClaimNum\\": 15}"))
            .build();
        System.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode());
    }
}
"""


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("keytool") is None, reason="there is no Java on this machine")
def test_java_asks_over_tls_with_a_truststore_of_keytool(server: MockServer, tmp_path: Path) -> None:
    store = tmp_path / "truststore.p12"
    (tmp_path / "Ask.java").write_text(JAVA)
    keytool = [
        "keytool", "-importcert", "-noprompt", "-alias", "opendental-mock", "-file", server.tls_ca,
        "-keystore", str(store), "-storepass", "changeit",
    ]  # fmt: skip
    subprocess.run(keytool, capture_output=True, timeout=MAX_WAIT, check=True)
    trust = [f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=changeit"]
    ended = subprocess.run(
        ["java", *trust, "Ask.java", server.url, server.headers["Authorization"]],
        cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip
    assert ended.stdout.strip() == "201", ended.stderr
