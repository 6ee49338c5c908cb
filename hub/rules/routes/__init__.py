"""HTTP of the rules: each with its article's text, what changed when, and what an office adds."""

from fastapi import APIRouter

from hub.rules.routes import budget_codes, law_texts, ordinances, rules

router = APIRouter(prefix="/api/v1")
for part in (rules, law_texts, ordinances, budget_codes):
    router.include_router(part.router)
