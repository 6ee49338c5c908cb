import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.topics import FROM_NODE, TO_NODE, NodeName, NotATopic, everyone, parse

ids = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)


@given(ids, ids, st.sampled_from([*FROM_NODE, *TO_NODE]))
def test_a_topic_read_back_is_the_topic_written(site: str, node: str, subject):
    name = NodeName(site, node)
    assert parse(name.topic(subject)) == (name, subject)
    assert NodeName.parse(str(name)) == name


@given(st.text(max_size=80))
def test_any_other_text_is_no_topic(text: str):
    try:
        name, subject = parse(text)
    except NotATopic:
        return
    assert text == f"cheongsa/v1/{name}/{subject}"


@pytest.mark.parametrize(
    "text", ["", "demo", "a/b/c", "A/b", "demo/", "데모/cam", "a" * 33 + "/b", "a/b\n"]
)
def test_a_name_that_is_not_two_ids_is_refused(text: str):
    with pytest.raises(NotATopic):
        NodeName.parse(text)


def test_everyone_is_one_filter_for_all_sites():
    assert everyone("counts") == "cheongsa/v1/+/+/counts"
