"""The office of a fleet (`python -m edge fleet`): so many nodes, each with one queue. Pure.

It is an office of its own, so that nothing made up stands among the counts of a real one.
"""

from typing import Final

from edge.wire.topics import NodeName
from hub.devices.site import LineEntry, NodeEntry, SiteEntry, SiteFile, ZoneEntry

SITE: Final = "fleet"
MOST: Final = 1_000  # a site file names no more


def site_of(nodes: int) -> SiteFile:
    """The site file of a fleet. Nothing but its size differs between two."""
    return SiteFile(
        site=SiteEntry(id=SITE, name="시험용 가상 청사", name_en="Test fleet", always_open=True),
        nodes=tuple(_node(nth) for nth in range(1, nodes + 1)),
    )


def names_of(file: SiteFile) -> list[NodeName]:
    """Who its nodes are."""
    return [NodeName(file.site.id, node.id) for node in file.nodes]


def _node(nth: int) -> NodeEntry:
    queue = ZoneEntry(
        id="queue",
        name=f"가상 줄 {nth}",
        name_en=f"Simulated queue {nth}",
        polygon=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)),
    )
    line = LineEntry(id="served", zone="queue", a=(0.9, 0.1), b=(0.9, 0.9))
    name, name_en = f"가상 카메라 {nth}", f"Simulated camera {nth}"
    return NodeEntry(id=f"n-{nth:04}", name=name, name_en=name_en, zones=(queue,), lines=(line,))
