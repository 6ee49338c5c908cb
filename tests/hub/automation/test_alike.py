"""Names that are alike: the quick way finds what comparing each with each finds."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.automation import alike


def by_pairs(names: list[str]) -> set[frozenset[int]]:
    """As the rule is told: each with each, then what hangs together."""
    pairs = [{one + two for one, two in pairwise(name)} or ({name} - {""}) for name in names]
    chains = [{at} for at in range(len(names))]
    for one, other in combinations(range(len(names)), 2):
        shared, both = len(pairs[one] & pairs[other]), len(pairs[one]) + len(pairs[other])
        if both and 10 * shared >= 3 * both:
            joined = [chain for chain in chains if chain & {one, other}]
            chains = [chain for chain in chains if chain not in joined]
            chains.append(set().union(*joined))
    return set(map(frozenset, chains))


@given(st.lists(st.text("가나다라마", max_size=14), max_size=14))
def test_no_name_that_is_alike_is_missed_and_no_other_is_joined(names: list[str]):
    seen = list[int]()
    assert set(map(frozenset, alike.chains(names, seen.append))) == by_pairs(names)
    assert seen == list(range(len(names)))


def test_exactly_three_fifths_are_alike():
    """Three of five pairs each: 2 * 3 / 10."""
    names = ["가나다라마바", "가나다라사아"]
    assert alike.chains(names, lambda _: None) == [[0, 1]]
    assert alike.chains([*names[:1], "가나다사아자"], lambda _: None) == [[0], [1]]
