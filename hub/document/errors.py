"""What can be wrong with a document, in words that an official can act on."""

from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails


class MalformedDocument(ValueError):
    """The JSON is not a document. `what` says what is wrong where, in Korean."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


SENTENCES: Final = {
    "missing": "빠졌습니다.",
    "extra_forbidden": "모르는 이름입니다.",
    "json_invalid": "JSON이 아닙니다.",
    "string_type": "글이어야 합니다.",
    "int_type": "정수여야 합니다.",
    "int_parsing": "정수여야 합니다.",
    "float_type": "수여야 합니다.",
    "bool_type": "참이나 거짓이어야 합니다.",
    "tuple_type": "목록이어야 합니다.",
    "model_type": "이름과 값의 묶음이어야 합니다.",
    "literal_error": "{expected} 가운데 하나여야 합니다.",
    "union_tag_invalid": "그런 종류의 덩이는 없습니다: {tag}",
    "union_tag_not_found": "덩이의 종류(block)가 빠졌습니다.",
    "greater_than_equal": "{ge} 이상이어야 합니다.",
    "less_than_equal": "{le} 이하여야 합니다.",
    "too_long": "{max_length}개까지입니다(지금 {actual_length}개).",
    "too_short": "{min_length}개는 있어야 합니다.",
    "value_error": "{error}",
}
OTHER: Final = "읽을 수 없는 값입니다."
MOST_TOLD: Final = 5


def in_korean(error: ValidationError) -> str:
    """Say in Korean what is wrong where, the first five faults."""
    faults = error.errors(include_url=False, include_input=False)
    told = "; ".join(_fault(one) for one in faults[:MOST_TOLD])
    return told if len(faults) <= MOST_TOLD else f"{told}; 그 밖에 {len(faults) - MOST_TOLD}가지"


def _fault(fault: ErrorDetails) -> str:
    where = ".".join(str(n + 1) if isinstance(n, int) else n for n in fault["loc"])
    about = {name: str(value)[:200] for name, value in fault.get("ctx", {}).items()}
    try:
        said = SENTENCES.get(fault["type"], OTHER).format(**about)
    except KeyError:
        said = OTHER
    return f"{where}: {said}" if where else said
