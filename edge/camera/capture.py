"""A camera by OpenCV: USB by its number, network cameras by rtsp:// or http://.

Such a camera keeps sending whether anybody looks or not. A thread takes every picture off the
wire and drops it, until a reader asks: then the next one that arrives is handed over. So a
picture that waited in some buffer is never counted.
"""

import re
import threading
import time
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.camera import CameraEnded, CameraError, CameraFailed, CameraStalled, Frame
from edge.camera.liveness import Liveness
from edge.camera.video import quiet_capture

OPEN_WITHIN_S: Final = 10.0
STALLED_AFTER_S: Final = 10.0
"""Frigate gives a camera 20 s, but a person at the board looks for 2."""
_LET_GO_S: Final = 1.0


class Capture:
    """A camera that sends by itself.

    Args:
        source: a device number, or an rtsp:// or http:// address.
        frames_per_s: how often to look.
        open_within_s: how long the first picture may take.
        stalled_after_s: how long any later one may take.

    Raises CameraFailed where no first picture comes.
    """

    def __init__(
        self,
        source: int | str,
        *,
        frames_per_s: float,
        open_within_s: float = OPEN_WITHIN_S,
        stalled_after_s: float = STALLED_AFTER_S,
    ) -> None:
        self._source, self._name = source, camera_name(source)
        self._every_s, self._stalled_after_s = 1.0 / frames_per_s, stalled_after_s
        self._open_within_s = open_within_s
        self._liveness = Liveness(live=True)
        self._turn = threading.Condition()
        self._asked, self._closed = False, False
        self._arrived: Frame | None = None
        self._fault: CameraError | None = None
        self._next_s = 0.0
        threading.Thread(target=self._take_all, name="camera", daemon=True).start()
        self._first: Frame | None = self._open()

    def read(self) -> Frame:
        """Wait for the next picture at the wanted rate.

        Raises CameraStalled, CameraEnded, CameraFailed, or CameraError for a picture that
        shows nothing.
        """
        frame, self._first = self._first, None
        while frame is None or not self._liveness.shows_something(
            frame.image_bgr, frame.captured_s
        ):
            self._wait_for_turn()
            frame = self._next(self._stalled_after_s)
        return frame

    def close(self) -> None:
        """Let the device go. The thread ends with the picture it waits for."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def _open(self) -> Frame:
        try:
            return self._next(self._open_within_s)
        except CameraStalled as error:
            self.close()
            raise CameraFailed(
                f"{self._name} sent no picture within {self._open_within_s:.0f} s. "
                "Check that it is switched on and that this computer reaches it."
            ) from error
        except CameraError:
            self.close()
            raise

    def _wait_for_turn(self) -> None:
        now_s = time.monotonic()
        time.sleep(max(0.0, self._next_s - now_s))
        self._next_s = max(self._next_s, now_s) + self._every_s

    def _next(self, within_s: float) -> Frame:
        """Ask for a picture that has not arrived yet."""
        with self._turn:
            self._asked, self._arrived = True, None
            self._turn.wait_for(lambda: self._arrived or self._fault or self._closed, within_s)
            if self._closed:
                raise CameraEnded(f"{self._name} was closed.")
            if self._fault is not None:
                raise self._fault
            if self._arrived is None:
                raise CameraStalled(
                    f"{self._name} sent no new picture for {within_s:.0f} s. Check its cable, "
                    "its power and the network."
                )
            return self._arrived

    def _take_all(self) -> None:
        """The thread: open, take every picture, hand over what is asked for."""
        try:
            video = self._open_video()
        except CameraError as error:
            self._report(error)
            return
        try:
            while not self._closed:
                if not video.grab():
                    self._report(self._why_ended())
                    return
                self._hand_over(video)
        finally:
            video.release()

    def _open_video(self) -> cv2.VideoCapture:
        """Open the device or address. Raises CameraFailed."""
        if isinstance(self._source, int):
            video = quiet_capture(self._source, cv2.CAP_ANY, [cv2.CAP_PROP_BUFFERSIZE, 1])
        else:
            open_ms, read_ms = (int(1000 * s) for s in (self._open_within_s, self._stalled_after_s))
            video = quiet_capture(
                self._source,
                cv2.CAP_FFMPEG,
                [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, open_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_ms],
            )
        if not video.isOpened():
            raise CameraFailed(f"{self._name} cannot be opened. {self._advice()}")
        return video

    def _hand_over(self, video: cv2.VideoCapture) -> None:
        with self._turn:
            if not self._asked:
                return
        captured_s = time.monotonic()
        ok, image = video.retrieve()
        if not ok:
            return
        picture: NDArray[np.uint8] = np.asarray(image, np.uint8)
        with self._turn:
            self._arrived, self._asked = Frame(picture, captured_s), False
            self._turn.notify_all()

    def _report(self, fault: CameraError) -> None:
        with self._turn:
            self._fault = fault
            self._turn.notify_all()

    def _why_ended(self) -> CameraError:
        if isinstance(self._source, int):
            return CameraFailed(f"{self._name} stopped sending. {self._advice()}")
        return CameraEnded(f"{self._name} stopped sending. {self._advice()}")

    def _advice(self) -> str:
        if isinstance(self._source, int):
            return "Check that it is plugged in and that no other program uses it."
        return "Check that the camera is switched on, its address, its user and password."


def camera_name(source: int | str) -> str:
    """A camera in words, without the user and password of its address, however it is written."""
    if isinstance(source, int):
        return f"USB camera {source}"
    scheme, _, rest = source.partition("://")
    place = re.split("[?#]", rest.rpartition("@")[2])[0]
    return f"The camera {scheme}://{place}"
