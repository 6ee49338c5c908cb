"""Which questions a rule concerns: who reads that a rule changed goes on to what it changes. Pure.

By the beginnings of the rules' names, so that a rule that is added beside others is found as they
are. `tests/web/test_automation.py` holds every answer against it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

_BEGINNINGS: Final = {
    "trip-kind": ("travel.near.km",),
    "near-trip": ("travel.near",),
    "far-trip": ("travel.far", "travel.stay", "travel.settle_days", "travel.settle_extra_days"),
    "own-car": ("travel.settle_days", "travel.settle_extra_days"),
    "annual-leave": ("leave.year", "leave.ahead", "leave.month_days", "leave.absent_days",
                     "leave.day_h", "leave.sick_free_days"),
    "leave-ahead": ("leave.ahead",),
    "leave-carried": ("leave.paid_most_days", "leave.day_h"),
    "leave-pay": ("leave.paid_most_days", "pay.leave"),
    "leave-plan": ("leave.plan",),
    "leave-days": ("leave.counts_holidays_days", "leave.in_a_row_days"),
    "sick-leave": ("leave.sick_days", "leave.sick_note_days", "leave.sick_free_days",
                   "leave.sick_duty_days", "leave.counts_holidays_days"),
    "public-leave": ("leave.public", "leave.counts_holidays_days"),
    "family-event": ("leave.event", "leave.counts_holidays_days"),
    "birth-leave": ("leave.birth_days", "leave.birth_after_days", "leave.birth_split_days",
                    "leave.counts_holidays_days"),
    "loss-leave": ("leave.loss_days", "leave.counts_holidays_days"),
    "special-leave": ("leave.fertility_days", "leave.women_days", "leave.checkup_days",
                      "leave.checkup_with_days", "leave.disaster_days", "leave.calm_days"),
    "pregnancy-time": ("leave.pregnancy_h", "leave.pregnancy_weeks"),
    "childcare-time": ("leave.childcare_h", "leave.childcare_months", "leave.childcare_age"),
    "family-care": ("leave.family_care_days", "leave.family_care_paid_more",
                    "leave.family_care_paid_single"),
    "overtime": ("overtime",),
    "shift-pay": ("overtime",),
    "overtime-leave": ("leave.day_h",),
    "family-pay": ("pay.family",),
    "meal-pay": ("pay.meals_won", "withholding.round_won"),
    "festival-pay": ("pay.festival_rate", "pay.festival_days", "withholding.round_won"),
    "withholding": ("withholding",),
    "payment-text": ("withholding.pay_by_day", "withholding.round_won"),
    "vat": ("vat.rate",),
    "receipt": ("vat",),
    "contract-method": ("contract.quote", "contract.direct", "contract.paper",
                        "contract.bond.none_won", "contract.bond.rate", "contract.inspection",
                        "contract.defect.none_won"),
    "bond": ("contract.bond", "contract.bid_bond", "contract.performance"),
    "contract-dates": ("contract.inspection_days", "contract.payment_days"),
    "delay": ("contract.delay",),
    "defect-bond": ("contract.defect",),
    "advance": ("contract.advance", "contract.advance_days"),
    "closing": ("expenditure.late_by", "expenditure.books_by"),
    "petty-cash": ("expenditure.petty",),
    "estimate": ("expenditure.estimate", "expenditure.return_days"),
    "request-text": ("expenditure.request",),
}  # fmt: skip


def rules_of(question: str, keys: Iterable[str]) -> Iterator[str]:
    """Those of the rules that its answers can rest on."""
    beginnings = _BEGINNINGS.get(question, ())
    return (key for key in keys if any(_begins(key, one) for one in beginnings))


def _begins(key: str, beginning: str) -> bool:
    return key == beginning or key.startswith(f"{beginning}.")
