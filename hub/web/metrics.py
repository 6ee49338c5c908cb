"""What Prometheus reads: requests, streams, and how old the newest count is."""

import time
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from hub.density.board import Board
from hub.kit.metrics import BUCKETS_S

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """One registry for one application, so that tests may make many."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "cheongsa_http_requests", "Requests answered.", ["route", "method", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.request_s = Histogram(
            "cheongsa_http_request_seconds", "From request to the whole answer; streams left out.",
            ["route"], registry=self.registry, buckets=BUCKETS_S,
        )  # fmt: skip
        self.board_s = Histogram(
            "cheongsa_board_read_seconds", "Reading and working out one board.",
            registry=self.registry, buckets=BUCKETS_S,
        )  # fmt: skip
        self.streams = Gauge(
            "cheongsa_streams", "Live streams open in this process.", registry=self.registry
        )
        self.streams_max = Gauge(
            "cheongsa_streams_max", "As many it lets in.", registry=self.registry
        )
        self.refused = Counter(
            "cheongsa_streams_refused", "Clients sent away: no room.", registry=self.registry
        )
        self.events = Counter(
            "cheongsa_stream_events", "Events sent, over all streams.", registry=self.registry
        )
        self.coalesced = Counter(
            "cheongsa_stream_events_coalesced", "Events a slow client missed for a newer one.",
            registry=self.registry,
        )  # fmt: skip
        self.dropped = Counter(
            "cheongsa_streams_dropped", "Streams ended because the client stopped reading.",
            registry=self.registry,
        )  # fmt: skip
        self.zones = Gauge(
            "cheongsa_zones", "Zones by site and state.", ["site", "state"], registry=self.registry
        )
        self.nodes_online = Gauge(
            "cheongsa_nodes_online", "Nodes that say they are online.", ["site"],
            registry=self.registry,
        )  # fmt: skip
        self.last_sample_age_s = Gauge(
            "cheongsa_last_sample_age_seconds", "Age of the newest count, by site.", ["site"],
            registry=self.registry,
        )  # fmt: skip

    def saw(self, board: Board) -> None:
        """Take the gauges from a board."""
        self.zones.clear()
        self.last_sample_age_s.clear()
        self.nodes_online.clear()
        for site in board.sites:
            self.nodes_online.labels(site.site).set(sum(node.online for node in site.nodes))
            for zone in site.zones:
                self.zones.labels(site.site, zone.state).inc()
            if ends := [zone.observed_at for zone in site.zones if zone.observed_at]:
                newest_s = max(ends).timestamp()  # it ages while nobody reads the board again
                age_s = self.last_sample_age_s.labels(site.site)
                age_s.set_function(partial(_since, newest_s))

    def answered(self, route: str, method: str, status: int, started_s: float) -> None:
        """Count one request that began at the monotonic time `started_s`."""
        self.requests.labels(route, method, str(status)).inc()
        self.request_s.labels(route).observe(time.monotonic() - started_s)

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self.registry)


def _since(at_s: float) -> float:
    return time.time() - at_s
