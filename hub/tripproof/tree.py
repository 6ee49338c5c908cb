"""The Merkle tree of RFC 9162 2.1: roots, inclusion and consistency, by whoever holds the nodes.

The tree is never held here. `Node` gives the hash of a complete subtree: level 0 are the leaves,
`(level, index)` covers the leaves from `index << level`. A store keeps those in one table; `Nodes`
keeps them in memory, for a verifier. Nothing here knows about keys, time or storage.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from hub.tripproof import cbor
from hub.tripproof.errors import LogContradicts, MalformedProof
from hub.tripproof.fields import HASH_BYTES, integer, items, octets

LEAF, INNER = b"\x00", b"\x01"  # RFC 6962 2.1: a leaf can never be read as a node
EMPTY: Final = sha256(b"").digest()
SIZE_MAX: Final = 2**53
PATH_MAX: Final = 63

Node = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(LEAF + leaf).digest()


def joined(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(INNER + left + right).digest()


def completed(size: int, leaf: bytes, node: Node) -> Iterator[tuple[int, int, bytes]]:
    """The nodes `(level, index, hash)` that are complete once `leaf` (its hash) is appended.

    Args:
        size: how many leaves there are before.
        leaf: the hash of the new one.
        node: the complete subtrees so far.
    """
    level, index = 0, size
    yield level, index, leaf
    while index & 1:
        leaf = joined(node(level, index - 1), leaf)
        level, index = level + 1, index >> 1
        yield level, index, leaf


def root(size: int, node: Node) -> bytes:
    """The root of the first `size` leaves."""
    return _range(0, size, node) if size else EMPTY


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves."""
    if not 0 <= index < size:
        raise LogContradicts(f"There is no entry {index} among {size}.")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(middle, high, node))
            high = middle
        else:
            path.append(_range(low, middle, node))
            low = middle
    return path[::-1]


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """The proof that the first `old` leaves are the beginning of the first `new`."""
    if not 1 <= old <= new:
        raise LogContradicts(f"There is no way from {old} entries to {new}.")
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(middle, high, node))
            high = middle
        else:
            path.append(_range(low, middle, node))
            low, whole = middle, False
    return ([] if whole else [_range(low, high, node)]) + path[::-1]


def root_of(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which `path` leads from the leaf hash (RFC 9162 2.1.3.2).

    Raises:
        LogContradicts: no such path can belong to that index and size.
    """
    if not 0 <= index < size:
        raise LogContradicts(f"There is no entry {index} among {size}.")
    here, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            raise LogContradicts("The path is too long for its tree.")
        if here & 1 or here == last:
            found = joined(beside, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = joined(found, beside)
        here, last = here >> 1, last >> 1
    if last:
        raise LogContradicts("The path is too short for its tree.")
    return found


def check_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the tree of `old` leaves is the beginning of that of `new` (RFC 9162 2.1.4.2).

    Raises:
        LogContradicts: it is not, or the path does not show it.
    """
    if not 1 <= old <= new:
        raise LogContradicts(f"There is no way from {old} entries to {new}.")
    if old == new:
        if path or old_root != new_root:
            raise LogContradicts("Two roots for one size: the log was forked.")
        return
    if _walked(old, new, old_root, path) != (old_root, new_root):
        raise LogContradicts("The older log is not the beginning of the newer one.")


def _walked(old: int, new: int, old_root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Both roots as the path gives them."""
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    steps = list(path) if here else [old_root, *path]
    if not steps:
        raise LogContradicts("The path is empty.")
    older = newer = steps[0]
    for beside in steps[1:]:
        if last == 0:
            raise LogContradicts("The path is too long for its trees.")
        if here & 1 or here == last:
            older, newer = joined(beside, older), joined(beside, newer)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            newer = joined(newer, beside)
        here, last = here >> 1, last >> 1
    if last:
        raise LogContradicts("The path is too short for its trees.")
    return older, newer


def encode_consistency(old: int, new: int, path: Sequence[bytes]) -> bytes:
    """A consistency proof as an object."""
    return cbor.encode([old, new, list(path)])


def decode_consistency(encoded: bytes) -> tuple[int, int, list[bytes]]:
    """Read a consistency proof: both sizes and the path.

    Raises:
        MalformedProof: it is none.
    """
    old, new, path = items(cbor.decode(encoded), 3, 3)
    if integer(old, 1, SIZE_MAX) > integer(new, 1, SIZE_MAX):
        raise MalformedProof("From a larger log to a smaller one.")
    return old, new, hashes(path)


def hashes(value: object) -> list[bytes]:
    """A path, as read."""
    return [octets(one, HASH_BYTES) for one in items(value, 0, PATH_MAX)]


class Nodes:
    """A tree in memory: append leaf hashes, ask for any root or proof."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[int, int], bytes] = {}
        self.size = 0

    def append(self, leaf: bytes) -> None:
        """Append a leaf's hash."""
        for level, index, found in completed(self.size, leaf, self):
            self._nodes[level, index] = found
        self.size += 1

    def __call__(self, level: int, index: int) -> bytes:
        """A complete subtree's hash: this is a `Node`."""
        return self._nodes[level, index]


class Frontier:
    """The right edge of a tree: enough to append and to know the root, in a few hashes."""

    def __init__(self) -> None:
        self._peaks: list[bytes] = []  # of complete subtrees, the largest first
        self.size = 0

    def append(self, leaf: bytes) -> None:
        """Append a leaf's hash."""
        self._peaks.append(leaf)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            right = self._peaks.pop()
            self._peaks.append(joined(self._peaks.pop(), right))

    @property
    def root(self) -> bytes:
        """The root of what was appended so far."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for left in self._peaks[-2::-1]:
            found = joined(left, found)
        return found


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _range(low: int, high: int, node: Node) -> bytes:
    """The hash over leaves `low..high`, where `low` is a multiple of the subtrees it begins."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(size)
    return joined(_range(low, middle, node), _range(middle, high, node))
