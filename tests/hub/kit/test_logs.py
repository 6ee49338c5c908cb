"""A log line: one an event, that nobody can forge and no secret gets into."""

import logging
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edge.logs
from hub.kit import logs
from hub.kit.settings import Settings

FORMATS = [logs.Lines, edge.logs.Lines]
FIELD = re.compile(r'([\w.]+)=((?:[^\s"=\\]+)|"(?:[^"\\]|\\.)*")')


def record(event: str, error: BaseException | None = None, **told: object) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    made = logging.LogRecord("hub.test", logging.WARNING, "f.py", 1, event, None, info)
    vars(made).update(told)
    return made


def fields(line: str) -> dict[str, str]:
    """The line as a logfmt reader sees it; nothing may be left between the fields."""
    assert FIELD.sub("", line).strip() == "", line
    return {name: _read(text) for name, text in FIELD.findall(line)}


def _read(text: str) -> str:
    if not text.startswith('"'):
        return text
    return re.sub(
        r"\\(u[0-9a-f]{4}|U[0-9a-f]{8}|.)",
        lambda m: (
            {"n": "\n", "r": "\r", "t": "\t"}.get(m[1])
            or (chr(int(m[1][1:], 16)) if len(m[1]) > 1 else m[1])
        ),
        text[1:-1],
    )


@pytest.mark.parametrize("lines", FORMATS)
@given(event=st.text(), value=st.text())
def test_whatever_is_said_is_one_line_and_can_be_read_back(lines, event: str, value: str):
    line = lines("x").format(record(event, reason=value))
    assert line.isprintable()
    assert len(line.splitlines()) == 1
    said = fields(line)
    assert (said["event"], said["reason"]) == (event, value)


@given(event=st.text(), value=st.text())
def test_the_node_writes_the_very_same_line(event: str, value: str):
    made = record(event, reason=value)
    assert logs.Lines("x").format(made) == edge.logs.Lines("x").format(made)


@pytest.mark.parametrize(
    "hostile",
    [
        "x\nat=2026-01-01T00:00:00Z level=info event=forged",
        "\x1b[2J\x1b[31mred",
        "a\rb\x00c\x85d\u2028e",
        "\u202egnp.exe\u2066",
        '" event="forged',
        "\ud800",
    ],
)
def test_a_hostile_text_stays_inside_its_quotes(hostile: str):
    line = logs.Lines("x").format(record("refused", reason=hostile))
    assert fields(line)["event"] == "refused"
    assert fields(line)["reason"] == hostile
    line.encode()  # a lone surrogate must not break the stream


def fail() -> None:
    raise ValueError("two\nlines")


def test_an_exception_is_one_line_with_its_trace():
    with pytest.raises(ValueError, match="two") as caught:
        fail()
    line = logs.Lines("x").format(record("failed", caught.value))
    said = fields(line)
    assert said["error"] == "ValueError: two\nlines"
    assert "test_logs.py" in said["trace"]


def test_a_long_value_is_cut_and_says_so():
    line = logs.Lines("x").format(record("refused", reason="x" * 100_000))
    assert len(line) < 3_000
    assert "(100000 characters)" in line


SECRETS = ("p@ss w/ord", 'q"uo\\te', "환경비밀", "plain-secret")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("lines", FORMATS)
def test_a_secret_is_blanked_out_however_it_is_spelled(lines, secret: str):
    from urllib.parse import quote

    made = record(
        f"failed {secret}",
        ValueError(f"dsn postgresql://u:{quote(secret, safe='')}@h/d"),
        url=f"mqtt://hub:{secret}@h",
    )
    line = lines("x", SECRETS).format(made)
    assert secret not in line
    assert quote(secret, safe="") not in line
    assert "***" in line


@pytest.mark.parametrize(
    ("dsn", "secret"),
    [
        ("postgresql://u:s3cr%40t@h/d", "s3cr@t"),
        ("host=h user=u password='a b'", "a b"),
        ("postgresql://u:unparsable@h:port:5/d?x", "postgresql://u:unparsable@h:port:5/d?x"),
    ],
)
def test_the_settings_know_their_secrets(dsn: str, secret: str):
    settings = Settings.model_validate(
        {"database_dsn": dsn, "broker_url": "mqtt://hub:brokerword@h", "broker_password": "other"}
    )
    assert settings.secrets == {secret, "brokerword", "other"}


@pytest.mark.parametrize("package", ["hub.kit", "edge"])
def test_a_crash_is_a_line_too(package: str):
    program = (
        f"from {package} import logs\n"
        "with logs.running('it', ['hunter22']):\n"
        "    raise RuntimeError('the password is hunter22')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    lines = [fields(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["started", "stopped", "ended by an error"]
    assert {line["part"] for line in lines} == {"it"}
    assert lines[2]["error"] == "RuntimeError: the password is ***"
    assert lines[0]["version"]
    assert "hunter22" not in done.stderr
