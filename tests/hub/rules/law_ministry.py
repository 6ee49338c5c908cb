"""A stand-in for the Ministry's open API over real HTTP, in the form in which others saw it answer.

What is true of it and what is not known stands in docs/law-texts.md.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "office-of-tests"
REFUSED = {"result": "사용자 정보 검증에 실패하였습니다.", "msg": "OC를 확인하십시오."}


def listed(title: str, mst: str, since: str) -> dict[str, str]:
    return {"법령명한글": title, "법령일련번호": mst, "시행일자": since, "법령ID": "001556"}


def unit(number: str, heading: str, words: Any, **more: Any) -> dict[str, Any]:
    told = {"조문번호": number, "조문여부": "조문", "조문제목": heading, "조문내용": words}
    return {**told, "조문시행일자": "20260201", **more}


def text_of(title: str, since: str, units: Any) -> dict[str, Any]:
    about = {"법령명_한글": title, "시행일자": since, "공포일자": "20260102", "공포번호": "00012"}
    return {"법령": {"기본정보": about, "조문": {"조문단위": units}}}


@dataclass
class Ministry:
    """What it answers: the list, and a text by serial number and day."""

    url: str = ""
    laws: Any = field(default_factory=list)
    texts: dict[tuple[str, str], Any] = field(default_factory=dict)
    status: int = 200
    raw: bytes | None = None
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, asked: dict[str, str]) -> Any:
        if asked.get("OC") != KEY:
            return REFUSED
        assert (asked["target"], asked["type"]) == ("eflaw", "JSON")
        if path.endswith("/lawSearch.do"):
            return {"LawSearch": {"totalCnt": "1", "law": self.laws}}
        return self.texts.get((asked["MST"], asked["efYd"]), {"Law": "일치하는 법령이 없습니다."})


@contextmanager
def running() -> Iterator[Ministry]:
    ministry = Ministry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            ministry.asked.append(parts.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = ministry.raw
            if body is None:
                told = ministry.answer(parts.path, asked)
                body = json.dumps(told).encode()
            self.send_response(ministry.status)
            self.send_header("Content-Type", "application/json;charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    ministry.url = f"http://127.0.0.1:{server.server_address[1]}/DRF"
    try:
        yield ministry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
