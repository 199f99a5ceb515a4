"""Which addresses belong together where attempts are counted."""

import ipaddress

IPV6_PREFIX = 64
"""One household or server has a whole /64: single addresses in it are no limit to anybody."""


def network_of(address: str) -> str:
    """The network that an IPv6 address is counted as; any other address as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return address
