"""Files sent at the desk, as a browser sends them."""

from types import SimpleNamespace

from tests.drills.people import Browser

BOUNDARY = b"an-attack-of-files"


def send(browser: Browser, path: str, values: dict[str, str], field: str, name: str, data: bytes) -> SimpleNamespace:
    """Post a form with one file (RFC 7578)."""
    values = {"csrfmiddlewaretoken": browser.cookies.get("csrftoken", ""), **values}
    parts = [
        b"--" + BOUNDARY + f'\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in values.items()
    ]
    head = f'\r\nContent-Disposition: form-data; name="{field}"; filename="'.encode()
    quoted = name.encode(errors="surrogatepass").replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
    parts += [
        b"--" + BOUNDARY + head + quoted + b'"\r\nContent-Type: application/octet-stream\r\n\r\n' + data + b"\r\n"
    ]
    body = b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"
    return browser.ask("POST", path, body, Content_Type="multipart/form-data; boundary=" + BOUNDARY.decode())
