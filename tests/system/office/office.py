"""The office as a whole: what it is made of, and how it begins and ends."""

import json
import random
import shutil
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypedDict

from hub import standalone
from hub.devices import site as sites
from hub.kit.embedded.broker import HUB_USER
from tests.system.office import verdict
from tests.system.office.ledger import Ledger
from tests.system.office.onlooker import Onlooker
from tests.system.office.part import Part, Program
from tests.system.office.recovery import Recovery
from tests.system.office.servers import BrokerPart, Database
from tests.system.office.verdict import Verdict

SITE: Final = "office"
ZONES: Final = ("queue", "seats")
ROOT: Final = Path(__file__).parents[3]
READY_PATIENCE_S: Final = 300.0  # a machine with other work to do
SETTLED_PATIENCE_S: Final = 180.0


class Few(TypedDict):
    """How many of each there are in a small office."""

    cameras: int
    senders: int
    nodes_each: int
    webs: int
    workers: int
    ingests: int


ONE_OF_EACH: Final[Few] = {
    "cameras": 0,
    "senders": 1,
    "nodes_each": 1,
    "webs": 1,
    "workers": 0,
    "ingests": 1,
}


class Office:
    """Everything runs inside the `with`; nothing is left after it.

    Args:
        folder: an empty folder for data, logs and books.
        ingests, webs, workers: how many of each; they are called `ingest-1`, ...
        senders: processes that are nodes without eyes, `sender-1`, ...; each is
            `nodes_each` nodes, `office/s1-1`, ... in one process.
        cameras: real nodes that look at the rendered scene, `camera-1`, ...: node `office/cam-1`.
        window_s: of the senders; a real node's is 2 s.
        spare: more nodes that the site and the broker know, `office/spare-1`, ...
        database: PostgreSQL options.
        hub, edge: more HUB_ and EDGE_ variables for every hub program and node.
        seed: of everything drawn by lot; `office.chance`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ingests: int = 2,
        webs: int = 2,
        workers: int = 1,
        senders: int = 2,
        nodes_each: int = 2,
        cameras: int = 1,
        window_s: float = 0.5,
        spare: int = 2,
        database: Mapping[str, str] | None = None,
        hub: Mapping[str, str] | None = None,
        edge: Mapping[str, str] | None = None,
        seed: int = 1,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self.folder, self.chance, self.window_s = folder, random.Random(seed), window_s
        self.parts: dict[str, Part] = {}
        self.hub_env, self.edge_env = dict(hub or {}), dict(edge or {})
        self._counts = {"ingest": ingests, "web": webs, "worker": workers}
        self.sender_nodes = {
            f"sender-{i}": [f"{SITE}/s{i}-{n}" for n in range(1, nodes_each + 1)]
            for i in range(1, senders + 1)
        }
        self.camera_nodes = {f"camera-{i}": f"{SITE}/cam-{i}" for i in range(1, cameras + 1)}
        self.spare_nodes = [f"{SITE}/spare-{i}" for i in range(1, spare + 1)]
        self.web_ports = [free_port() for _ in range(webs)]
        for made in ("logs", "books", "nodes"):
            (folder / made).mkdir(exist_ok=True)
        self.ledger = Ledger(folder / "books")
        self.onlooker = Onlooker(self.web_ports, self.ledger)
        self.database = Database(folder / "database", database or {})
        self.broker: BrokerPart
        self.recovery: Recovery

    # -- beginning and ending

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._end()
        if error is not None:
            print(self.last_words())

    def _begin(self) -> None:
        self.database.start()
        standalone.migrate(self.database.dsn)
        standalone.load_site(self.database.dsn, sites.parse(self._site_file()))
        self.broker = BrokerPart(self.folder / "broker", self.nodes)
        self.parts["database"], self.parts["broker"] = self.database, self.broker
        for kind, how_many in self._counts.items():
            for nth in range(1, how_many + 1):
                self.parts[f"{kind}-{nth}"] = self._hub_program(kind, nth)
        for name in self.sender_nodes:
            self.parts[name] = self.sender(name, self.sender_nodes[name])
        for name, node in self.camera_nodes.items():
            self.parts[name] = self.camera(name, node)
        self.recovery = Recovery(self.database.dsn, self.ledger)
        for part in self.parts.values():
            if not part.is_running:
                part.start()
        self.onlooker.start()
        self.recovery.start()
        self.wait_until_live()

    def _end(self) -> None:
        for part in self.parts.values():
            if isinstance(part, Program) and part.is_running:
                with suppress(ProcessLookupError):
                    part.thaw()
                    part.kill()
        with suppress(AttributeError):
            self.recovery.stop()
        if self.onlooker.boards or self.parts:
            with suppress(RuntimeError):
                self.onlooker.stop()
        if "broker" in self.parts:
            self.broker.forget()
        self.database.forget()
        for data in ("nodes", "broker", "database"):
            shutil.rmtree(self.folder / data, ignore_errors=True)

    # -- what there is

    def __getitem__(self, name: str) -> Part:
        return self.parts[name]

    @property
    def nodes(self) -> list[str]:
        """Every node the site and the broker know, as `site/node`."""
        senders = [node for nodes in self.sender_nodes.values() for node in nodes]
        return [*senders, *self.camera_nodes.values(), *self.spare_nodes]

    @property
    def node_parts(self) -> list[str]:
        """The names of the parts that are nodes."""
        return [*self.sender_nodes, *self.camera_nodes]

    def named(self, kind: str) -> list[str]:
        """The names of the parts of this kind: `ingest`, `web`, `sender`, `camera`, ..."""
        return [name for name in self.parts if name.rpartition("-")[0] == kind or name == kind]

    def last_words(self, lines: int = 15) -> str:
        """The end of every log, for a failed test."""
        told = [f"== {name}\n{_tail(part.log, lines)}" for name, part in self.parts.items()]
        return "\n".join(told)

    # -- asking

    def verdict(self, patience_s: float = SETTLED_PATIENCE_S, *, quiet: bool = True) -> Verdict:
        """What became of every count, once each has its end or patience ran out.

        With `quiet` the nodes are stopped (SIGTERM) first, after what they made is held; else the
        counts of the last moment are left out of the judgement.
        """
        awaited = self.recovery.begin()
        self.recovery.wait(awaited, patience_s)
        if quiet:
            self._stop_nodes(patience_s)
        assert not (gone := self.ended_by_themselves()), f"ended by themselves: {gone}"
        with verdict.connect(self.database.dsn) as conn:
            rows, fates = verdict.stored_rows(conn), verdict.fates_of(conn)
        made, begun = self.ledger.made(), self.ledger.begun()  # after the rows: it holds them all
        if not quiet:
            made = {
                key: count
                for key, count in made.items()
                if key in rows or key.seq <= awaited.newest.get((key.node, key.spool), 0)
            }
        return verdict.judge(made, begun, rows, fates)

    def _stop_nodes(self, patience_s: float) -> None:
        """The last counts of a stopped node are sent by its next start: so start it once more."""
        nodes = self.node_parts
        for _ in range(2):
            for name in nodes:
                if self.parts[name].is_running:
                    self.parts[name].stop()
            if self.recovery.wait(self.recovery.begin(), 3.0):
                return
            for name in nodes:
                self.parts[name].start()
            self.recovery.wait(self.recovery.begin(), patience_s)

    def wait_until_live(self, patience_s: float = READY_PATIENCE_S) -> float:
        """Wait until every web shows a new number of every running node's; the seconds it took."""
        began_s, after_s = time.monotonic(), time.time()
        while missing := self._not_live(after_s):
            assert not (gone := self.ended_by_themselves()), f"ended by themselves: {gone}"
            if time.monotonic() - began_s > patience_s:
                raise AssertionError(f"not live after {patience_s:.0f} s: {missing}")
            time.sleep(0.1)
        return time.monotonic() - began_s

    def ended_by_themselves(self) -> list[str]:
        """Programs that are gone and that nobody killed: no fault of another part may do that."""
        programs = [part for part in self.parts.values() if isinstance(part, Program)]
        return [f"{one.name} ({one.returncode})" for one in programs if one.ended_by_itself]

    def _not_live(self, after_s: float) -> list[str]:
        running = [
            node
            for name, nodes in self._nodes_of().items()
            if self.parts[name].is_running
            for node in nodes
        ]
        zones = [f"{node.replace('/', '.')}.queue" for node in running]
        ports = [
            port
            for nth, port in enumerate(self.web_ports, 1)
            if self.parts[f"web-{nth}"].is_running
        ]
        return [
            f":{port} {zone}"
            for port in ports
            for zone in zones
            if not self.onlooker.is_live(port, zone, after_s)
        ]

    def _nodes_of(self) -> dict[str, list[str]]:
        return {
            **self.sender_nodes,
            **{name: [node] for name, node in self.camera_nodes.items()},
        }

    # -- making parts

    def hub_environment(self) -> dict[str, str]:
        """What every program of the hub is told."""
        return {
            "HUB_DATABASE_DSN": self.database.dsn,
            "HUB_BROKER_URL": self.broker.broker.url(),
            "HUB_BROKER_PASSWORD": self.broker.broker.passwords[HUB_USER],
            **self.hub_env,
        }

    def node_environment(self, node: str, data_dir: Path) -> dict[str, str]:
        """What every node is told."""
        site, _, name = node.partition("/")
        return {
            "EDGE_SITE": site,
            "EDGE_NODE": name,
            "EDGE_BROKER_URL": self.broker.broker.url(node),
            "EDGE_BROKER_PASSWORD": self.broker.broker.passwords[node],
            "EDGE_DATA_DIR": str(data_dir),
            "EDGE_CLOCK_TRUSTED": "1",
            **self.edge_env,
        }

    def _hub_program(self, kind: str, nth: int) -> Program:
        env = self.hub_environment()
        if kind == "web":
            env |= {"HUB_PORT": str(self.web_ports[nth - 1])}
        name = f"{kind}-{nth}"
        return Program(name, ["-m", "hub", kind], env, self.folder / "logs" / f"{name}.log")

    def sender(
        self, name: str, nodes: Sequence[str], *, window_s: float | None = None, **edge: str
    ) -> Program:
        """A process that is these nodes; not started. `edge` are EDGE_ variables of theirs."""
        told: dict[str, Any] = {"window_s": window_s or self.window_s, "nodes": []}
        for node in nodes:
            env = self.node_environment(node, self.data_dir(node))
            env |= {f"EDGE_{key.upper()}": value for key, value in edge.items()}
            book = str(self.ledger.book(node))
            told["nodes"].append({"env": env, "book": book, "zones": ZONES})
        log = self.folder / "logs" / f"{name}.log"
        return Program(
            name, ["-m", "tests.system.office.sender"], {"SENDER": json.dumps(told)}, log
        )

    def camera(self, name: str, node: str, **edge: str) -> Program:
        """`python -m edge run` on the rendered scene, with a book; not started."""
        env = self.node_environment(node, self.data_dir(node))
        env |= {
            "EDGE_CAMERA": "scene",
            "EDGE_WINDOW_S": "2",
            "EDGE_FRAMES_PER_S": "2",
            "EDGE_THREADS": "1",
            "BOOK": str(self.ledger.book(node)),
        }
        env |= {f"EDGE_{key.upper()}": value for key, value in edge.items()}
        log = self.folder / "logs" / f"{name}.log"
        return Program(name, ["-m", "tests.system.office.camera_node"], env, log)

    def data_dir(self, node: str) -> Path:
        """The folder of this node's outbox."""
        return self.folder / "nodes" / node.replace("/", ".")

    def _site_file(self) -> str:
        """Zones of the senders are named here; those of a camera are the rendered scene's."""
        told = [f'[site]\nid = "{SITE}"\nname = "시험 청사"\nalways_open = true\n']
        scene = (ROOT / "hub/sites/rendered.toml").read_text()
        polygons = [line for line in scene.splitlines() if line.startswith("polygon")]
        told += [_node_entry(node.partition("/")[2], polygons[0]) for node in self.nodes]
        return "\n".join(told)


def _node_entry(node: str, polygon: str) -> str:
    return f"""
[[nodes]]
id = "{node}"
name = "{node}"
[[nodes.zones]]
id = "queue"
name = "{node} 줄"
{polygon}
[[nodes.zones]]
id = "seats"
name = "{node} 자리"
kind = "seating"
polygon = [[0.0, 0.7], [1.0, 0.7], [1.0, 1.0], [0.0, 1.0]]
[[nodes.lines]]
id = "served"
zone = "queue"
a = [0.6365, 0.5221]
b = [0.6189, 0.4451]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _tail(log: Path, lines: int) -> str:
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return "(no log)"
