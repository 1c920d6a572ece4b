"""What protects every answer: headers, the checks of Origin and Host, limits by address."""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sanic import HTTPResponse, Request, Sanic

from bot.settings import LOOPBACK, Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# What the pages of the shop may use.
SHARED = ("/api/v1/", "/widget/")
ASKED_AGAIN_SECONDS = 600
_REMEMBERED_ADDRESSES = 10_000


class OriginRefused(Exception):
    """The request comes from a page of a site that may not make it."""


class HostRefused(Exception):
    """The request is for a name that is not this product's, as after DNS rebinding."""


def secure(app: Sanic[Any, Any], settings: Settings) -> None:
    """Check where writing requests come from, and give every answer its headers."""

    @app.on_request
    async def check_origin(request: Request) -> HTTPResponse | None:
        refuse_foreign_host(request, settings)
        shared = request.path.startswith(SHARED)
        if request.method in _UNSAFE_METHODS or shared or "upgrade" in request.headers:
            refuse_foreign_origin(request, settings)
        # A browser asks first whether a page of another site may; the headers below tell it.
        return HTTPResponse(status=204) if request.method == "OPTIONS" and shared else None

    @app.on_response  # type: ignore[untyped-decorator]
    async def add_headers(request: Request, response: HTTPResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # Files are asked for again each time, so that no window mixes old and new modules.
        is_file = request.path.startswith(("/widget/", "/static/"))
        response.headers.setdefault("Cache-Control", "no-cache" if is_file else "no-store")
        if request.path.startswith(SHARED):
            _share(request, response, settings)


def _share(request: Request, response: HTTPResponse, settings: Settings) -> None:
    """Let the pages of the shop read the answer, and no others."""
    vary = response.headers.get("Vary")
    response.headers["Vary"] = f"{vary}, Origin" if vary else "Origin"
    if request.path.startswith("/widget/"):
        # Scripts and styles, the same for all: also for a shop that isolates its pages.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    origin = request.headers.get("origin")
    if origin is None or origin.lower() not in settings.origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        response.headers["Access-Control-Max-Age"] = str(ASKED_AGAIN_SECONDS)


def refuse_foreign_origin(request: Request, settings: Settings) -> None:
    """Raise OriginRefused for a page of another site.

    A request without an Origin does not come from a page; its token decides.
    """
    origin = request.headers.get("origin")
    if origin is None or origin.lower() in own_origins(request, settings):
        return
    # "null" stands for any page that hides where it is from.
    if origin.lower() not in settings.origins or not request.path.startswith(SHARED):
        raise OriginRefused(origin)


def refuse_foreign_host(request: Request, settings: Settings) -> None:
    """Raise HostRefused where only this machine is served and another name is asked for.

    A page whose name its owner points at 127.0.0.1 is of the same origin as what answers there;
    only the name it asks for gives it away.
    """
    if settings.public_url or not settings.on_loopback:
        return
    host = request.headers.get("host")
    if host and _name_in(host) not in {*LOOPBACK, settings.host}:
        raise HostRefused(host)


def own_origins(request: Request, settings: Settings) -> frozenset[str]:
    """The origins of our own pages: the public address, or else the address that is asked.

    Without a public address, names other than this machine's own are nobody's: whoever owns one
    could point it here.
    """
    if settings.public_url:
        public = urlsplit(settings.public_url)
        return frozenset({f"{public.scheme}://{public.netloc}".lower()})
    host = request.headers.get("host", "").lower()
    if _name_in(host) in {*LOOPBACK, settings.host} or _is_address(_name_in(host)):
        return frozenset({f"http://{host}", f"https://{host}"})
    return frozenset()


def _name_in(host: str) -> str:
    """A Host header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class AddressLimit:
    """At most so many of something from one address in any minute."""

    def __init__(self, per_minute: int, clock: Callable[[], datetime]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._recent: OrderedDict[str, deque[datetime]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Count one more, and tell whether it is still within the limit."""
        now = self._clock()
        times = self._recent.setdefault(address, deque())
        self._recent.move_to_end(address)
        while times and times[0] <= now - timedelta(minutes=1):
            times.popleft()
        if len(self._recent) > _REMEMBERED_ADDRESSES:
            self._recent.popitem(last=False)
        if len(times) >= self._per_minute:
            return False
        times.append(now)
        return True
