"""`python -m hub business-numbers ask`: on a machine with internet, answer a file of numbers.

It needs the key and nothing else: no database, no hub.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence

from hub.automation.vendors import lookup, round_trip
from hub.automation.vendors.fetch import Outside
from hub.automation.vendors.round_trip import Answer, FileRefused
from hub.automation.vendors.told import NAMES, SAYS, Source, Told, Trouble
from hub.kit.settings import Settings

_NO_DATABASE = {"HUB_DATABASE_DSN": "postgresql://"}  # settings want one; nothing here opens it


def run(told: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Exit status 0: all was answered. 1: some was not; the file says what. 2: nothing was done."""
    settings = Settings.from_env({**_NO_DATABASE, **env})
    if settings.data_go_kr_key is None:
        return _say(2, SAYS[Trouble.NO_KEY])
    try:
        question = round_trip.read_question(told.file.read_bytes())
        numbers = [one.digits for one in question.numbers]
        said = asyncio.run(_asked(Outside.of(settings), numbers))
        told.out.write_bytes(round_trip.answer_file(Answer(question.question_id, said)))
    except (FileRefused, OSError) as error:
        return _say(2, str(error))
    troubles = _troubles(said)
    return _say(1 if troubles else 0, f"{told.out}: {len(numbers)}개를 물었습니다.", *troubles)


async def _asked(outside: Outside, numbers: Sequence[str]) -> dict[str, list[Told]]:
    """In parts that the 국세청 takes at once."""
    said: dict[str, list[Told]] = {}
    for at in range(0, len(numbers), lookup.MOST):
        said |= await lookup.look_up(outside, numbers[at : at + lookup.MOST], {})
    return said


def _say(status: int, *lines: str) -> int:
    print("\n".join(lines), file=sys.stderr)  # noqa: T201
    return status


def _troubles(said: Mapping[str, list[Told]]) -> list[str]:
    found: dict[tuple[Source, Trouble], int] = {}
    for told in said.values():
        for one in told:
            if one.trouble and one.trouble is not Trouble.NOT_ASKED:
                key = (one.source, one.trouble)
                found[key] = found.get(key, 0) + 1
    return [f"{NAMES[who]} ({n}): {SAYS[why]}" for (who, why), n in found.items()]
