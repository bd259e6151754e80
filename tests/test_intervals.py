"""Intervals held against published tables and worked examples, and the laws that they have."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.quantity.exact import exact
from scaleplan.statistics.intervals import mean_interval, student_t, welch, wilson

D = Decimal
VALUES = st.lists(st.integers(-50_000, 50_000).map(lambda number: D(number) / 1000), min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("freedom", "published"),
    [
        *((1, "12.706"), (2, "4.303"), (3, "3.182"), (4, "2.776"), (5, "2.571"), (6, "2.447"), (7, "2.365")),
        *((8, "2.306"), (9, "2.262"), (10, "2.228"), (15, "2.131"), (20, "2.086"), (23, "2.069"), (29, "2.045")),
        *((30, "2.042"), (40, "2.021"), (60, "2.000"), (80, "1.990"), (120, "1.980"), (1000, "1.962")),
    ],
)
def test_student_t_is_that_of_the_tables(freedom: int, published: str) -> None:
    """NIST/SEMATECH e-Handbook, 1.3.6.7.2, critical values of Student's t, 0.975; 120 of Fisher and Yates."""
    assert round(student_t(D(freedom)), 3) == D(published)


def test_student_t_of_very_many() -> None:
    """It falls to the normal point, and where the expansion takes over it goes on without a step."""
    figures = [student_t(D(freedom)) for freedom in (100, 999, 1000, 1001, 10**12)]
    assert figures == sorted(figures, reverse=True)
    assert abs(figures[1] - 2 * figures[2] + figures[3]) < D("1e-8")
    assert abs(figures[-1] - D("1.959963984540054")) < D("1e-9")


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605"), (0, 20, "0", "0.1611"), (1, 29, "0.0061", "0.1718")],
)
def test_wilson_is_that_of_newcombe(hits: int, count: int, low: str, high: str) -> None:
    """Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I."""
    found = wilson(hits, count)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (D(low), D(high))


def test_a_mean_by_hand() -> None:
    """2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32, s = sqrt(32/7) = 2.1381; t(7) = 2.3646: half 1.7875."""
    found = mean_interval([D(value) for value in (2, 4, 4, 4, 5, 5, 7, 9)])
    assert found is not None
    assert found.sd is not None
    assert found.low is not None
    assert found.mean == 5
    assert abs(found.sd - D("2.13809")) < D("0.00001")
    assert abs(found.low - D("3.21251")) < D("0.00002")
    assert not found.holds_0


def test_welch_by_hand() -> None:
    """1, 2, 3 against 2, 4, 6, 8: means 2 and 5, variances 1 and 20/3: spread 1/3 + 5/3 = 2.

    Degrees of freedom 4 / ((1/3)^2 / 2 + (5/3)^2 / 3) = 4 / 0.981481 = 4.075472, t = 2.7569 (between 2.776 of 4 and
    2.571 of 5): half 2.7569 * sqrt(2) = 3.8988.
    """
    found = welch([D(1), D(2), D(3)], [D(2), D(4), D(6), D(8)])
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.mean == -3
    assert D("2.571") < (found.high - found.mean) / D(2).sqrt() < D("2.776")
    assert abs(found.high - D("0.8988")) < D("0.002")


def test_of_few_values_there_is_no_interval() -> None:
    """None of nothing, and of one value its mean alone."""
    assert mean_interval([]) is None
    assert wilson(0, 0) is None
    assert welch([], [D(1)]) is None
    only = mean_interval([D("1.5")])
    assert only is not None
    assert (only.mean, only.low, only.needed) == (D("1.5"), None, None)
    assert welch([D(1)], [D(2), D(3)]) == (D("-1.5"), None, None)


@settings(deadline=None)
@given(VALUES, st.integers(-10, 10).map(D))
@exact
def test_a_mean_moves_with_its_values(values: list[Decimal], shift: Decimal) -> None:
    """Law: what is added to every value is added to the interval; its width stays."""
    first, second = mean_interval(values), mean_interval([value + shift for value in values])
    assert first is not None
    assert second is not None
    assert first.low is not None
    assert first.high is not None
    assert second.low is not None
    assert first.low <= first.mean <= first.high
    assert abs(second.low - first.low - shift) < D("1e-30")


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(1, 200))
@exact
def test_wilson_holds_its_share(hits: int, count: int) -> None:
    """Law: between 0 and 1, around the share, and of misses it is the mirror of that of hits."""
    hits = min(hits, count)
    found, mirror = wilson(hits, count), wilson(count - hits, count)
    assert found is not None
    assert mirror is not None
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert abs(found.low + mirror.high - 1) < D("1e-30")
