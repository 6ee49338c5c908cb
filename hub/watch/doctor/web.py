"""The board: does `web` answer here, and is what it shows of now."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from hub.kit.settings import Settings
from hub.watch.doctor.finding import Finding, first_line, found

PATIENCE_S: Final = 5.0
ANY: Final = ("0.0.0.0", "::", "")  # noqa: S104  where it listens, not where we do


def look(settings: Settings, now: datetime) -> Iterator[Finding]:  # noqa: ARG001  the board has its own
    """The nearest `web`."""
    host = "127.0.0.1" if settings.host in ANY else settings.host
    url = f"http://{host}:{settings.port}"
    try:
        _get(f"{url}/readyz")
        yield judge(url, _get(f"{url}/api/v1/density"))
    except urllib.error.HTTPError as error:
        error.close()
        code = "web.not_ready" if error.code == 503 else "web.strange"
        yield found(code, url=url, status=error.code)
    except (OSError, ValueError) as error:
        yield found("web.away", url=url, reason=first_line(getattr(error, "reason", error)))


def judge(url: str, board: dict[str, Any]) -> Finding:
    """Whether anything on the board is of now."""
    zones = [zone for site in board["sites"] for zone in site["zones"]]
    late = [zone["key"] for zone in zones if zone["stale"]]
    told = {"url": url, "zones": len(zones), "late": len(late), "keys": ", ".join(late[:5])}
    if not zones:
        return found("web.empty", **told)
    return found("web.stale" if late else "web.ok", **told)


def _get(url: str) -> Any:
    if not url.startswith("http://"):
        raise ValueError(f"{url} is no address of web")
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310  checked above
        return json.load(answer)
