"""What Prometheus reads of one process, on a port of its own: never on the one people use."""

import threading
from collections.abc import Callable, Iterable
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import REGISTRY, CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from hub.kit.settings import Settings, SettingsError

BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class _Quiet(WSGIRequestHandler):
    """Scrapes are not events."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its base's name
        """Say nothing."""


def serve(
    settings: Settings,
    registry: CollectorRegistry = REGISTRY,
    before: Callable[[], object] = lambda: None,
) -> None:
    """Answer `/metrics` until the process ends, where a port was named. `before` each answer.

    Raises:
        SettingsError: the port is taken, or the address is not ours.
    """
    if settings.metrics_port is None:
        return
    answer = make_wsgi_app(registry)

    def fresh(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        before()
        return answer(environ, start_response)

    try:
        server = make_server(
            settings.metrics_host,
            settings.metrics_port,
            fresh,
            server_class=ThreadingWSGIServer,
            handler_class=_Quiet,
        )
    except OSError as error:
        raise SettingsError(
            f"HUB_METRICS_HOST, HUB_METRICS_PORT: {settings.metrics_host}:{settings.metrics_port}"
            f" cannot be listened on ({error.strerror}). Give each process a port of its own."
        ) from error
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
