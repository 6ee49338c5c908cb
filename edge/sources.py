"""Which picture is looked at, and which model counts in it.

In this order: what the person gave (EDGE_CAMERA, EDGE_MODEL); what CHEONGSA_ASSETS holds; the
cache; a download pinned by hash; the rendered scene with the small model made for it. The scene's
model knows nothing but the scene and is never given another picture. Where nothing else is left,
OpenCV's own people detector counts. No count is ever made without a detector.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from edge import downloads
from edge.downloads import ONE_BY_ONE, YOLOX_NANO, DownloadError, PublicFile
from edge.wire.messages import Source

SiteName = Literal["pets2009", "one-by-one", "rendered", "own"]
SCENE: Final = "scene"
HOG_NAME: Final = "OpenCV HOG"
_PETS: Final = "pets2009_s2l1_dev.mp4"
_INTEL: Final = "intel_one_by_one_dev.mp4"
_NAMES: Final = {
    _PETS: "PETS 2009 S2.L1, University of Reading",
    _INTEL: "One-by-one person detection, Intel, CC BY 4.0",
    ONE_BY_ONE.name: "One-by-one person detection, Intel, CC BY 4.0",
}
_SITES: Final[dict[str, SiteName]] = {
    _PETS: "pets2009",
    _INTEL: "one-by-one",
    ONE_BY_ONE.name: "one-by-one",
}
_ASSET_VIDEOS: Final = (_PETS, _INTEL)
_ASSET_MODELS: Final = ("yolo11n_640", "yolo11n_int8_openvino_model", "yolox_nano.onnx")
"""Best first. The first is a folder of exports: edge.detect.load takes the fastest of them."""

_MODEL_NAMES: Final = {
    "yolo11n_640": "YOLO11n 640",
    "yolo11n_int8_openvino_model": "YOLO11n 640 INT8",
    YOLOX_NANO.name: "YOLOX-Nano 416",
}

Fetch = Callable[[PublicFile, Path], Path]


class SourceError(Exception):
    """The picture or model that the person gave is not there. The message says which."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a node looks at and counts with."""

    camera: str
    """For edge.camera.open.open_camera."""
    model: Path | None
    """For edge.detect.load.load; None means OpenCV's own detector (edge.detect.hog)."""
    source: Source
    """In words. The detector's own name is better, once it is loaded."""
    site: SiteName
    """Which demo site file has the zones of this picture."""


def choose(
    env: Mapping[str, str],
    *,
    camera: str | None = None,
    model: str | None = None,
    fetch: Fetch = downloads.fetch,
) -> Choice:
    """Choose a picture and a model.

    Args:
        env: EDGE_CAMERA, EDGE_MODEL, CHEONGSA_ASSETS, CHEONGSA_CACHE are read from it.
        camera: the person's own picture, before EDGE_CAMERA.
        model: the person's own model, before EDGE_MODEL.
        fetch: brings a public file into the cache, or raises DownloadError.

    Raises SourceError where the person's own file is missing.
    """
    shelf = _Shelf(env, fetch)
    given_camera = _own_camera(camera or env.get("EDGE_CAMERA"))
    given_model = _own_model(model or env.get("EDGE_MODEL"))
    if given_camera is not None:
        own_site: SiteName = "rendered" if given_camera == SCENE else "own"
        found = given_model or (scene_model() if given_camera == SCENE else shelf.model())
        return _choice(given_camera, found, own_site)
    found = given_model or shelf.model()
    video = shelf.video() if found is not None else None
    if video is not None:
        return _choice(str(video), found, _SITES[video.name])
    return _choice(SCENE, given_model or scene_model(), "rendered")


def describe(camera: str, model: Path | None) -> Source:
    """A picture and its model in words; an address without its user and password."""
    detector = HOG_NAME if model is None else _MODEL_NAMES.get(model.name, model.stem)
    if camera == SCENE:
        return Source(kind="simulated", name="Rendered lunch queue", detector=detector[:200])
    path = Path(camera)
    if path.is_file():
        name = _NAMES.get(path.name, path.name)
        return Source(kind="recording", name=name[:200], detector=detector[:200])
    return Source(kind="camera", name=_camera_words(camera)[:200], detector=detector[:200])


def scene_model() -> Path | None:
    """The model made for the rendered scene, or None where it is not there."""
    from edge.scene import MODEL_PATH

    return MODEL_PATH if MODEL_PATH.is_file() else None


def main(argv: Sequence[str]) -> int:
    """`python -m edge choose`: print the choice as one line of JSON. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m edge choose", description=__doc__)
    parser.add_argument("--camera", help="video file, device number, rtsp:// or http:// address")
    parser.add_argument("--model", help="model file or folder")
    told = parser.parse_args(argv)
    try:
        choice = choose(os.environ, camera=told.camera, model=told.model)
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(as_json(choice), ensure_ascii=False) + "\n")
    return 0


def as_json(choice: Choice) -> dict[str, object]:
    """The choice as JSON values: camera, model (path or null), source, site."""
    return {
        "camera": choice.camera,
        "model": None if choice.model is None else str(choice.model),
        "source": choice.source.model_dump(),
        "site": choice.site,
    }


class _Shelf:
    """Models and videos that are not the person's own: assets, cache, download."""

    def __init__(self, env: Mapping[str, str], fetch: Fetch) -> None:
        self._assets = Path(env["CHEONGSA_ASSETS"]) if env.get("CHEONGSA_ASSETS") else None
        self._cache, self._fetch = downloads.cache_dir(env), fetch
        self._offline = False

    def model(self) -> Path | None:
        return self._asset("models", _ASSET_MODELS) or self._public(YOLOX_NANO)

    def video(self) -> Path | None:
        return self._asset("videos", _ASSET_VIDEOS) or self._public(ONE_BY_ONE)

    def _asset(self, folder: str, names: Sequence[str]) -> Path | None:
        if self._assets is None:
            return None
        paths = (self._assets.absolute() / folder / name for name in names)
        return next((path for path in paths if path.exists()), None)

    def _public(self, file: PublicFile) -> Path | None:
        if (path := downloads.cached(file, self._cache)) is not None or self._offline:
            return path
        try:
            return self._fetch(file, self._cache)
        except DownloadError as error:
            self._offline = True  # one silence is enough
            sys.stderr.write(f"Not downloaded, going on without: {error}\n")
            return None


def _choice(camera: str, model: Path | None, site: SiteName) -> Choice:
    return Choice(camera, model, describe(camera, model), site)


def _own_camera(spec: str | None) -> str | None:
    """The person's picture; a file by its full path. Raises SourceError where it is missing."""
    if spec is None or not spec.strip():
        return None
    spec = spec.strip()
    if "://" in spec:
        _check_address(spec)
    if re.fullmatch(r"\d{1,2}|scene|picamera2?(:\d)?|[A-Za-z][A-Za-z0-9+.-]+://.*", spec):
        return spec
    path = _path_of(spec)
    if path is None or not path.is_file():
        raise SourceError(
            f"There is no video file {spec}. Give a file, a device number such as 0, an rtsp:// "
            "address, picamera or scene."
        )
    return str(path.absolute())


def _own_model(spec: str | None) -> Path | None:
    if spec is None or not spec.strip():
        return None
    path = _path_of(spec.strip())
    if path is None or not path.exists():
        raise SourceError(f"There is no model at {spec}. Give an .onnx file or an exported folder.")
    return path.absolute()


def _path_of(spec: str) -> Path | None:
    """The full path; None where no file can have it: nobody's home, or a name that is too long."""
    try:
        path = Path(spec).expanduser()
        path.exists()
    except (OSError, RuntimeError, ValueError):
        return None
    return path


def _check_address(spec: str) -> None:
    """Refuse an address that nothing can be called at; without repeating its password."""
    try:
        url = urlsplit(spec)
        is_whole = bool(url.hostname) and url.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise SourceError(
            "The camera's address cannot be read. Give it as rtsp://user:password@host:554/path, "
            "a '/', '@' or ':' in the password as %2F, %40 or %3A."
        )


def _camera_words(spec: str) -> str:
    if spec.isdigit():
        return f"USB camera {spec}"
    if "://" in spec:
        return urlsplit(spec).netloc.rpartition("@")[2]
    return "Raspberry Pi camera" if spec.startswith("picamera") else Path(spec).name
