"""What a page reads of a sheet that is worked out: lines of progress, the file, and an end."""

import base64
import json
from typing import Any

from httpx import Response


def read(answer: Response) -> tuple[list[dict[str, Any]], dict[str, Any], bytes]:
    """The lines of progress, the last line, and the file whose pieces lay between them."""
    *lines, last = [json.loads(line) for line in answer.text.splitlines()]
    progress = [one for one in lines if "piece" not in one]
    assert lines[: len(progress)] == progress  # no piece comes before the work is done
    pieces = [base64.b64decode(one["piece"], validate=True) for one in lines[len(progress) :]]
    return progress, last, b"".join(pieces)
