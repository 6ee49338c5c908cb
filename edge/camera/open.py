"""From the words of EDGE_CAMERA to an opened camera."""

import re
from pathlib import Path

from edge.camera import Camera, CameraFailed


def open_camera(spec: str, *, frames_per_s: float) -> Camera:
    """Open what `spec` names.

    Args:
        spec: "0" (USB camera by number), "rtsp://..." or "http://...", "picamera" (or
            "picamera:1" for the second one), "scene" (the rendered queue), or a video file,
            which is played round and round.
        frames_per_s: how often to look.

    Raises CameraFailed.
    """
    spec = spec.strip()
    if re.fullmatch(r"\d{1,2}", spec):
        from edge.camera.capture import Capture

        return Capture(int(spec), frames_per_s=frames_per_s)
    if match := re.fullmatch(r"picamera2?(?::(\d))?", spec):
        from edge.camera.picamera import PiCamera

        return PiCamera(int(match[1] or 0), frames_per_s=frames_per_s)
    if spec == "scene":
        from edge.scene.camera import SceneCamera

        return SceneCamera(frames_per_s=frames_per_s)
    if match := re.match(r"([a-z][a-z0-9+.-]+)://", spec, re.IGNORECASE):
        return _open_address(spec, match[1].lower(), frames_per_s)
    from edge.camera.recording import Recording

    return Recording(Path(spec), frames_per_s=frames_per_s)


def _open_address(spec: str, scheme: str, frames_per_s: float) -> Camera:
    if scheme not in {"rtsp", "rtsps", "http", "https"}:
        raise CameraFailed(
            f"A camera cannot be reached by {scheme}://. Give rtsp:// or http://, a device number "
            "such as 0, picamera, scene, or the path of a video file."
        )
    from edge.camera.capture import Capture

    return Capture(spec, frames_per_s=frames_per_s)
