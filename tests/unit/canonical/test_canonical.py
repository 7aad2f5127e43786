"""Canonical form: whichever encoder writes it, the bytes are those of RFC 8785."""

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from runbook_lib.canonical import canonical, digest

# Numbers at the edges of what a double holds, and texts that look like numbers, are what an encoder gets wrong.
NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -0.0, 1.0, 1e16, 1e21, 1e-7, 2**53 - 1, 10**15, 10**15 - 1, 0.1]),
)
TEXTS = st.one_of(
    st.text(), st.sampled_from(["\x7f\x00\x1f\u2028", '":1.5', "[1e5", ",1234567890123456", "\ue000", "\U0001f600"])
)
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(TEXTS, inner)),
)


@given(DATA)
@example({"\ue000": 1, "\U0001f600": 2})
@example([1.0, -0.0, 1e21, 10**15])
@example({'a":1.5,"': 1})
def test_the_form_is_that_of_rfc_8785(data):
    assert canonical(data) == rfc8785.dumps(data)


@pytest.mark.parametrize(
    "data", [float("nan"), [float("inf")], 2**53, {"a": -(2**53)}, "\ud800", {"\udfff": 1}, {1, 2}, [b"1"], object()]
)
def test_what_has_no_canonical_form_is_refused_as_rfc8785_refuses_it(data):
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)) as ours:
        canonical(data)
    with pytest.raises(ours.type):
        rfc8785.dumps(data)


@given(st.dictionaries(TEXTS, NUMBERS))
def test_a_digest_does_not_depend_on_the_order_of_names(data):
    assert digest(dict(reversed(data.items()))) == digest(data)
