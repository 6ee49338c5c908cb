"""Small real videos, written by FFmpeg through OpenCV: a bright block that moves over noise."""

import os
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.camera.video import FFMPEG

os.environ.update(FFMPEG)  # FFmpeg reads it once a process, and here it writes before it reads
SIZE = (160, 120)


def picture(number: int) -> NDArray[np.uint8]:
    """A picture that says its number by where its block stands."""
    image = np.random.default_rng(number).integers(0, 60, (SIZE[1], SIZE[0], 3), np.uint8)
    x = (number * 4) % (SIZE[0] - 20)
    image[40:80, x : x + 20] = 250
    return image


def block_x(image: NDArray[np.uint8]) -> int:
    """Where the block of `picture` stands, in pixels."""
    bright = image[50:70].mean(axis=(0, 2)) > 150
    return int(np.argmax(bright))


def write_video(path: Path, frames: int = 30, fps: float = 10.0, code: str = "mp4v") -> Path:
    """Write `frames` numbered pictures."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), fps, SIZE)
    assert writer.isOpened()
    for number in range(frames):
        writer.write(picture(number))
    writer.release()
    return path


def write_still_video(path: Path, image: NDArray[np.uint8], frames: int = 100) -> Path:
    """Write the same picture again and again."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10.0, SIZE)
    for _ in range(frames):
        writer.write(image)
    writer.release()
    return path
