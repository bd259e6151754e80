"""Figures are reckoned at 50 digits, half to even, whatever decimal context the caller has; he keeps his own."""

import re
from collections.abc import Iterator
from decimal import ROUND_UP, Context, Decimal, getcontext, localcontext
from pathlib import Path

import pytest

import scaleplan
from scaleplan.cli.program import run
from scaleplan.quantity.exact import DIGITS
from scaleplan.study import Study, study
from tests.running import ROOT, WIDE_SCREEN

PYRAMID = str(ROOT / "plans" / "breakout-retest-pyramid.yaml")
OTHER = str(ROOT / "plans" / "dca-four-equal.yaml")
#: Every figure of it needs more than six digits, and thirds need all that there are.
THIRDS = b"""
symbol: SOL/USDT:USDT
side: long
size: 1000 USDT
leverage: 7x
venue: binance
fees: {maker: 0.02%, taker: 0.05%}
tiers: {count: 3, from: 150.07, to: 131.03}
stop: 118.01
targets: [{price: 1.37R, close: 1/3}, {price: 171.13, close: 1/3}, {price: 183.11, close: rest}]
"""


@pytest.fixture
def sloppy() -> Iterator[Context]:
    """A caller who reckons in six digits, rounded up, and has every inexact sum raise nothing."""
    with localcontext(Context(prec=6, rounding=ROUND_UP)) as context:
        yield context


def figures(found: Study) -> str:
    """All that a study knows, in full digits."""
    facts, walked = found.every_path.facts(), found.every_path.walked(edge=Decimal("0.5"))
    known = (found.ladder.steps, found.ladder.exits, found.ladder.totals, facts, *walked, *walked.states)
    return re.sub(" at 0x[0-9a-f]+", "", repr((*known, *found.every_path.matrix())))


@pytest.mark.parametrize("data", [THIRDS, Path(PYRAMID).read_bytes()])
def test_a_caller_of_study_gets_exact_figures_and_keeps_his_context(data: bytes, sloppy: Context) -> None:
    """Not a digit of a study depends on the precision, the rounding or the flags of who asks for it."""
    found = study(PYRAMID, data)
    assert isinstance(found, Study)
    told = figures(found)
    assert getcontext() is sloppy
    assert (sloppy.prec, sloppy.rounding) == (6, ROUND_UP)
    assert not any(sloppy.flags.values())
    with localcontext(Context(prec=DIGITS)):
        again = study(PYRAMID, data)
        assert isinstance(again, Study)
        assert told == figures(again)


@pytest.mark.parametrize("command", ["check", "show", "paths", "checklist", "explain-liquidation", "compare-venues"])
def test_a_notebook_gets_the_same_record_whatever_its_context(command: str, sloppy: Context) -> None:
    """What the package's face gives is what the command prints, in a context of six digits too."""
    found = scaleplan.reads(THIRDS.decode(), overrides={"stop": "118.03"}).as_dict(command)
    assert (getcontext() is sloppy, sloppy.prec) == (True, 6)
    with localcontext(Context(prec=DIGITS)):
        assert found == scaleplan.reads(THIRDS.decode(), overrides={"stop": "118.03"}).as_dict(command)


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            (command, PYRAMID, "--format", form)
            for command, forms in {
                "check": ("json",),
                "show": ("table", "json", "md", "csv"),
                "paths": ("table", "json", "md", "csv", "dot"),
                "checklist": ("text", "json", "md", "html"),
                "explain-liquidation": ("json",),
                "compare-venues": ("json",),
            }.items()
            for form in forms
        ),
        ("show", PYRAMID, OTHER, "--cross"),
        ("new", "-", "--long", "SOL/USDT", "150", "140", "130", "--stop", "118", "--size", "900 USDT"),
        ("venues", "show", "binance"),
    ],
)
def test_a_command_says_the_same_whatever_the_context(arguments: tuple[str, ...], sloppy: Context) -> None:
    """Nor does a word or a figure of a command, read in the same process."""
    told = run(arguments, WIDE_SCREEN)
    assert (getcontext() is sloppy, sloppy.prec) == (True, 6)
    with localcontext(Context(prec=DIGITS)):
        again = run(arguments, WIDE_SCREEN)
        assert told._replace(pieces=()) == again._replace(pieces=())
    assert again.out or again.pieces
    assert again.code < 2
