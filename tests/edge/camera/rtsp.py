"""A network camera that speaks RTSP: an MPEG transport stream in RTP over the same TCP connection.

RFC 2326 (RTSP, interleaved in 10.12), RFC 3550 (RTP), RFC 2250 (transport streams, type 33).
"""

import contextlib
import socket
import struct
import threading
import time
from pathlib import Path

import cv2

from tests.edge.camera.videos import SIZE, picture

FPS = 25.0
SECONDS = 20
_TS_BYTES, _TS_A_PACKET = 188, 7
_SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 33\r\na=control:track0\r\n"
)


def transport_stream(folder: Path) -> bytes:
    """Numbered pictures as MPEG-4 in a transport stream, written by OpenCV's FFmpeg."""
    path = folder / "camera.ts"
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, FPS, SIZE)
    for number in range(int(FPS * SECONDS)):
        writer.write(picture(number))
    writer.release()
    return path.read_bytes()


class RtspCamera:
    """Plays the stream once, in real time, to each that asks."""

    def __init__(self, stream: bytes) -> None:
        self._stream, self._stop = stream, threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.url = f"rtsp://user:secret@127.0.0.1:{self._listener.getsockname()[1]}/live"
        threading.Thread(target=self._accept, daemon=True).start()

    def kill(self) -> None:
        """Die: the port closes and every connection breaks."""
        self._stop.set()
        for each in (self._listener, *self._connections):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        lines = connection.makefile("r", encoding="latin-1", newline="\r\n")
        try:
            while request := lines.readline():
                headers = {}
                while (line := lines.readline().strip()) != "":
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                self._answer(connection, request.split()[0], headers)
        except (OSError, ValueError, IndexError):
            return

    def _answer(self, connection: socket.socket, method: str, headers: dict[str, str]) -> None:
        extra, body = "", ""
        if method == "OPTIONS":
            extra = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            extra, body = "Content-Type: application/sdp\r\n", _SDP
        elif method == "SETUP":
            extra = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        head = f"RTSP/1.0 200 OK\r\nCSeq: {headers['cseq']}\r\nSession: 1\r\n{extra}"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        if method == "PLAY":
            threading.Thread(target=self._play, args=(connection,), daemon=True).start()

    def _play(self, connection: socket.socket) -> None:
        size = _TS_BYTES * _TS_A_PACKET
        packets = [self._stream[i : i + size] for i in range(0, len(self._stream), size)]
        began_s = time.monotonic()
        for number, payload in enumerate(packets):
            due_s = began_s + SECONDS * number / len(packets)
            if self._stop.wait(max(0.0, due_s - time.monotonic())):
                return
            ticks = int((due_s - began_s) * 90_000) & 0xFFFFFFFF
            rtp = struct.pack(">BBHII", 0x80, 33, number & 0xFFFF, ticks, 1) + payload
            try:
                connection.sendall(b"$\x00" + struct.pack(">H", len(rtp)) + rtp)
            except OSError:
                return
