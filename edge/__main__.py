"""`python -m edge`: builds the parts of a camera node and runs it.

run     look, count and tell the hub, until SIGTERM
enrol   make this node one of the hub's, or renew its certificate where that is due
choose  print which camera and model `run` would take, as JSON
bench   find the fastest way to run a model on this machine
export  turn a model into what the fast runtimes load
train   train the small model of the rendered scene
fleet   be many nodes at once, with queues of known truth and faults, to test a hub
settings  print every variable, its default and what it is for
"""

import time

BEGAN_S = time.monotonic()  # before anything heavy is imported

import importlib  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from collections.abc import Callable, Mapping, Sequence  # noqa: E402
from dataclasses import replace  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

from edge.settings import Settings, SettingsError, manual  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from edge.detect import Detector
    from edge.node import Node, Sight
    from edge.outbox import Outbox
    from edge.uplink import Uplink
    from edge.wire.messages import NodeConfig

    Check = Callable[[NodeConfig], object]

log = logging.getLogger("edge")


class _CannotStartError(Exception):
    """The node cannot start as it was told. The message says what to change."""


def main(argv: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    name, *rest = argv or [""]
    if name in _COMMANDS:
        return _COMMANDS[name](rest)
    print(__doc__, file=sys.stdout if name in ("-h", "--help") else sys.stderr)
    return 0 if name in ("-h", "--help") else 2


def _run(argv: list[str]) -> int:
    if argv:
        print("`run` takes no arguments: see `python -m edge settings`.", file=sys.stderr)
        return 2
    return work(os.environ, _sight)


def work(env: Mapping[str, str], look: "Callable[[Settings], tuple[Sight, Check]]") -> int:
    """Build a node, let it work until SIGTERM, end it in order. Returns the exit status.

    Args:
        env: where the EDGE_ variables are.
        look: makes the camera, the detector, and the check of what can be counted with them.
    """
    stop, crashed = threading.Event(), threading.Event()
    _listen_for_the_end(stop, crashed)
    from edge import logs

    try:
        settings = Settings.from_env(env)
        with logs.running("node", settings.secrets, settings.log_level):
            _work(*_build(settings, look, stop), settings, stop)
    except (_CannotStartError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if crashed.is_set() else 0


def _work(
    node: "Node", uplink: "Uplink", outbox: "Outbox", settings: "Settings", stop: threading.Event
) -> None:
    from edge import box, enrol

    enrol.begin(settings, stop)
    uplink.start()
    with box.lit(node, settings, stop) as node.lights:
        node.run(stop, uplink.report_health)
    node.close()
    if uplink.stop(1.2):  # else it hangs in the network and dies with us: the outbox stands that
        outbox.close()


def _build(
    settings: Settings, look: "Callable[[Settings], tuple[Sight, Check]]", stop: threading.Event
) -> "tuple[Node, Uplink, Outbox]":
    """The whole node; every part is made here, once. Raises _CannotStartError."""
    from edge import clock as clocks
    from edge.acts import Acts
    from edge.commands import Commands
    from edge.configure import Configuration
    from edge.node import Node
    from edge.outbox import Limits, Outbox, OutboxBusyError
    from edge.uplink import Uplink
    from edge.watchdog import Watchdog
    from edge.wire.messages import NodeConfig

    clock = clocks.begin(trusted=settings.clock_trusted)
    limits = Limits(settings.outbox_days, settings.outbox_mb * 1_000_000)
    try:
        outbox = Outbox(settings.data_dir, clocks.this_boot(), limits)
    except OutboxBusyError as error:
        raise _CannotStartError(error) from error
    sight, check = look(settings)
    configuration = Configuration(settings.data_dir, NodeConfig(revision=0), check)
    node = Node(settings, sight, configuration, outbox, clock, Watchdog(), BEGAN_S)
    acts = Acts(node, sight.sensitive or (lambda: sight.detector), stop.set)
    commands = Commands(settings.data_dir, acts.by_kind, clock.now)
    uplink = Uplink(settings, outbox, clock, configuration, node.state, commands, acts.previews)
    return node, uplink, outbox


def _sight(settings: Settings) -> "tuple[Sight, Check]":
    """Camera and detector, and the check of what can be counted with them."""
    from edge import sources
    from edge.camera.open import open_camera
    from edge.camera.reopening import Reopening
    from edge.counting.counter import Plan
    from edge.detect import ModelError
    from edge.node import Sight

    try:
        choice = sources.choose(os.environ, camera=settings.camera, model=str(settings.model or ""))
        detector = _detector(choice.model, settings)
    except (sources.SourceError, ModelError) as error:
        raise _CannotStartError(error) from error

    def camera(frames_per_s: float) -> Reopening:
        return Reopening(lambda: open_camera(choice.camera, frames_per_s=frames_per_s))

    def check(config: "NodeConfig") -> None:
        Plan.of(config)
        if config.model not in (None, detector.name):
            raise ValueError(f"This node counts with {detector.name}: put the model there first.")

    def sensitive() -> "Detector":
        from edge.still import CONFIDENCE

        return _detector(choice.model, replace(settings, confidence=CONFIDENCE))

    source = choice.source.model_copy(update={"detector": detector.name[:200]})
    return Sight(camera, detector, source, sensitive), check


def _detector(model: "Path | None", settings: Settings) -> "Detector":
    """The detector of `model` by the fastest known way; OpenCV's own without. Raises ModelError."""
    if model is None:
        from edge.detect.hog import HogDetector

        return HogDetector(confidence=settings.confidence)
    from edge.detect.choice import load_fastest

    return load_fastest(
        settings.data_dir, model, threads=settings.threads, confidence=settings.confidence
    )


def _listen_for_the_end(stop: threading.Event, crashed: threading.Event) -> None:
    """Set `stop` on SIGTERM and SIGINT, and when any thread dies: half a node is no node."""
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())

    def on_crash(what: threading.ExceptHookArgs) -> None:
        if stop.is_set():
            return
        name = what.thread.name if what.thread else "?"
        log.critical("thread died", extra={"which": name}, exc_info=what.exc_value)
        crashed.set()
        stop.set()

    threading.excepthook = on_crash


def _settings(_argv: list[str]) -> int:
    print(manual())
    return 0


def _elsewhere(module: str) -> Callable[[list[str]], int]:
    """A command whose `main` lives in its own module, imported when it is called."""
    return lambda argv: importlib.import_module(module).main(argv)


_COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": _run,
    "enrol": _elsewhere("edge.enrol"),
    "choose": _elsewhere("edge.sources"),
    "bench": _elsewhere("edge.detect.bench"),
    "export": _elsewhere("edge.detect.export"),
    "train": _elsewhere("edge.scene.train"),
    "fleet": _elsewhere("edge.fleet.command"),
    "settings": _settings,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
