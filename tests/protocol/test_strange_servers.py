"""A server that sends the bank elsewhere, never ends, sends a bomb, or is somebody else: nothing is believed, no secret leaves."""

import gzip
import ipaddress
import json
import ssl
import threading
import time
from argparse import Namespace
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pickup.conformance.papers import SECRET
from pickup.conformance.server import QuietHTTPServer
from pickup.controller import config as configuration
from pickup.controller import provisioning, web
from pickup.controller.transports.https import MOST_REPLY_BYTES, ServerLink, Unreachable

from .kit import signed_list

QUESTIONS = {
    "sync": lambda link: link.sync({}),
    "list": lambda link: link.authlist(None),
    "config": lambda link: link.config(None),
}
DRIPPING = [(b"HTTP/1.1 200 OK\r\nX: ", b"x", b"\r\n\r\n{}"), (b"HTTP/1.1 200 OK\r\n\r\n", b" ", b"{}")]
LIST = json.dumps(signed_list()).encode()


class Listener(BaseHTTPRequestHandler):
    """Remembers what it was asked, and answers with the bytes of the test."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.heard.append((self.path, dict(self.headers)))
        self.close_connection = True
        for part in self.answer:
            self.wfile.write(part)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@contextmanager
def listening(*answer: bytes, pause: float = 0, context: ssl.SSLContext | None = None):
    """(address, what was heard) of a server with this answer, its parts with a pause before each."""

    def parts():
        for part in answer:
            time.sleep(pause)
            yield part

    heard: list = []
    handler = type("Bound", (Listener,), {"heard": heard, "answer": property(lambda _self: parts())})
    server = QuietHTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    scheme = "https" if context else "http"
    try:
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}", heard
    finally:
        server.shutdown()
        server.server_close()


def http(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def answering(request):
    """A link to a server that answers with these bytes."""
    with listening(request.param) as (address, _heard):
        yield ServerLink(address, "b7f3a", SECRET)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_no_secret_follows_a_redirect_to_another_host(question, status):
    with (
        listening(http("200 OK", body=LIST)) as (thief, heard),
        listening(http(status, f"Location: {thief}/tlp/1/authlist")) as (address, _heard),
        pytest.raises(Unreachable),
    ):
        QUESTIONS[question](ServerLink(address, "b7f3a", SECRET))

    assert heard == []


def test_a_new_computer_takes_its_identity_from_nobody_else(tmp_path):
    out = tmp_path / "bank.json"
    with (
        listening(http("200 OK", body=b"{}")) as (thief, heard),
        listening(http("302 Found", f"Location: {thief}/tlp/1/provision")) as (address, _heard),
        pytest.raises(configuration.ConfigError, match="HTTP 302"),
    ):
        provisioning.provision(
            Namespace(server=address, token="t", out=out, state_dir=None, driver="simulator", kiosk_port=0, ca=None)
        )

    assert heard == []
    assert out.read_text() == "{}"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_server_whose_certificate_nobody_vouches_for_hears_no_secret(question, tmp_path):
    with (
        listening(http("200 OK", body=LIST), context=self_made(tmp_path)) as (address, heard),
        pytest.raises(Unreachable, match="certificate"),
    ):
        QUESTIONS[question](ServerLink(address, "b7f3a", SECRET))

    assert heard == []


def test_a_certificate_for_another_host_is_not_enough(tmp_path):
    context = self_made(tmp_path, name="other.example")
    with (
        listening(http("200 OK", body=LIST), context=context) as (address, heard),
        pytest.raises(web.NoAnswer, match="certificate"),
    ):
        web.ask(address + "/", {}, most=100, authority=tmp_path / "certificate.pem")

    assert heard == []


def test_the_authority_that_is_named_is_believed(tmp_path):
    with listening(http("200 OK", body=b"yes"), context=self_made(tmp_path)) as (address, _heard):
        answer = web.ask(address + "/", {}, most=100, authority=tmp_path / "certificate.pem")

    assert answer == web.Answer(200, b"yes")


@pytest.mark.parametrize(("head", "drop", "end"), DRIPPING)
def test_an_answer_that_drips_is_given_up(head, drop, end, monkeypatch):
    """Each byte comes long before the line would count as silent; only the whole takes too long."""
    monkeypatch.setattr(web, "LONGEST_SECONDS", 0.3)

    with listening(head, *[drop] * 40, end, pause=0.05) as (address, _heard), pytest.raises(Unreachable):
        ServerLink(address, "b7f3a", SECRET).sync({})


@pytest.mark.parametrize(("head", "drop", "end"), DRIPPING)
def test_the_same_answer_is_taken_when_its_time_is_not_over(head, drop, end):
    """The control: what ends the answers above is their time alone."""
    with listening(head, *[drop] * 40, end, pause=0.05) as (address, _heard):
        assert ServerLink(address, "b7f3a", SECRET).sync({}) == {}


@pytest.mark.parametrize(
    "answering",
    [
        http("200 OK", body=b" " * MOST_REPLY_BYTES + b"{}"),
        http("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"[" + b"0," * 10_000_000 + b"0]")),
        http("200 OK", body=b"[" * 100_000),
        http("200 OK", body=b'{"a":' + b"9" * 100_000 + b"}"),
        http("200 OK", body=b'{"a":NaN}'),
        http("200 OK", body=b'{"a":1,"a":2}'),
        http("200 OK", body=b'{"a":"\\ud800"}'),
        http("200 OK", body=b"\xef\xbb\xbf{}"),
        http("200 OK", body=b"\xff\xfe{\x00}\x00"),
        http("500 Oops", body=LIST),
        http("204 No Content"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n{}",
        b"HTTP/1.1 OK\r\n\r\n{}",
        b"\x16\x03\x01",
        b"",
    ],
    indirect=True,
    ids=lambda raw: repr(raw[:60]),
)
def test_what_cannot_be_read_is_no_answer(answering):
    with pytest.raises(Unreachable):
        answering.sync({})


def self_made(folder, name: str = "127.0.0.1") -> ssl.SSLContext:
    """The server's side of a certificate that nobody vouches for; it lies in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    alternative = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdecimal() else x509.DNSName(name)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
