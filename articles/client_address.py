"""Where a request comes from, as far as that can be believed."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever asks; None where it is not known (a socket of this machine, a command).

    With BEHIND_PROXY it is the last that X-Forwarded-For names: what stands before it was sent by the asker.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or said
    try:
        address = ip_address(said)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def network(request: HttpRequest) -> str:
    """The network whose guesses are counted together: the address; of IPv6 the /64 that one household has."""
    address = client_address(request)
    if address is None or ":" not in address:
        return address or ""
    return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
