"""Kinds 107 to 119: requests for readers' pages, written byte by byte."""

from urllib.parse import quote

from tests.attack.kinds import SOUND, Target, Tries, kind

PAGES = ("/articles/1/", "/tags/{}/", "/search/?q={}", "/archive/{}/", "/sources/{}/", "/feeds/{}.xml", "/{}/")


@kind(107, "bytes that are no text in an address")
def bytes_in_addresses(target: Target) -> Tries:
    for bad in ("%00", "%ff%fe", "%c0%ae", "%ed%a0%80", "%f5%80%80%80", "%e3%81", "a%00b"):
        for page in PAGES:
            yield target.line(f"GET {page.replace('{}', bad)} HTTP/1.1".encode())


@kind(108, "very long addresses")
def long_addresses(target: Target) -> Tries:
    for length in (300, 8_000, 70_000):
        for letter in ("a", "%E6%B8%AF"):
            yield target.line(f"GET /tags/{letter * (length // len(letter))}/ HTTP/1.1".encode())


@kind(109, "broken and double escapes")
def escapes(target: Target) -> Tries:
    for bad in ("%zz", "%", "%4", "%2570", "%252e%252e", "%u6E2F", "%25%32%35"):
        for page in PAGES:
            yield target.line(f"GET {page.replace('{}', bad)} HTTP/1.1".encode())


@kind(110, "ways out of the folder")
def traversal(target: Target) -> Tries:
    for bad in (
        "/../../etc/passwd",
        "/static/../newsdesk/settings.py",
        "/static/%2e%2e/%2e%2e/.env",
        "/static/..%5c..%5c.env",
        "/media/....//....//.env",
        "/static//etc/passwd",
        "/.env",
        "/.git/config",
        "/var/newsdesk.sqlite3",
        "/site.sqlite3",
        "/static/admin/../../manage.py",
    ):
        came = target.line(f"GET {bad} HTTP/1.1".encode())
        yield "a file was sent" if came == SOUND else came


@kind(111, "odd numbers and places of pages")
def numbers(target: Target) -> Tries:
    odd = ("0", "-1", "9223372036854775808", "9" * 5_000, "１", "1e9", "0x1", "", "None", "1.5", " 1", "٣")
    for each in odd:
        value = quote(each)
        for page in ("/?before={}", "/?after={}", "/?page={}", "/feeds/rss.xml?before={}", "/search/?q=a&page={}"):
            yield target.get(page.replace("{}", value))
        yield target.get(f"/articles/{value}/")
        yield target.get(f"/archive/{value}/03/")
        yield target.get(f"/stories/{value}/")


@kind(112, "searches that are long, or mean something to an engine")
def searches(target: Target) -> Tries:
    words = (
        "a" * 60_000,
        "港" * 3_000,
        '"',
        '"港',
        "港 OR",
        "NEAR(港 船)",
        "title:港",
        "* *",
        "港*",
        "-港",
        "^港",
        "(((((",
        "'; DROP TABLE articles_article; --",
        "%' OR 1=1",
        "\\",
        "港 & !",
        "<->",
        ":*",
        "\x01\x02",
        "a\x00b",
        "\ue000",
        "　",
        "NULL",
        "{港}",
        "港 AND NOT 港",
        "あ" * 199 + " " + "い",
    )
    for word in words:
        yield target.get(f"/search/?q={quote(word)}")
        yield target.get(f"/search/?q=a&tag={quote(word[:500])}&month={quote(word[:500])}&host={quote(word[:500])}")


@kind(113, "a thousand parameters, and the same one again and again")
def parameters(target: Target) -> Tries:
    for path in ("/", "/search/", "/feeds/rss.xml", "/articles/1/"):
        yield target.get(path + "?" + "&".join(f"p{number}=1" for number in range(1_001)))
        yield target.get(path + "?" + "&".join("q=a" for _ in range(1_001)))
        yield target.get(path + "?" + "=" * 500 + "&&&;;;")


@kind(114, "orders and filters that there are not")
def filters(target: Target) -> Tries:
    for name in (
        "o",
        "order",
        "sort",
        "filter",
        "e",
        "_popup",
        "password__startswith",
        "created_by__password",
        "q__in",
    ):
        for path in ("/", "/search/", "/tags/", "/admin/articles/article/"):
            yield target.get(f"{path}?{name}=x", "editor")


@kind(115, "ways to lead somebody elsewhere")
def redirects(target: Target) -> Tries:
    elsewhere = (
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "%0d%0aX-A:b",
        "///evil.example",
    )
    for bad in elsewhere:
        for path in ("/admin/login/?next={}", "/admin/?next={}", "/?next={}", "/search/?next={}", "/{}"):
            browser = target.browsers["anonymous"]
            answer = browser.ask("GET", path.replace("{}", quote(bad, safe="/:%\\")))
            place = answer.headers.get("Location", "")
            leads = (
                "evil" in place.partition("?")[0] or place.startswith(("//", "javascript")) or answer.headers.get("X-A")
            )
            yield f"leads to {place}" if leads else SOUND if answer.status < 500 else f"status {answer.status}"


@kind(116, "headers that must not change what others get")
def headers(target: Target) -> Tries:
    clean = target.browsers["anonymous"].ask("GET", "/").content
    odd = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Original-URL": "/admin/",
        "X-Rewrite-URL": "/admin/",
        "Forwarded": "host=evil.example",
        "X-HTTP-Method-Override": "DELETE",
        "Accept-Language": "en",
        "Cookie": "sessionid=x; csrftoken=y; django_language=en",
        "Accept": "application/json",
        "Range": "bytes=0-1",
        "X-Front-Cache": "1",
        "X-Front-Adds": "Content-Security-Policy",
        "Origin": "https://evil.example",
    }
    for name, value in odd.items():
        target.get("/", headers={name: value})
        after = target.browsers["anonymous"].ask("GET", "/")
        yield SOUND if after.content == clean and "Set-Cookie" not in after.headers else f"{name} changed the page"


@kind(117, "hosts that are not ours")
def hosts(target: Target) -> Tries:
    for host in (
        b"evil.example",
        b"news.example:80:80",
        b"",
        b"news.example.evil",
        b"[::1",
        b"a" * 5_000,
        b"news.example\x00",
    ):
        request = b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
        yield target.raw(request)
    yield target.raw(b"GET http://evil.example/ HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n")
    yield target.raw(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")


@kind(118, "ranges, dates and validators that mean nothing")
def validators(target: Target) -> Tries:
    for name, values in {
        "Range": ("bytes=9-1", "bytes=-", "lines=1", "bytes=" + "0-1," * 2_000),
        "If-Modified-Since": ("yesterday", "Thu, 01 Jan 9999 00:00:00 GMT", "0", "Thu, 32 Foo 2026 99:99:99 GMT"),
        "If-None-Match": ("*", '"', 'W/"', "a" * 9_000, '"a"' * 500),
        "Accept-Encoding": ("gzip;q=x", "br;q=99", "*;q=0", "," * 3_000),
        "Content-Length": ("-1", "x", "99999999999999999999"),
    }.items():
        for value in values:
            for path in ("/", "/feeds/atom.xml", "/articles/1/"):
                yield target.line(f"GET {path} HTTP/1.1".encode(), f"{name}: {value}".encode())


@kind(119, "methods and ways to speak that nobody uses")
def methods(target: Target) -> Tries:
    for method in ("TRACE", "CONNECT", "DELETE", "PUT", "PATCH", "PROPFIND", "POST", "get", "A" * 300, "GET\tX"):
        yield target.line(f"{method} / HTTP/1.1".encode())
        yield target.line(f"{method} /admin/ HTTP/1.1".encode())
    host = b"Host: news.example\r\n"
    for request in (
        b"POST / HTTP/1.1\r\n"
        + host
        + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabcde",
        b"GET /\r\n\r\n",
        b"GET / HTTP/9.9\r\n" + host + b"\r\n",
        b"\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\n" + host.replace(b"\r", b"") + b"Connection: close\n\n",
        b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + host + b"".join(b"X%d: 1\r\n" % number for number in range(2_000)) + b"\r\n",
        b"GET / HTTP/1.1\r\n" + host + b" folded: x\r\nBad Header: x\r\nConnection: close\r\n\r\n",
    ):
        yield target.raw(request)
