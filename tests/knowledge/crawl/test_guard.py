from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from knowledge.crawl.addresses import AddressRules
from knowledge.crawl.guard import Fetched, GuardedClient, Order
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.settings import Timeouts
from tests.knowledge.crawl.fake_site import Answer, FakeSite, Script, moved

QUICK = Timeouts(connect=1.0, silence=0.4, total=0.8)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "0177.1", "127.0.0.1.", "127.0.0.2", "127.255.255.254", "①②⑦.⓪.⓪.①", "①②⑦.0.0.1", "１２７.0.0.1", "127。0。0。1",
    "0.0.0.0", "0", "00.0.0.0", "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost",  # noqa: S104  an address that must be refused
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]",
    "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[fe80::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[2001:0:1::1]", "10.0.0.1", "172.16.0.1",
    "192.168.0.1", "169.254.169.254", "100.100.100.200", "198.18.0.1", "192.0.2.1", "203.0.113.5", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "%31%32%37.0.0.1", "127.0.0.1%00.example.com", "user@127.0.0.1",
    "example.com@127.0.0.1", "127.0.0.1\\@example.com", "[::1", "127.0.0.1 .example.com", "a..b", "-",
)  # fmt: skip
"""Ways to write an address that must not be reached."""
OTHER_SCHEMES = (
    "file:///etc/passwd", "gopher://127.0.0.1/x", "ftp://127.0.0.1/", "data:text/html,hi", "javascript:alert(1)",
    "ws://127.0.0.1/", "redis://127.0.0.1/", "dict://127.0.0.1/", "//", "http://", "http://:80/", "http:",
    "blob:http://127.0.0.1/1", "view-source:http://127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1:-1/",
)  # fmt: skip


@pytest.fixture
async def trap() -> AsyncIterator[FakeSite]:
    async with FakeSite(otherwise=Answer(body=b"<p>secret</p>")) as site:
        yield site


class Names(AbstractResolver):
    """A name server that says what the test wants; a list of lists gives one answer after the other."""

    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        answers = self._names.get(host)
        if not answers:
            raise OSError("no such name")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [self._found(host, port, address) for address in addresses]

    async def close(self) -> None:
        return None

    def _found(self, host: str, port: int, address: str) -> ResolveResult:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)


async def fetched(url: str, rules: AddressRules, order: Order | None = None, **more: AbstractResolver) -> Fetched:
    async with GuardedClient(agent="FrontdeskBot/test", rules=rules, timeouts=QUICK, **more) as client:
        return await client.fetch(url, order or Order())


async def reason_of(url: str, rules: AddressRules, order: Order | None = None, **more: AbstractResolver) -> Reason:
    with pytest.raises(Unfetched) as caught:
        await fetched(url, rules, order, **more)
    return caught.value.reason


def only(site: FakeSite, *others: FakeSite) -> AddressRules:
    """The address rules as they are, with one site of this machine opened and nothing hidden by the port rule."""
    ports = frozenset({80, 443, site.port, *(other.port for other in others)})
    return AddressRules(ports=ports, open_to=frozenset({("127.0.0.1", site.port)}))


async def test_that_no_spelling_of_a_forbidden_address_is_connected_to(trap: FakeSite) -> None:
    rules = AddressRules(ports=frozenset({80, 443, trap.port}))
    reasons = [await reason_of(f"http://{host}:{trap.port}/", rules) for host in SPELLINGS]
    assert trap.connections == 0
    assert len(SPELLINGS) >= 45
    assert set(reasons) <= {Reason.PRIVATE_ADDRESS, Reason.ADDRESS, Reason.NO_SUCH_HOST, Reason.USERINFO}


async def test_that_no_redirect_leads_to_a_forbidden_address(trap: FakeSite) -> None:
    async with FakeSite() as site:
        for number, host in enumerate(SPELLINGS):
            site.pages[f"/{number}"] = _bytes_redirect(f"http://{host}:{trap.port}/")
        for number in range(len(SPELLINGS)):
            await reason_of(f"{site.url}/{number}", only(site, trap))
        assert len(site.log) == len(SPELLINGS)
    assert trap.connections == 0


def _bytes_redirect(to: str) -> bytes:
    return b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " + to.encode() + b"\r\n\r\n"


@pytest.mark.parametrize("address", OTHER_SCHEMES)
async def test_that_only_http_with_a_host_is_fetched_or_followed(address: str) -> None:
    wanted = {Reason.SCHEME, Reason.ADDRESS, Reason.PORT, Reason.PRIVATE_ADDRESS, Reason.REDIRECTS}
    assert await reason_of(address, AddressRules()) in wanted
    async with FakeSite({"/": _bytes_redirect(address)}) as site:
        assert await reason_of(site.url, only(site)) in wanted


async def test_that_a_name_for_a_private_address_is_refused(trap: FakeSite) -> None:
    rules = AddressRules(ports=frozenset({trap.port}))
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "64:ff9b::7f00:1"):
        names = Names({"inside.example": [[address]]})
        assert await reason_of(f"http://inside.example:{trap.port}/", rules, resolver=names) is Reason.PRIVATE_ADDRESS
    assert trap.connections == 0


async def test_that_rebinding_is_caught_when_the_socket_is_opened() -> None:
    async with FakeSite({"/": Answer(body=b"<p>hi</p>")}) as site:
        names = Names({"rebind.example": [["127.0.0.1"], ["127.0.0.2"]]})
        url = f"http://rebind.example:{site.port}/"
        assert (await fetched(url, only(site), resolver=names)).body == b"<p>hi</p>"
        assert await reason_of(url, only(site), resolver=names) is Reason.PRIVATE_ADDRESS
        assert site.connections == 1


async def test_that_of_several_addresses_only_the_open_ones_are_tried() -> None:
    async with FakeSite({"/": Answer(body=b"<p>hi</p>")}) as site:
        names = Names({"both.example": [["::1", "10.0.0.1", "127.0.0.1"]]})
        answer = await fetched(f"http://both.example:{site.port}/", only(site), resolver=names)
    assert answer.body == b"<p>hi</p>"


async def test_that_every_redirect_is_admitted_and_five_are_followed() -> None:
    admitted: list[str] = []

    async def admit(url: str) -> None:
        admitted.append(url.rpartition("/")[2])

    async with FakeSite({f"/{number}": moved(f"/{number + 1}") for number in range(6)}) as site:
        site.pages["/6"] = site.pages["/5b"] = Answer(body=b"end")
        assert await reason_of(f"{site.url}/0", only(site), Order(admit=admit)) is Reason.REDIRECTS
        assert admitted == ["0", "1", "2", "3", "4", "5"]
        assert (await fetched(f"{site.url}/1", only(site))).url.endswith("/6")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (Answer(body=b"x" * 50, drip=0.1), Reason.TIMEOUT),  # a tarpit
        (Answer(body=b"hi", length=5_000), Reason.BROKEN_OFF),
        (Answer(silent=True), Reason.TIMEOUT),
        (HEAD + b"Content-Length: -5\r\n\r\nhi", Reason.BROKEN_ANSWER),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi", Reason.BROKEN_ANSWER),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nhi", Reason.BROKEN_ANSWER),
        (HEAD + b"Set-Cookie: a=" + b"x" * 1_000_000 + b"\r\n\r\nhi", Reason.HEADERS),
        (HEAD + b"".join(b"X-%d: a\r\n" % number for number in range(5_000)) + b"\r\nhi", Reason.HEADERS),
        (HEAD + b"X: " + b"y" * 20_000 + b"\r\n\r\nhi", Reason.HEADERS),
        (b"", Reason.BROKEN_OFF),
        (b"\x16\x03\x01 nonsense\r\n\r\n", Reason.BROKEN_ANSWER),
        (b"<html>hi</html>", Reason.BROKEN_ANSWER),
        (Answer(body=b"hi", headers={"Content-Encoding": "br"}), Reason.ENCODING),
        (Answer(body=b"hi", headers={"Content-Encoding": "gzip, gzip"}), Reason.ENCODING),
        (Answer(body=b"no gzip at all", headers={"Content-Encoding": "gzip"}), Reason.ENCODING),
        (
            Answer(body=gzip.compress(b"<br>" * 5_000_000), headers={"Content-Encoding": "gzip"}),
            Reason.BOMB,
        ),
        (Answer(body=b"%PDF-1.7 ..."), Reason.NOT_HTML),
        (Answer(body=b"\x89PNG\r\n\x1a\n"), Reason.NOT_HTML),
        (Answer(body=b"{}", headers={"Content-Type": "application/json"}), Reason.NOT_HTML),
        (Answer(status=403), Reason.STATUS),
        (Answer(status=500), Reason.STATUS),
        (Answer(status=429, headers={"Retry-After": "7"}), Reason.SLOW_DOWN),
        (Answer(status=302), Reason.STATUS),
        (_bytes_redirect("http://[bad"), Reason.ADDRESS),
        (_bytes_redirect("\ufffd\x00"), Reason.BROKEN_ANSWER),
        (moved("/"), Reason.REDIRECTS),
        (moved("/" + "a" * 5_000), Reason.ADDRESS),
    ],
)
async def test_that_a_bad_answer_has_a_reason(script: Script, reason: Reason) -> None:
    async with FakeSite({"/": script}) as site:
        assert await reason_of(f"{site.url}/", only(site), Order(html_only=True)) is reason


async def test_that_long_and_endless_bodies_are_cut() -> None:
    async with FakeSite({"/long": Answer(body=b"x" * 10_000_000), "/endless": Answer(endless=True)}) as site:
        for path in ("/long", "/endless"):
            answer = await fetched(f"{site.url}{path}", only(site), Order(limit=100_000))
            assert (len(answer.body), answer.cut) == (100_000, True)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda data: zlib.compress(data, wbits=-15)])
async def test_that_packed_bodies_are_unpacked(pack: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if pack is gzip.compress else "deflate"
    text = b"<p>" + bytes(range(256)) * 40
    async with FakeSite({"/": Answer(body=pack(text), headers={"Content-Encoding": encoding})}) as site:
        assert (await fetched(f"{site.url}/", only(site))).body == text


async def test_that_no_cookie_is_kept_and_no_proxy_used(monkeypatch: pytest.MonkeyPatch, trap: FakeSite) -> None:
    monkeypatch.setenv("http_proxy", trap.url)
    async with FakeSite({"/": Answer(body=b"a", headers={"Set-Cookie": "id=1"})}) as site:
        async with GuardedClient(agent="FrontdeskBot/test", rules=only(site)) as client:
            await client.fetch(site.url, Order())
            await client.fetch(site.url, Order())
        assert [one.headers.get("cookie") for one in site.log] == [None, None]
        assert site.log[0].headers["user-agent"] == "FrontdeskBot/test"
    assert trap.connections == 0


async def test_that_nothing_is_read_beyond_the_declared_length() -> None:
    async with FakeSite({"/": HEAD + b"Content-Length: 2\r\n\r\nhi and more"}) as site:
        try:
            body = (await fetched(f"{site.url}/", only(site))).body
        except Unfetched as failure:
            body = failure.reason.value.encode()
    assert body in {b"hi", b"broken_answer"}


async def test_that_a_closed_port_has_a_reason() -> None:
    async with FakeSite() as site:
        port = site.port
    assert await reason_of(f"http://127.0.0.1:{port}/", AddressRules(private=True)) is Reason.CONNECTION


async def test_that_a_client_outside_its_context_says_so() -> None:
    client = GuardedClient(agent="x", rules=AddressRules())
    with pytest.raises(TypeError, match="async with"):
        await client.fetch("https://shop.example/", Order())
