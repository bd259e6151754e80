"""Goals are read by the plan language's own readers, against the plan that they are about.

The place of what is wrong with a word is the option that it belongs to.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from scaleplan.decode.kinds import OUT_OF_BOUNDS
from scaleplan.decode.levels import ground_of, read_fixed_price
from scaleplan.decode.money import Terms, read_amount, read_leverage, read_limit, report_no_equity
from scaleplan.decode.reader import Reader
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Order
from scaleplan.quantity.exact import ZERO, as_decimal, times
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import quote, read_number, read_share
from scaleplan.questions.solve.records import Goal, Net, What
from scaleplan.questions.stance import Goal as StanceGoal
from scaleplan.questions.typed_levels import read_goals
from scaleplan.source import Source, Span
from scaleplan.study import Study
from scaleplan.tree import Scalar

_Value = TypeVar("_Value")


class Typed(NamedTuple):
    """What was typed for a question: the texts of its options, by their names without dashes, and their places."""

    what: What
    texts: Mapping[str, str]
    order: Order = Order.LIMIT
    target: int = 0
    each: bool = False
    tiers: tuple[int, ...] | None = None
    targets: int | None = None
    places: Mapping[str, Span] = MappingProxyType({})


def read_goal(study: Study, typed: Typed) -> Goal | tuple[Diagnostic, ...]:
    """Returns the goal, or what is wrong with its words."""
    words = _GoalWords(study, typed.places)
    texts = typed.texts
    beyond, liquidated = words.liquidated(texts)
    goal = Goal(
        typed.what,
        loss=words.of(texts, "loss", words.loss),
        margin=words.of(texts, "margin", words.limit),
        behind=words.of(texts, "behind", words.ratio),
        at=words.at(texts),
        average=words.of(texts, "average", words.price),
        risk=words.of(texts, "risk", words.loss),
        liquidated=liquidated,
        beyond_stop=beyond,
        net=words.of(texts, "net", words.net),
        target=typed.target,
        with_stop=words.of(texts, "with-stop", words.price),
        each=typed.each,
        order=typed.order,
        step=words.of(texts, "step", words.leverage),
        tiers=typed.tiers,
        targets=typed.targets,
    )
    found = words.reader.diagnostics
    return tuple(found) if found else goal


class _GoalWords:
    """Reads the words of one command line against a plan, and keeps what is wrong with them."""

    def __init__(self, study: Study, places: Mapping[str, Span]) -> None:
        plan = study.plan
        self._places = places
        account = plan.account
        self.reader = Reader()
        self._plan = plan
        self._one_r = study.ladder.totals.r
        self._terms = Terms(plan.symbol, plan.contract, account.equity, account.currency, account.rate)
        self._ground = ground_of(plan)

    def of(self, texts: Mapping[str, str], name: str, read: Callable[[Scalar, str], _Value | None]) -> _Value | None:
        """Returns what an option says; absent where it was not typed, or is wrong."""
        if name not in texts:
            return None
        return read(Scalar(texts[name].strip(), self._place(name, texts[name])), name)

    def _place(self, name: str, text: str) -> Span:
        return self._places.get(name) or Span(Source(f"--{name}", text), 0, len(text))

    def price(self, node: Scalar, name: str) -> Decimal | None:
        """Reads a price that stands still."""
        found = read_fixed_price(self.reader, node, name, self._ground)
        if found is not None and found <= 0:
            self._outside(node, name, "is not above 0", "write a price above zero")
            return None
        return found

    def at(self, texts: Mapping[str, str]) -> StanceGoal | None:
        """Reads where price is, in any form: what is measured from the position follows from the state there."""
        if "at" not in texts:
            return None
        goals, wrong = read_goals(self._plan, [self._place("at", texts["at"])])
        self.reader.add(wrong)
        return goals[0] if goals else None

    def leverage(self, node: Scalar, name: str) -> Decimal | None:
        """Reads a step of leverage."""
        return read_leverage(self.reader, node, name)

    def limit(self, node: Scalar, name: str) -> Decimal | None:
        """Reads an amount above zero, or a share of equity."""
        return read_limit(self.reader, node, name, self._terms)

    def loss(self, node: Scalar, name: str) -> Decimal | None:
        """Reads an amount above zero, a share of equity, or a number of R."""
        in_r = _number_of_r(node.text)
        if in_r is None:
            return self.limit(node, name)
        if in_r <= 0:
            self._outside(node, name, "is not above 0", "write a loss above zero, such as `1R`")
            return None
        one_r = self._r(node, name)
        return None if one_r is None else in_r * one_r

    def net(self, node: Scalar, name: str) -> Net | None:
        """Reads a result: an amount, a number of R, or a share of equity or of the margin; either side of 0."""
        text = node.text
        sign = -1 if text.startswith("-") else 1
        bare = text.removeprefix("-").removeprefix("+")
        in_r = _number_of_r(bare)
        if in_r is not None:
            one_r = self._r(node, name)
            return None if one_r is None else Net(sign * in_r * one_r)
        if bare.lower().endswith(" margin"):
            share = read_share(bare[: -len(" margin")].strip())
            if isinstance(share, Mistake):
                self.reader.mistake(share, node, name)
                return None
            return Net(ZERO, of_margin=sign * share)
        if "%" in bare or "/" in bare:
            share = read_share(bare)
            if isinstance(share, Mistake):
                self.reader.mistake(share, node, name)
                return None
            return self._of_equity(node, name, sign * share)
        if read_number(bare) == ZERO:
            return Net(ZERO)  # It is as much in coin as in any currency.
        amount = read_amount(self.reader, node, name, self._terms, signed=True)
        return None if amount is None else Net(amount)

    def _of_equity(self, node: Scalar, name: str, share: Fraction) -> Net | None:
        if self._terms.equity is None:
            report_no_equity(self.reader, node, name)
            return None
        return Net(times(share, self._terms.equity))

    def ratio(self, node: Scalar, name: str) -> Decimal | None:
        """Reads a share of the stop's price: how far behind it."""
        share = self.reader.form(node, name, read_share)
        if share is None:
            return None
        if self._plan.sign > 0 and share >= 1:
            self._outside(node, name, "of a price below it leaves no price", "write a share below 100%, such as `5%`")
            return None
        return as_decimal(share)

    def liquidated(self, texts: Mapping[str, str]) -> tuple[Decimal | None, Decimal | None]:
        """Returns the ratio behind the stop, or else the price, that `--liquidated` says."""
        text = texts.get("liquidated", "").strip()
        if text.endswith("%") and text[:1] not in ("-", "+"):
            return self.of(texts, "liquidated", self.ratio), None
        return None, self.of(texts, "liquidated", self.price)

    def _r(self, node: Scalar, name: str) -> Decimal | None:
        if self._one_r is not None and self._one_r > 0:
            return self._one_r
        lacks = "counts in R, and 1R is not known" if self._one_r is None else "counts in R, and 1R is not above 0"
        self._outside(node, name, lacks, "write an amount of money")
        return None

    def _outside(self, node: Scalar, name: str, lacks: str, help: str) -> None:
        self.reader.report(OUT_OF_BOUNDS, node.span, name, f"{quote(node.text)} {lacks}", help)


def _number_of_r(text: str) -> Decimal | None:
    """Returns the number before an `R`; absent where the text ends in none."""
    if text[-1:] not in ("R", "r"):
        return None
    number = read_number(text[:-1].strip())
    return None if isinstance(number, Mistake) else number
