"""Every finding in words: what was found and what to do, in Korean and in English."""

import os
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Final, Literal, NamedTuple

from hub.watch.doctor.finding import Finding, Verdict

Lang = Literal["ko", "en"]


class Sentence(NamedTuple):
    """What a code means. `{}` are the finding's facts."""

    verdict: Verdict
    ko: str
    en: str
    ko_do: str = ""
    en_do: str = ""


class Said(NamedTuple):
    """A finding in one language."""

    line: str
    found: str
    do: str


MARKS: Final[dict[Verdict, tuple[str, str]]] = {
    "ok": ("[정상]", "[ok]       "),
    "attention": ("[주의]", "[attention]"),
    "broken": ("[고장]", "[broken]   "),
}


def _read() -> tuple[dict[str, tuple[str, str]], dict[str, Sentence]]:
    """Names of the checks, and the sentence of each code."""
    text = resources.files("hub.watch.doctor").joinpath("words.toml").read_text(encoding="utf-8")
    checks: dict[str, tuple[str, str]] = {}
    sentences: dict[str, Sentence] = {}
    for check, told in tomllib.loads(text).items():
        checks[check] = (told.pop("ko"), told.pop("en"))
        for what, words in told.items():
            sentences[f"{check}.{what}"] = Sentence(**words)
    return checks, sentences


CHECKS, SENTENCES = _read()


def said(finding: Finding, lang: Lang) -> Said:
    """A finding as a line, and in parts."""
    which = 0 if lang == "ko" else 1
    told = SENTENCES[finding.code]
    found, do = (told.ko, told.ko_do) if lang == "ko" else (told.en, told.en_do)
    found, do = found.format(**finding.facts).strip(), do.format(**finding.facts)
    line = f"{MARKS[told.verdict][which]} {CHECKS[finding.check][which]}: {found}"
    return Said(f"{line} → {do}" if do else line, found, do)


def language(env: Mapping[str, str] = os.environ) -> Lang:
    """The terminal's: Korean where it says so."""
    told = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "ko" if told.lower().startswith("ko") else "en"
