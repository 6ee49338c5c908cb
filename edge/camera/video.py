"""Opening OpenCV's video reader: RTSP over TCP, and without FFmpeg talking into our log."""

import os
from pathlib import Path
from typing import Final

import cv2

from edge.camera import CameraFailed

FFMPEG: Final = {
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    "OPENCV_LOG_LEVEL": "SILENT",
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": "rtsp_transport;tcp",  # 4.11 asks for UDP, which loses pieces
}
"""What OpenCV is told unless somebody told it otherwise."""


def open_file(path: Path) -> cv2.VideoCapture:
    """Open a video file. Raises CameraFailed where it is missing, unreadable or not a video."""
    try:
        size = path.stat().st_size if path.is_file() else None
        if size is not None:
            path.open("rb").close()
    except OSError as error:
        raise CameraFailed(
            f"{path} cannot be read ({error.strerror}). Check its rights."
        ) from error
    if size is None:
        raise CameraFailed(f"There is no video file {path}. Check the path given as EDGE_CAMERA.")
    video = quiet_capture(str(path), cv2.CAP_FFMPEG, [])
    if not video.isOpened() or video.get(cv2.CAP_PROP_FRAME_WIDTH) < 1:
        video.release()
        raise CameraFailed(
            f"{path} ({size} bytes) is not a video that can be read: it is cut short or of "
            "another kind. Copy it again, or convert it to MP4."
        )
    return video


def quiet_capture(source: str | int, backend: int, options: list[int]) -> cv2.VideoCapture:
    """OpenCV's reader, with the libraries' own messages off unless somebody turned them on."""
    for name, value in FFMPEG.items():
        os.environ.setdefault(name, value)
    _silence_opencv()
    try:
        return cv2.VideoCapture(source, backend, options)
    except cv2.error as error:
        raise CameraFailed(f"{source} cannot be opened ({error.err}).") from error


def _silence_opencv() -> None:
    """Where the switch is depends on the version: 4.11 has `cv2.setLogLevel`, 4.14 has not."""
    switch = getattr(cv2, "setLogLevel", None) or cv2.utils.logging.setLogLevel
    switch(0)
