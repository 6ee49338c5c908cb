"""An office whose parts meet over roads: nodes and broker, ingest and broker, hub and database."""

import re
from pathlib import Path
from typing import Any, Final

from tests.system.office.office import Office
from tests.system.office.road import FAIR, Road

PG_PORT: Final = 5432  # of which a Unix socket has its name


class Networked(Office):
    """As `Office`, with `roads` between its parts: "nodes", "hub" and "database"."""

    def __init__(self, folder: Path, *, seed: int = 1, **told: Any) -> None:
        super().__init__(folder, seed=seed, **told)
        self.roads: dict[str, Road] = {}
        self._seed = seed

    def mend(self) -> None:
        """All roads are fair again; what was swallowed stays so."""
        for road in self.roads.values():
            road.weather = FAIR

    def hub_environment(self) -> dict[str, str]:
        told = super().hub_environment()
        told["HUB_BROKER_URL"] = self._over("hub", told["HUB_BROKER_URL"])
        return told | {"HUB_DATABASE_DSN": self._database_dsn(told["HUB_DATABASE_DSN"])}

    def node_environment(self, node: str, data_dir: Path) -> dict[str, str]:
        told = super().node_environment(node, data_dir)
        return told | {"EDGE_BROKER_URL": self._over("nodes", told["EDGE_BROKER_URL"])}

    def _over(self, name: str, url: str) -> str:
        if name not in self.roads:
            to = (self.broker.broker.host, self.broker.broker.port)
            self.roads[name] = Road(to, mqtt=True, seed=self._seed).open()
        return re.sub(r":\d+$", f":{self.roads[name].port}", url)

    def _database_dsn(self, dsn: str) -> str:
        sockets = self.database.server.place.sockets
        here = sockets / "road"
        if "database" not in self.roads:
            here.mkdir(exist_ok=True)
            name = f".s.PGSQL.{PG_PORT}"
            road = Road(sockets / name, at=here / name, mqtt=False, seed=self._seed)
            self.roads["database"] = road.open()
        return dsn.replace(str(sockets), str(here))

    def _end(self) -> None:
        super()._end()
        for road in self.roads.values():
            road.close()
