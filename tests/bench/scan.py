"""The codes as people scan them: from a phone's screen at six pixels a module, and from paper.

The same simulated photographs, as JPEG files, for both readers: zxing-cpp, which the tests and the
hub use, and zxing-wasm in node, which is what the auditor's and the clerk's browsers run. Each kind
of code is photographed sixty times: turned by up to 25 degrees, askew, blurred, noisy, JPEG 60. The
printed pointer is 8 cm wide, photocopied twice and photographed (decision 0223 says how).
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray

from hub.tripproof import codes, pointer, seal
from hub.tripproof.codes import Code
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.statement import Search
from hub.tripproof.upload import Upload
from hub.tripproof.verdict import Grade
from tests.bench.row import Row, at_least, known, skipped
from tests.hub.document.test_qr import _page, _photocopied, _photographed
from tests.hub.tripproof.world import NOW, said

PHOTOGRAPHS: Final = 60
PIXELS_A_MODULE: Final = 6
FLOOR: Final = 0.95
Picture = NDArray[np.uint8]
HERE: Final = Path(__file__).parent
NODE: Final = Path(sys.executable).with_name("node")
WASM: Final = HERE.parents[1] / "dashboards/web/node_modules/zxing-wasm"


def rows() -> Iterator[Row]:
    """Every kind of code, by both readers, and how large each is."""
    for name, code, content in _kinds():
        text = codes.text(code, content)
        version = segno.make_qr(text, error="m", boost_error=False).version
        told = f"{len(content)} bytes, {len(text)} characters"
        yield known(f"scan: {name}, QR version at M", int(version), "", told)
        yield from _read(f"scan: {name}, from a screen", text, _from_screen(text))
    printed = codes.text(Code.POINTER, _pointer(SoftwareKey.new()))
    yield from _read("scan: printed pointer (TP2), 8 cm, copied twice", printed, _copied(printed))


def _kinds() -> Iterator[tuple[str, Code, bytes]]:
    device, auditor, hub = SoftwareKey.new(), SoftwareKey.new(), SoftwareKey.new()
    signed = said().sign(device)
    sealed = seal.seal(auditor.public, signed, seal.For.AUDITOR)
    yield "a proof (TP1)", Code.SEALED, sealed
    more = said(photo=bytes(range(32)), search=Search(5, 12, 8, 60)).sign(device)
    richer = seal.seal(auditor.public, more, seal.For.AUDITOR)
    yield "a proof with photo hash (TP1)", Code.SEALED, richer
    yield "a trip's pointer (TP2)", Code.POINTER, _pointer(hub)
    for name, before in (("the first", None), ("with the one before", signed)):
        upload = Upload(signed, sealed, before).encoded
        carried = seal.seal(hub.public, upload, seal.For.HUB)
        yield f"a queued proof (TP3), {name}", Code.CARRIED, carried


def _pointer(hub: SoftwareKey) -> bytes:
    return pointer.Pointer("2026-0001234", 12, Grade.B, bytes(range(16)), NOW).sign(hub)


def _read(name: str, text: str, pictures: Iterator[Picture]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="cheongsa-bench-") as folder:
        for nth, picture in enumerate(pictures):
            cv2.imwrite(f"{folder}/{nth:03}.jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 60])
        of = f"of {PHOTOGRAPHS} simulated photographs"
        right = _by_zxing_cpp(Path(folder)).count(text)
        yield at_least(f"{name}, zxing-cpp", right, "codes", of, floor=FLOOR,
                       ratio=right / PHOTOGRAPHS)  # fmt: skip
        if not WASM.is_dir():
            yield skipped(f"{name}, zxing-wasm", "dashboards/web has no node_modules: make web")
            return
        wasm = _by_zxing_wasm(Path(folder)).count(text)
        yield at_least(f"{name}, zxing-wasm", wasm, "codes", f"{of}; zxing-cpp: {right}",
                       floor=FLOOR, ratio=wasm / PHOTOGRAPHS)  # fmt: skip


def _by_zxing_cpp(folder: Path) -> list[str | None]:
    texts: list[str | None] = []
    for file in sorted(folder.iterdir()):
        picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        found = zxingcpp.read_barcodes(picture)
        texts.append(found[0].text if found else None)
    return texts


def _by_zxing_wasm(folder: Path) -> list[str | None]:
    command = [str(NODE), str(HERE / "scan.mjs"), str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _from_screen(text: str) -> Iterator[Picture]:
    draw, drawn = random.Random(5), _picture(text)
    for _ in range(PHOTOGRAPHS):
        yield _photograph(drawn, draw)


def _copied(text: str) -> Iterator[Picture]:
    draw, page = np.random.default_rng(20261121), _page(text)
    for _ in range(PHOTOGRAPHS):
        yield _photographed(_photocopied(_photocopied(page, draw), draw), draw)


def _picture(text: str) -> Picture:
    matrix = segno.make_qr(text, error="m", boost_error=False).matrix
    light = np.array([[255 * (not dark) for dark in row] for row in matrix], np.uint8)
    whole = np.kron(
        np.pad(light, 4, constant_values=255), np.ones((PIXELS_A_MODULE,) * 2, np.uint8)
    )
    around = whole.shape[0] // 4  # turned by 25 degrees, every corner stays in the picture
    return np.pad(whole, around, constant_values=200).astype(np.uint8)


def _photograph(picture: Picture, draw: random.Random) -> Picture:
    size = picture.shape[0]
    corners = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    askew = corners + np.array(
        [[draw.uniform(-1, 1) * size * 0.04 for _ in "xy"] for _ in range(4)]
    )
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), draw.uniform(-25, 25), 1.0)
    turned = cv2.transform(askew[None].astype(np.float32), turn)[0]
    warp = cv2.getPerspectiveTransform(corners, turned.astype(np.float32))
    photo = cv2.warpPerspective(picture, warp, (size, size), borderValue=(200,))
    photo = cv2.GaussianBlur(photo, (0, 0), draw.uniform(0.4, 1.2))
    noise = np.random.default_rng(draw.randrange(2**32)).normal(0, 8, photo.shape)
    return np.clip(photo + noise, 0, 255).astype(np.uint8)
