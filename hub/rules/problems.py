"""What can go wrong in the rules, in words for whoever asked: rows of the one table."""

from collections.abc import Mapping
from typing import Final

from hub.kit.problem import Kind, row
from hub.rules import budget_codes, ordinances
from hub.rules.book import UnknownRule
from hub.rules.resting import UnknownText
from hub.rules.rule import OutsideTable

PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    OutsideTable: row(
        422, "no-rule-for-that-day",
        ("그날의 규칙을 몰라요", "{says}"),
        (
            "No rule is known for that day",
            "The rule '{rule.name}' is not known for {day}. Give a day from {since} to {until}; "
            "for another one, look into the law of that day.",
        ),
    ),
    UnknownRule: row(
        404, "unknown-rule",
        ("그런 규칙이 없어요", "이름을 확인해 주세요. /api/v1/rules에 모두 있어요."),
        ("No such rule", "Check its name: /api/v1/rules lists them all."),
    ),
    UnknownText: row(
        404, "unknown-law-text",
        ("실린 글이 없어요", "그날의 이 조문은 싣지 않았어요. 법령 글은 관리자가 실을 수 있어요."),
        ("No such text was loaded", "An administrator can load texts of the law."),
    ),
    ordinances.OrdinanceRefused: row(
        422, "ordinance-refused",
        ("조례 값을 고쳐 주세요", "{number}번째 값: {ko}"),
        ("This cannot be an ordinance's", "Value {number}: {en}"),
    ),
    ordinances.OrdinancesSuperseded: row(
        409, "ordinances-superseded",
        ("그사이 다른 사람이 저장했어요",
         "지금은 {version}번이에요. 새로 불러온 뒤 다시 고쳐 주세요."),
        ("Somebody else saved meanwhile",
         "It is version {version} now. Load it, then change it again."),
    ),
    ordinances.UnknownOrdinances: row(
        404, "unknown-ordinances",
        ("그런 기록이 없어요", "{version}번 조례 값은 남아 있지 않아요."),
        ("No such version", "Version {version} is not in the history."),
    ),
    budget_codes.BudgetSuperseded: row(
        409, "budget-superseded",
        ("그사이 다른 사람이 저장했어요",
         "{year}년 표는 지금 {version}번이에요. 새로 불러온 뒤 다시 올려 주세요."),
        ("Somebody else saved meanwhile",
         "The table of {year} is version {version} now. Load it, then send yours again."),
    ),
    budget_codes.UnknownBudgetVersion: row(
        404, "unknown-budget-version",
        ("그런 기록이 없어요", "{year}년 표의 {version}번은 남아 있지 않아요."),
        ("No such version", "Version {version} of {year} is not in the history."),
    ),
}  # fmt: skip
