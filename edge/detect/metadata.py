"""What an exported model says of itself: `metadata.yaml`, or the properties inside an ONNX file.

Only four facts are read, so no YAML library is needed on a node. Absent facts are None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from edge.detect import ModelError

LONGEST_BYTES = 1 << 20
PEOPLE = frozenset({"person", "people", "pedestrian", "human", "head"})

_SIZE = re.compile(r"^imgsz:\s*\[?\s*(?:-\s*)?(\d+)\s*,?\s*(?:-\s*)?(\d+)", re.MULTILINE)
_TITLE = re.compile(r"^description:\s*['\"]?Ultralytics (\S+)", re.MULTILINE)
_MAX_IOU = re.compile(r"^max_iou:\s*['\"]?(0?\.\d{1,6})\b", re.MULTILINE)
_CLASSES = re.compile(r"(?:^|[{,])\s*['\"]?(\d+)['\"]?:\s*['\"]?([^'\",}\n]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a model beside its numbers."""

    input_hw_px: tuple[int, int] | None = None
    title: str | None = None
    """ "YOLO11n"."""
    class_names: tuple[str, ...] = ()
    max_iou: float | None = None
    """How much two boxes may overlap and still be two people. Ultralytics never says it."""

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read the `metadata.yaml` that Ultralytics writes beside a model. Never raises."""
        _, _, names = text.partition("names:")
        return cls(_size(text), _title(text), _names(names), _max_iou(text))

    @classmethod
    def beside(cls, folder: Path) -> Self:
        """Read `metadata.yaml` in a model's folder; all unknown where there is none."""
        path = folder / "metadata.yaml"
        if not path.is_file():
            return cls()
        with path.open("rb") as file:
            return cls.from_yaml(file.read(LONGEST_BYTES).decode("utf-8", "replace"))

    @classmethod
    def from_properties(cls, properties: Mapping[str, str]) -> Self:
        """Read the properties that Ultralytics puts inside an ONNX file. Never raises."""
        text = {key: f"{key}: {value}" for key, value in properties.items()}
        return cls(
            _size(text.get("imgsz", "")),
            _title(text.get("description", "")),
            _names(properties.get("names", "")),
            _max_iou(text.get("max_iou", "")),
        )

    def check(self, path: Path) -> None:
        """Raise ModelError where class 0 of several is not a person."""
        if len(self.class_names) < 2:  # a model of one class, whatever its name, is of people
            return
        first = self.class_names[0]
        if first.lower() not in PEOPLE and not first.isdigit():  # a number says nothing
            raise ModelError(
                f"{path} finds {first!r} as its first class, not people. "
                "Take a model whose class 0 is person."
            )


def _max_iou(text: str) -> float | None:
    found = _MAX_IOU.search(text)
    return None if found is None else float(found.group(1)) or None


def _size(text: str) -> tuple[int, int] | None:
    found = _SIZE.search(text)
    if found is None:
        return None
    height, width = int(found[1]), int(found[2])
    return (height, width) if 32 <= height <= 8192 and 32 <= width <= 8192 else None


def _title(text: str) -> str | None:
    found = _TITLE.search(text)
    return found[1][:60] if found else None


def _names(text: str) -> tuple[str, ...]:
    block = text.split("}", maxsplit=1)[0] if text.lstrip().startswith("{") else _indented(text)
    return tuple(name.strip() for _, name in _CLASSES.findall(block))


def _indented(text: str) -> str:
    lines = text.splitlines()[1:]
    end = next((i for i, line in enumerate(lines) if not line.startswith(" ")), len(lines))
    return "\n".join(lines[:end])
