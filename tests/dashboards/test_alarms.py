"""Late, losing, full: each alarm rings when it should and not else, and says what to do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dashboards.alarms import ALARMS, HEALTHY, Alarm

ROOT = Path(__file__).parents[2]
RULES = ROOT / "dashboards/prometheus/rules.yml"
WATCH = ROOT / "docs/watch.md"
GROUPS: list[dict[str, Any]] = yaml.safe_load(RULES.read_text())["groups"]
BY_NAME: dict[str, dict[str, Any]] = {rule["alert"]: rule for g in GROUPS for rule in g["rules"]}


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed: apt-get install prometheus")
    return found


def check(promtool: str, *arguments: str | Path) -> str:
    """What promtool says; a failure is the test's."""
    done = subprocess.run(
        [promtool, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_configuration_and_its_rules_are_valid(promtool: str):
    assert "valid prometheus config" in check(
        promtool, "check", "config", ROOT / "dashboards/prometheus/prometheus.yml"
    )


def test_every_alarm_has_its_case_and_no_case_is_left_over():
    assert set(BY_NAME) == set(ALARMS)


@pytest.mark.parametrize("name", BY_NAME)
def test_an_alarm_says_what_happened_and_what_to_do_and_where_to_read_on(name: str):
    rule = BY_NAME[name]
    told = rule["annotations"]
    assert re.search(r"[가-힣]", told["summary"])
    assert re.search(r"요(\(95%\))?\.$", told["summary"])
    assert re.search(r"요\)?\.$", told["do"])
    assert re.search(r"(요)$", rule["labels"]["what"])
    assert rule["labels"]["question"] in ("late", "losing", "full")
    page, _, anchor = told["runbook"].partition("#")
    headings = re.findall(r"^#+ (\w+)$", (ROOT / page).read_text(), re.M)
    assert anchor in [heading.lower() for heading in headings]


def expected(name: str, labels: dict[str, str]) -> dict[str, Any]:
    """The fired alarm as promtool compares it: whole, with every template filled in."""
    rule = BY_NAME[name]
    filled = {
        key: re.sub(r"{{ \$labels\.(\w+) }}", lambda m: labels[m[1]], text)
        for key, text in rule["annotations"].items()
    }
    return {"exp_labels": {**labels, **rule["labels"]}, "exp_annotations": filled}


def unit_test(tmp_path: Path, cases: list[dict[str, Any]]) -> Path:
    told = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": cases}
    file = tmp_path / "unit.yml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True))
    return file


def case(
    name: str, figures: dict[str, str], at: str, alerts: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "interval": "1m",
        "input_series": [{"series": s, "values": v} for s, v in (HEALTHY | figures).items()],
        "alert_rule_test": [{"eval_time": at, "alertname": name, "exp_alerts": alerts}],
    }


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_rings_when_it_should_and_is_still_when_not(
    name: str, promtool: str, tmp_path: Path
):
    alarm: Alarm = ALARMS[name]
    cases = [
        case(name, alarm.bad, alarm.at, [expected(name, alarm.labels)]),
        case(name, alarm.good, alarm.at, []),
    ]
    check(promtool, "test", "rules", unit_test(tmp_path, cases))


def test_a_healthy_office_rings_no_alarm(promtool: str, tmp_path: Path):
    cases = [case(name, {}, "2h", []) for name in BY_NAME]
    check(promtool, "test", "rules", unit_test(tmp_path, cases))


def test_an_alarm_that_flutters_keeps_ringing_and_ends(promtool: str, tmp_path: Path):
    """Hot for ten minutes, then just below: no second alarm for each degree."""
    figure = 'cheongsa_node_temperature_celsius{site="s", node="n"}'
    flutter = {figure: "85x10 79x4 85x4 79x60"}
    rings = [expected("NodeHot", {"site": "s", "node": "n"})]
    cases = [
        case("NodeHot", flutter, "4m", []),  # not at the first warm minute
        case("NodeHot", flutter, "8m", rings),
        case("NodeHot", flutter, "14m", rings),
        case("NodeHot", flutter, "20m", rings),
        case("NodeHot", flutter, "50m", []),
    ]
    check(promtool, "test", "rules", unit_test(tmp_path, cases))


def test_a_silent_node_is_one_alarm_and_not_one_for_each_zone(promtool: str, tmp_path: Path):
    silent = {
        'cheongsa_node_health_age_seconds{site="s", node="n"}': "1e9x120",
        'cheongsa_zone_age_seconds{site="s", node="n", zone="z"}': "1e9x120",
    }
    cases = [
        case("NodeSilent", silent, "2h", [expected("NodeSilent", {"site": "s", "node": "n"})]),
        case("ZoneLate", silent, "2h", []),
    ]
    check(promtool, "test", "rules", unit_test(tmp_path, cases))
