"""Ladders written short: from one price to another in so many steps, and how the size spreads over them."""

from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from scaleplan.decode.kinds import BAD_LADDER, TOO_MANY, WRONG_SHAPE
from scaleplan.decode.reader import Fields, Reader
from scaleplan.diagnostic import Help, write
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.form import Mistake, any_case, captured
from scaleplan.quantity.number import NUMBER, plain, quote, read_number, read_share
from scaleplan.tree import Mapping, Node, Scalar, Sequence

#: More than this is no plan that a person follows, and work grows with the square of it.
MOST = 200


#: A factor is neither so small nor so large that all but one step or share would be nothing.
_LEAST_FACTOR, _MOST_FACTOR = Decimal("0.01"), Decimal(100)
FACTOR = captured(NUMBER) + any_case("x")


class Spacing(NamedTuple):
    """How steps lie: equal ratios, or each so many times the one before; a factor of 1 makes them equal."""

    geometric: bool = False
    factor: Decimal = ONE


class LadderSteps(NamedTuple):
    """How many steps, how they lie, and the share of each."""

    steps: int
    spacing: Spacing
    shares: tuple[Fraction, ...]

    @property
    def geometric(self) -> bool:
        """Whether the steps are equal ratios."""
        return self.spacing.geometric

    def prices(self, start: Decimal, end: Decimal) -> tuple[Decimal, ...]:
        """Returns the levels of all steps; the first and the last are exact. Equal ratios need both ends above zero."""
        last = self.steps - 1
        if self.geometric:
            ratio = end / start
            inner = [start * ratio ** (Decimal(step) / last) for step in range(1, last)]
        else:
            # Each step is so many times the one before: 1, 1.5, 2.25 ... parts of the way, or 1, 1, 1.
            parts = list(accumulate(self.spacing.factor**step for step in range(last)))
            inner = [start + (end - start) * part / parts[-1] for part in parts[:-1]]
        return (start, *inner, end)


def read_factor(text: str) -> Decimal | Mistake | None:
    """Reads `1.5x`, how many times the one before each is; nothing where it is no such form."""
    match = FACTOR.fullmatch(text)
    factor = read_number(match[1]) if match else None
    if not isinstance(factor, Decimal) or _LEAST_FACTOR <= factor <= _MOST_FACTOR:
        return factor
    return Mistake(
        BAD_LADDER,
        f"{quote(text)} is no factor from {plain(_LEAST_FACTOR)}x to {plain(_MOST_FACTOR)}x",
        "write how many times the one before each is, such as `1.5x`",
    )


def _nearly_factor(text: str) -> Mistake | None:
    """Returns the mistake of a factor that lacks its `x`, or has it elsewhere: `1.5`, `1.5 x`, `x1.5`."""
    bare = text.lower().strip("x*\N{MULTIPLICATION SIGN} ")
    if not isinstance(read_factor(f"{bare}x"), Decimal):
        return None
    return Mistake(BAD_LADDER, f"{quote(text)} does not say how many times the one before each is", write(f"{bare}x"))


def read_steps(reader: Reader, fields: Fields) -> LadderSteps | None:
    """Reads the count, spacing and shares of a ladder."""
    count = _count(reader, *fields.at("count"))
    spacing = _spacing(reader, *fields.at("spacing"))
    if count is None or spacing is None:
        return None
    shares = _shares(reader, *fields.at("shares"), count)
    return None if shares is None else LadderSteps(count, spacing, shares)


def _count(reader: Reader, node: Node | None, path: str) -> int | None:
    value = reader.form(node, path, read_number)
    if value is None or node is None:
        return None
    if value != int(value) or value < 2:
        message = f"a ladder has 2 steps or more, not {quote(node.span.text)}"
        reader.report(BAD_LADDER, node.span, path, message, Help("write `count: 4`", ("4",)))
        return None
    if value > MOST:
        message = f"{quote(node.span.text)} steps are more than {MOST}"
        reader.report(TOO_MANY, node.span, path, message, f"write at most {MOST}")
        return None
    return int(value)


def _spacing(reader: Reader, node: Node | None, path: str) -> Spacing | None:
    def read(text: str) -> Spacing | Mistake:
        if text.lower() in ("even", "geometric"):
            return Spacing(geometric=text.lower() == "geometric")
        factor = read_factor(text)
        if factor is None:
            return _nearly_factor(text) or Mistake(
                BAD_LADDER,
                f"{quote(text)} is no spacing",
                "write `even` (equal steps), `geometric` (equal ratios) or `1.5x` (each step so many times the one "
                "before)",
            )
        return factor if isinstance(factor, Mistake) else Spacing(factor=factor)

    return Spacing() if node is None else reader.form(node, path, read)


def _shares(reader: Reader, node: Node | None, path: str, count: int) -> tuple[Fraction, ...] | None:
    if isinstance(node, Sequence):
        shares = [reader.form(item, f"{path}[{index}]", read_share) for index, item in enumerate(node.items)]
        if len(shares) != count:
            message = f"there are {len(shares)} shares for {count} steps"
            reader.report(BAD_LADDER, node.span, path, message, f"write {count} shares, or `equal`")
            return None
        known = [share for share in shares if share is not None]
        return tuple(known) if len(known) == count else None

    def read(text: str) -> tuple[Fraction, ...] | Mistake:
        word = text.lower()
        if word == "equal":
            weights = [1] * count
        elif word == "pyramid":
            weights = list(range(count, 0, -1))
        elif word == "martingale":
            weights = [2**step for step in range(count)]
        else:
            factor = read_factor(text)
            if isinstance(factor, Mistake):
                return factor
            if factor is None:
                return _nearly_factor(text) or Mistake(
                    BAD_LADDER,
                    f"{quote(text)} does not say how the size spreads",
                    "write `equal`, `pyramid`, `martingale`, `1.1x` (each share so many times the one before) or a "
                    "list of shares",
                )
            # In whole numbers: of 1.1 they are 11 and 10, and the shares 100, 110 and 121 parts.
            top, bottom = factor.as_integer_ratio()
            weights = [top**step * bottom ** (count - 1 - step) for step in range(count)]
        whole = sum(weights)
        return tuple(Fraction(weight, whole) for weight in weights)

    if node is None:
        return tuple([Fraction(1, count)] * count)
    return reader.form(node, path, read)


def check_ends(reader: Reader, spaced: LadderSteps, node: Node, path: str, start: Decimal, end: Decimal) -> bool:
    """Returns whether a ladder's ends make steps: they must differ, and equal ratios need both above zero."""
    if start == end:
        message, help = "the ladder ends where it begins", "write two different prices"
    elif spaced.geometric and (start <= 0 or end <= 0):
        message, help = "equal ratios need both ends above zero", "write `spacing: even`"
    else:
        return True
    reader.report(BAD_LADDER, node.span, path, message, help)
    return False


def read_items(reader: Reader, node: Node | None, path: str, example: str) -> tuple[Node, ...] | None:
    """Returns the items of a list that is neither empty nor too long; absent where it is no list."""
    if isinstance(node, Sequence):
        if not node.items:
            reader.report(WRONG_SHAPE, node.span, path, f"`{path}` is an empty list", f"write {example}")
            return None
        count = len(node.items)
        if count <= MOST:
            return node.items
        message = f"`{path}` has {count} entries, more than {MOST}"
        reader.report(TOO_MANY, node.span, path, message, f"write at most {MOST}")
        return None
    if node is not None and isinstance(node, Scalar | Mapping):
        reader.report(WRONG_SHAPE, node.span, path, f"`{path}` is not a list", f"write {example}")
    return None
