"""What runs on this computer is asked directly, whatever proxy the network has."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

HOME = ("127.0.0.1", "localhost")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def spare_loopback() -> None:
    """Add this computer to the hosts that are asked without a proxy, in this process and below.

    NO_PROXY is written in either case, and programs differ in which they read: what each holds
    stays, and one that is missing or empty becomes like the other.
    """
    lower = os.environ.get("no_proxy", "")
    upper = os.environ.get("NO_PROXY", "")
    for name, value in (("no_proxy", lower or upper), ("NO_PROXY", upper or lower)):
        hosts = [host.strip() for host in value.split(",") if host.strip()]
        if "*" not in hosts:
            hosts += [host for host in HOME if host not in hosts]
        os.environ[name] = ",".join(hosts)


@contextmanager
def directly() -> Iterator[None]:
    """Hide all proxies for a while, for a library that trips over one that it would not even use.

    httpx reads all of them for whatever it asks: it wants one more package for a SOCKS proxy, and
    raises on hosts in NO_PROXY that it cannot read.
    """
    names = {name for name in os.environ if name.lower() in (*PROXIES, "no_proxy")}
    kept = {name: os.environ.pop(name) for name in names}
    os.environ["NO_PROXY"] = "*"  # or macOS and Windows would give those of their settings
    try:
        yield
    finally:
        os.environ.pop("NO_PROXY", None)
        os.environ.update(kept)
