"""The tree is that of RFC 9162: roots, inclusion, consistency, for every small size."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.tripproof import tree
from hub.tripproof.errors import LogContradicts

INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f")  # fmt: skip
ROOTS = (  # of the first one to eight INPUTS, as Certificate Transparency's own tests have them
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LARGEST = 40


def grown(size: int, salt: bytes = b"") -> tree.Nodes:
    nodes = tree.Nodes()
    for number in range(size):
        nodes.append(tree.leaf_hash(salt + number.to_bytes(4)))
    return nodes


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = by_definition(leaves[:split]), by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_the_roots_are_those_of_certificate_transparency():
    nodes, edge = tree.Nodes(), tree.Frontier()
    assert tree.root(0, nodes) == edge.root == hashlib.sha256(b"").digest()
    for told, root in zip(INPUTS, ROOTS, strict=True):
        nodes.append(tree.leaf_hash(bytes.fromhex(told)))
        edge.append(tree.leaf_hash(bytes.fromhex(told)))
        assert tree.root(nodes.size, nodes).hex() == edge.root.hex() == root


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_a_root_is_the_one_that_the_rfc_defines(leaves):
    nodes = tree.Nodes()
    for one in leaves:
        nodes.append(tree.leaf_hash(one))
    assert tree.root(len(leaves), nodes) == by_definition(leaves)


def test_every_entry_leads_to_every_root_and_to_no_other():
    nodes = grown(LARGEST)
    for size in range(1, LARGEST + 1):
        for index in range(size):
            path = tree.inclusion(index, size, nodes)
            here = tree.leaf_hash(index.to_bytes(4))
            assert tree.root_of(here, index, size, path) == tree.root(size, nodes)
            if size > 1:
                assert _root_of(here, index ^ 1, size, path) != tree.root(size, nodes)
            assert _root_of(here, index, size, [*path, bytes(32)]) is None
            assert not path or _root_of(here, index, size, path[:-1]) is None


def test_every_tree_goes_on_from_every_smaller_one():
    nodes = grown(LARGEST)
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            path = tree.consistency(old, new, nodes)
            roots = tree.root(old, nodes), tree.root(new, nodes)
            tree.check_consistency(old, roots[0], new, roots[1], path)


def test_a_tree_does_not_go_on_from_another_one():
    nodes, other = grown(LARGEST), grown(LARGEST, b"another")
    for old in range(1, LARGEST):
        path = tree.consistency(old, LARGEST, nodes)
        new_root = tree.root(LARGEST, nodes)
        with pytest.raises(LogContradicts):
            tree.check_consistency(old, tree.root(old, other), LARGEST, new_root, path)
        other_root = tree.root(LARGEST, other)
        with pytest.raises(LogContradicts):
            tree.check_consistency(old, tree.root(old, nodes), LARGEST, other_root, path)
        for wrong in (path[:-1], [*path, bytes(32)], [*path[::-1], bytes(32)], []):
            with pytest.raises(LogContradicts):
                tree.check_consistency(old, tree.root(old, nodes), LARGEST, new_root, wrong)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_way_from_nothing_nor_backward(old, new):
    with pytest.raises(LogContradicts):
        tree.check_consistency(old, bytes(32), new, bytes(32), [])
    with pytest.raises(LogContradicts):
        tree.consistency(old, new, grown(3))


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_there_is_no_path_to_what_is_not_there(index, size):
    with pytest.raises(LogContradicts):
        tree.inclusion(index, size, grown(3))
    with pytest.raises(LogContradicts):
        tree.root_of(bytes(32), index, size, [])


def _root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    try:
        return tree.root_of(leaf, index, size, path)
    except LogContradicts:
        return None
