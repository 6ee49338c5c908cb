"""The demo office's site files fit the pictures they are shown with."""

from importlib import resources

import pytest

from edge.scene import layout
from edge.wire.messages import NodeConfig
from hub.devices import site as sites


def wanted(name: str) -> NodeConfig:
    text = resources.files("hub.sites").joinpath(f"{name}.toml").read_text()
    (node,) = sites.parse(text).nodes
    return node.config(revision=1)


@pytest.mark.parametrize("name", ["rendered", "pets2009", "one-by-one", "own"])
def test_a_demo_site_is_always_open_and_can_be_read(name: str):
    assert wanted(name).revision == 1


def test_the_rendered_site_has_the_scenes_own_geometry():
    config, scene = wanted("rendered"), layout.node_config("lunch")
    assert config.zones[0].polygon == scene.zones[0].polygon
    assert (config.lines[0].a, config.lines[0].b) == (scene.lines[0].a, scene.lines[0].b)
    assert config.homography == scene.homography
