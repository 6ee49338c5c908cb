"""What a provider says of somebody, and which group gives which role: read, or refused in words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.identity import provider, roles
from hub.identity.provider import ProviderError

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
NAMES = ("sub", "iss", "preferred_username", "email", "name", "groups")
HALF = json.loads(r'"\ud800"')


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ANYTHING)))
def test_any_claims_are_somebody_who_can_be_stored_or_refused(claims: dict[str, Any]):
    try:
        found = provider.claimed(claims, "groups")
    except ProviderError as error:
        assert str(error).endswith(".")  # noqa: PT017
        return
    for text in (found.issuer, found.subject, found.login, found.name, found.email or ""):
        assert text.isprintable()
        text.encode("utf-8")
    assert 1 <= len(found.name) <= 80


@pytest.mark.parametrize("subject", ["", HALF, "a\0b", 7])
def test_a_subject_that_cannot_be_stored_names_nobody(subject: Any):
    with pytest.raises(ProviderError):
        provider.claimed({"sub": subject, "iss": "https://id.test", "email": "a@b"}, "groups")


@given(
    st.lists(st.text(max_size=20) | st.from_regex(r"[a-z= ]{1,9}=(staff|admin)", fullmatch=True))
)
def test_any_words_are_a_mapping_to_roles_that_are_there_or_are_refused(words: list[str]):
    try:
        mapping = provider.mapping_of(words)
    except (ValueError, roles.UnknownRole):
        return
    assert set(mapping.values()) <= set(roles.ROLES)
    assert all(f"{group}={role}" in words for group, role in mapping.items())
