"""What can go wrong in documents, in words for whoever asked: rows of the one table."""

from collections.abc import Mapping
from typing import Final

from hub.document.errors import MalformedDocument
from hub.kit.problem import Kind, row

PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    MalformedDocument: row(
        422, "malformed-document",
        ("문서를 만들 수 없어요", "{what}"),
        ("No document can be made of this", "{what}"),
    ),
}  # fmt: skip
