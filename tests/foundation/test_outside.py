"""The door to the outside: where it goes, where it never goes, and that nothing holds it."""

import datetime
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marketplace.foundation import outside
from marketplace.foundation.addresses import is_public
from marketplace.foundation.outside import Forbidden, Network, TooLarge, TooSlow, Unreachable, check, open_public
from tests.outside import http, serving

PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a01:e0a::1", "64:ff9b::101:101"]
NOT_PUBLIC = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 a number that is refused
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.1.1",
    "239.1.1.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700:4700::1111%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "2001:0:7f00:1::",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "3fff::1",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_number_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_number_of_our_own_surroundings_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://shop.example/a.jpg",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "//shop.example/a.jpg",
        "shop.example/a.jpg",
        "http:///a.jpg",
        "http://user:secret@shop.example/",
        "http://user@shop.example/",
        "http://@shop.example/",
        "http://shop.example:8080/",
        "http://shop.example:443/",
        "https://shop.example:22/",
        "http://shop.example:99999/",
        "http://shop.example\\@127.0.0.1/",
        "http://shop.example/a b",
        "http://shop.example/a\r\nHost: other",
        "http://%31%32%37.0.0.1/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://sh op.example/",
        "http://shop..example:x/",
        "https://" + "a" * 300 + ".example/",
        "https://shop.example/" + "a" * 2000,
        "",
    ],
)
def test_what_is_no_plain_web_address_is_not_called(address):
    with serving() as server, pytest.raises(Forbidden):
        open_public(address, network=server.network())

    assert server.calls == 0


def test_an_address_is_taken_apart():
    assert check("HTTPS://Bücher.Example.:443/pains/été%201.jpg?a=é") == outside.Target(
        "https", "xn--bcher-kva.example", "/pains/%C3%A9t%C3%A9%201.jpg?a=%C3%A9"
    )
    assert check("http://[2606:4700::1]").host == "2606:4700::1"
    assert check("http://shop.example?q=1#part").path == "/?q=1"


@pytest.mark.parametrize(
    "numbers",
    [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"], ["::ffff:127.0.0.1"], ["::1"], []],
)
def test_a_name_that_leads_to_us_in_any_of_its_answers_is_not_called(numbers):
    with serving() as server:
        network = Network(resolve=lambda host, port: [(number, server.port) for number in numbers])
        with pytest.raises(Forbidden):
            open_public("http://shop.example/", network=network)

    assert server.calls == 0


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_the_real_resolver_unmasks_numbers_in_disguise(host):
    with serving() as server:
        network = Network(
            resolve=lambda host, port: [(number, server.port) for number, _p in outside.resolve(host, port)]
        )
        with pytest.raises((Forbidden, Unreachable)):
            open_public(f"http://{host}/", network=network)

    assert server.calls == 0


def test_the_connection_goes_to_the_number_that_was_checked():
    asked = []

    with serving(http(b"bread")) as server, serving() as inside:

        def resolve(host, port):
            asked.append(host)
            return [("127.0.0.1", server.port if len(asked) == 1 else inside.port)]

        network = Network(resolve=resolve, allows=lambda number: True)
        with open_public("http://shop.example/bread.txt", network=network) as answer:
            body = answer.read(100)

    assert (answer.status, body) == (200, b"bread")
    assert asked == ["shop.example"]
    assert (server.calls, inside.calls) == (1, 0)
    lines = server.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /bread.txt HTTP/1.1"
    assert "Host: shop.example" in lines
    assert not [line for line in lines if line.lower().startswith(("cookie", "authorization"))]


@pytest.mark.parametrize(
    "location",
    [
        "http://inside.example/",
        "//inside.example/",
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "http://ok.example:8080/",
    ],
)
def test_a_redirect_is_checked_like_the_first_address(location):
    with serving(http(status="302 Found", Location=location)) as server, serving() as inside:

        def resolve(host, port):
            return [("localhost", server.port) if host == "ok.example" else ("127.0.0.1", inside.port)]

        network = Network(resolve=resolve, allows=lambda number: number == "localhost")
        with pytest.raises(Forbidden):
            open_public("http://ok.example/", redirects=3, network=network)

    assert (server.calls, inside.calls) == (1, 0)


def test_three_redirects_are_followed_and_not_a_fourth():
    steps = [http(status="301 Moved", Location=f"/step-{step}") for step in (1, 2, 3)]

    with (
        serving(*steps, http(b"there")) as server,
        open_public("http://shop.example/", redirects=3, network=server.network()) as answer,
    ):
        body = answer.read(10)
    with serving(steps[0]) as round_and_round, pytest.raises(Unreachable):
        open_public("http://shop.example/", redirects=3, network=round_and_round.network())

    assert body == b"there"
    assert [request.split()[1] for request in server.requests] == [b"/", b"/step-1", b"/step-2", b"/step-3"]
    assert round_and_round.calls == 4


def test_what_is_sent_to_somebody_follows_no_redirect():
    till = {"method": "POST", "body": b'{"a":1}', "headers": {"X-A": "b"}}

    with serving(http(status="307 Temporary", Location="http://elsewhere.example/")) as server:
        answer = open_public("http://till.example/hook", **till, network=server.network())
        status = answer.status
        answer.close()

    assert status == 307
    assert server.calls == 1
    assert server.requests[0].startswith(b"POST /hook HTTP/1.1\r\n")
    assert b"\r\nX-A: b\r\n" in server.requests[0]
    assert b"\r\nContent-Length: 7\r\n" in server.requests[0]


@pytest.mark.parametrize(
    "answer",
    [
        http(b"x" * 101),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 314572800\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n" + b"x" * 101,
    ],
)
def test_more_than_was_wanted_is_refused(answer):
    with (
        serving(answer) as server,
        open_public("http://shop.example/", network=server.network()) as large,
        pytest.raises(TooLarge),
    ):
        large.read(100)


@pytest.mark.parametrize(
    "answer",
    [http(b"x" * 100), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + b"x" * 100 + b"\r\n0\r\n\r\n"],
)
def test_as_much_as_was_wanted_is_read(answer):
    with serving(answer) as server, open_public("http://shop.example/", network=server.network()) as fitting:
        assert fitting.read(100) == b"x" * 100


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_an_answer_that_breaks_off_is_no_answer(answer):
    with (
        serving(answer) as server,
        open_public("http://shop.example/", network=server.network()) as broken,
        pytest.raises(Unreachable),
    ):
        broken.read(100)


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"\x00" * 70_000]
)
def test_what_does_not_speak_the_language_of_the_web_is_unreachable(answer):
    with serving(answer) as server, pytest.raises(Unreachable):
        open_public("http://shop.example/", network=server.network())


@pytest.mark.parametrize("location", ["http://[", "http://[x]/", "//a\u2100b/"])
def test_a_redirect_to_nowhere_is_not_followed(location):
    answer = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode()

    with serving(answer) as server, pytest.raises(Forbidden):
        open_public("http://shop.example/", redirects=3, network=server.network())

    assert server.calls == 1


def test_nobody_at_home_is_unreachable():
    with serving() as gone:
        pass

    with pytest.raises(Unreachable):
        open_public("http://shop.example/", network=gone.network())


@pytest.mark.parametrize(
    "drip", [b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_a_server_that_drips_is_left_at_the_deadline(drip):
    """One byte after the other would go on for hours: each is in time, all of them are not."""
    over = threading.Event()

    def answer(line):
        line.sendall(drip)
        while not over.wait(0.02):
            line.sendall(drip if b"100" in drip else b"x")

    with serving(answer) as server:
        with pytest.raises(TooSlow), open_public("http://shop.example/", seconds=0.4, network=server.network()) as slow:
            slow.read(1_000_000)
        over.set()


def test_a_server_that_takes_the_call_and_is_silent_is_left():
    over = threading.Event()

    with serving(lambda line: over.wait(10)) as server:
        for scheme in ("http", "https"):
            with pytest.raises(Unreachable):
                open_public(f"{scheme}://shop.example/", seconds=0.2, network=server.network())
        over.set()


def test_encrypted_lines_are_for_the_name_and_not_for_the_number(tmp_path):
    authority, chain = _certificate("shop.example", tmp_path)
    seen = []

    def answer(line):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        context.sni_callback = lambda sock, name, ctx: seen.append(name)
        with context.wrap_socket(line, server_side=True, do_handshake_on_connect=False) as safe:
            safe.do_handshake()
            safe.recv(65536)
            safe.sendall(http(b"bread"))

    def certificates():
        return ssl.create_default_context(cadata=authority)

    with serving(answer, listens=False) as server:
        with open_public("https://shop.example/", network=server.network(certificates=certificates)) as right:
            body = right.read(100)
        for wrong in ("https://other.example/", "https://127.0.0.1/"):
            with pytest.raises(Unreachable):
                open_public(wrong, network=server.network(certificates=certificates))
        with pytest.raises(Unreachable):
            open_public("https://shop.example/", network=server.network())  # nobody vouches for the authority

    assert body == b"bread"
    assert seen[:2] == ["shop.example", "other.example"]


def _certificate(host: str, folder) -> tuple[str, str]:
    """An authority that signed itself, as PEM, and the file of a chain for `host`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = folder / "chain.pem"
    chain.write_bytes(pem + private)
    return pem.decode(), str(chain)
