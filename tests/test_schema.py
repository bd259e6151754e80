"""The schema and the reader, held against each other: on every plan, good and bad, and on every written form.

An editor sees other values than the reader: its YAML parser makes numbers, booleans and nulls of some texts. So every
plan is looked at as YAML 1.2 reads it (what editors do) and as YAML 1.1 does (what older tools do).
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from scaleplan.decode.keys import INSIDE, SECTIONS
from scaleplan.diagnostic import Severity
from scaleplan.quantity.amount import (
    Per,
    read_date,
    read_duration,
    read_exchange,
    read_money,
    read_money_per,
    read_size,
    read_symbol,
)
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import read_number, read_rate, read_share
from scaleplan.quantity.price import NUMBER_ONLY, NUMBER_OR_PERCENT, STOP_PRICE, TARGET_PRICE, read_distance, read_price
from scaleplan.schema import FileKind, schema_of
from scaleplan.schema.forms import FORMS
from scaleplan.source import Source
from scaleplan.tree import Mapping, Node, Scalar, Sequence
from scaleplan.tree.read import parse_text
from tests.given import study_of
from tests.running import ROOT, outcome
from tests.test_language import FORMS as EXAMPLES
from tests.test_language import WRONG, Form, Wrong, unmarked, written

GOOD = sorted(path for path in (ROOT / "plans").glob("*.yaml") if path.name != "account.yaml")
BAD = sorted((ROOT / "plans" / "bad").glob("*.yaml"))

#: Mistakes of shape that the schema does not see, each with the reason.
NOT_SEEN = {
    "SP111-wrong-currency": "the currency is compared with the symbol's",
    "SP117-quanto-contract": "the settle currency is compared with base and quote, in whatever case",
    "SP118-contract-clash": "which keys a spot plan may have follows from symbol, contract and leverage together",
    "SP119-needs-equity": "a share of equity anywhere in the plan asks for equity, which may stand in another file",
    "SP120-needs-stop": "a distance in R anywhere asks for a stop",
    "SP121-share-or-size": "the tiers are compared with each other",
    "SP122-no-such-level": "the number of a tier is compared with how many there are",
    "SP125-bad-brackets": "each bracket is compared with the one before it",
    "SP126-bad-file": "a schema opens no files",
    "SP131-waits-for-itself": "the tiers are followed from one to the next",
    "SP132-unreckonable": "it takes the reckoning to find out",
    "SP133-written-twice": "the plan's maintenance is compared with its venue's",
    "SP135-file-not-allowed": "a schema opens no files",
}

CHECKER = jsonschema.Draft7Validator(schema_of(FileKind.PLAN))

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def of_yaml_1_2(node: Node | None) -> object:
    """What YAML 1.2's core schema makes of a tree: numbers, booleans and nulls where nothing is in quotes."""
    match node:
        case Mapping(entries=entries):
            return {str(entry.key.text): of_yaml_1_2(entry.value) for entry in entries}
        case Sequence(items=items):
            return [of_yaml_1_2(item) for item in items]
        case Scalar(text=text, plain=plain):
            return _of_plain(text) if plain else text
    return None


def _of_plain(text: str) -> object:
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


class _Yaml11(yaml.SafeLoader):
    """YAML 1.1 as tools load it that hand JSON on: what looks like a date stays a text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML declares it
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def as_editors_read(text: str) -> Iterator[object]:
    """The text as both kinds of YAML parser read it."""
    yield of_yaml_1_2(parse_text(Source("plan.yaml", text)).root)
    yield yaml.load(text, _Yaml11)  # noqa: S506 - a safe loader without dates


def accepts(value: object, checker: jsonschema.Draft7Validator = CHECKER) -> bool:
    """Whether the schema has nothing to say."""
    return checker.is_valid(value)


@pytest.mark.parametrize("subject", FileKind)
def test_a_schema_is_one(subject: FileKind) -> None:
    """Each schema obeys draft-07's own, and its patterns compile."""
    jsonschema.Draft7Validator.check_schema(schema_of(subject))
    assert schema_of(subject)["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_plans_are_accepted(path: Path) -> None:
    """The schema has nothing to say about a plan that the reader reads."""
    for value in as_editors_read(path.read_text(encoding="utf-8")):
        assert [error.message for error in CHECKER.iter_errors(value)] == []


def test_the_account_file_is_accepted() -> None:
    """The account that the plans name obeys the schema of accounts, and a misspelt key does not."""
    checker = jsonschema.Draft7Validator(schema_of(FileKind.ACCOUNT))
    for value in as_editors_read((ROOT / "plans" / "account.yaml").read_text(encoding="utf-8")):
        assert accepts(value, checker)
    assert not accepts({"equity": 5, "max_rsk": "2%"}, checker)


def test_a_venue_file_is_accepted() -> None:
    """A file of terms by symbol obeys the schema of venues, and one that is no mapping by symbol does not."""
    checker = jsonschema.Draft7Validator(schema_of(FileKind.VENUE))
    assert accepts({"BTC/USDT:USDT": {"maintenance": [{"up_to": 50000, "rate": "0.4%"}, {"rate": "1%"}]}}, checker)
    assert not accepts({"maintenance": "1%"}, checker)


def _codes(path: Path) -> set[str]:
    found = study_of(path.read_bytes(), path.relative_to(ROOT).as_posix()).diagnostics
    return {one.code for one in found if one.severity is Severity.ERROR}


@pytest.mark.parametrize("path", [path for path in BAD if path.name.startswith("SP1")], ids=lambda path: path.stem)
def test_mistakes_of_shape_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The schema refuses what the reader cannot read, but for the kinds that no schema sees."""
    monkeypatch.chdir(ROOT)
    assert any(code.startswith("SP1") for code in _codes(path))
    seen = [not accepts(value) for value in as_editors_read(path.read_text(encoding="utf-8"))]
    assert seen == [path.stem not in NOT_SEEN] * 2


def test_nothing_is_listed_as_unseen_without_a_plan() -> None:
    """The list of what the schema does not see names plans that are there."""
    assert set(NOT_SEEN) <= {path.stem for path in BAD}


@pytest.mark.parametrize("path", [path for path in BAD if path.name > "SP2"], ids=lambda path: path.stem)
def test_plans_that_can_be_read_are_accepted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that reads, and only breaks a rule, is no matter for the schema: it would be a second opinion."""
    monkeypatch.chdir(ROOT)
    if any(code < "SP2" for code in _codes(path)):
        pytest.skip("it cannot be read either")
    for value in as_editors_read(path.read_text(encoding="utf-8")):
        assert [error.message for error in CHECKER.iter_errors(value)] == []


@pytest.mark.parametrize("form", EXAMPLES, ids=[f"{form.shows}-{number}" for number, form in enumerate(EXAMPLES)])
def test_every_form_of_the_language_is_accepted(form: Form) -> None:
    """What the table of the language shows as readable, the schema takes; `~` alone is nothing to an editor."""
    if "~" in form.keys.values():
        pytest.skip("an editor cannot tell it from a value that was left out, which the reader refuses")
    for value in as_editors_read(written(form.keys)):
        assert [error.message for error in CHECKER.iter_errors(value)] == []


#: Wrong forms that the schema does not see, beside those of the kinds above.
NOT_SEEN_FORMS = {
    "1e5": "an editor's parser makes a number of it first",
    "-100%": "the price that it leaves depends on tier 1",
    "-1.5%": "tier 1 is like the others to the schema, so that editors complete it like the others",
    "25000": "whether the currency is needed depends on the symbol",
    "12 contracts": "whether it is known how much one is depends on the instrument, which the venue may say",
    "2%": "only the last target can trail",
    "-24 ticks": "tier 1 is like the others, and a tick may be known from the venue",
    "-15 pips": "the pip of a pair that is no pair of currencies may be known from the venue",
    "-400 ticks": "the price that it leaves depends on tier 1",
    "200 points": "it is compared with the lowest price",
    "2.25 USDT per contract": "whether it is known how much one is depends on the instrument, which the venue may say",
    "{short: 1.1 USD per lot, nights: 1}": "which of the two is needed depends on the side",
    "2 contracts": "as above, of what a target closes",
    "30%": "what an exit in words alone takes depends on what the targets before it leave",
    "{exit: a new low}": "only the last of a list may have an exit in words alone",
    "3R": "both ends of a ladder are compared",
    "entry +3": "as above",
    "1.17 EUR per GBP": "the currencies are compared with the symbol's",
}


@pytest.mark.parametrize("wrong", [wrong for wrong in WRONG if wrong.family == "SP1"], ids=lambda wrong: wrong.words[0])
def test_wrong_forms_are_refused(wrong: Wrong) -> None:
    """What the table of the language shows as wrong, the schema refuses, but for what no schema sees."""
    text, start, end = unmarked(written(wrong.keys))
    (told,) = [one for one in study_of(text).diagnostics if one.severity is Severity.ERROR]
    unseen = told.code in {name[:5] for name in NOT_SEEN} or text[start:end] in NOT_SEEN_FORMS
    assert unseen or not accepts(of_yaml_1_2(parse_text(Source("example.yaml", text)).root))


def test_every_key_is_described() -> None:
    """Each key of the declaration has its sentence in the schema, and a form that the schema knows."""
    for section in SECTIONS:
        for key in section.keys:
            assert key.form in FORMS or key.form in INSIDE, key
    plan: Any = schema_of(FileKind.PLAN)
    assert plan["properties"]["size"]["description"] == "The most the plan may ever hold, with its unit."
    assert plan["properties"]["tiers"]["items"]["properties"]["after"]["description"]


# Each written form: what the reader makes of a text, and what the pattern does.

Read = Callable[[str], object]


def _number_above_zero(text: str) -> object:
    value = read_number(text)
    return value if isinstance(value, Mistake) or value > 0 else None


def _share_above_zero(text: str) -> object:
    value = read_share(text)
    return value if isinstance(value, Mistake) or value > 0 else None


def _size(text: str) -> object:
    value = read_size(text)
    return value if isinstance(value, Mistake) or value.amount or value.share else None


def _rate(text: str) -> object:
    value = read_rate(text)
    # A rate that is a fraction of one or more is refused by the reader and passes the schema.
    return value if isinstance(value, Mistake) or value < 1 or "/" in text else None


def _expiry(text: str) -> object:
    return read_date(text) if "-" in text else read_duration(text)


def _slip(text: str) -> object:
    steps = read_distance(text)
    return steps if steps is not None or text.startswith("-") else _rate(text)


def _per_contract(text: str) -> object:
    found = read_money_per(text, "")
    return found if isinstance(found, Mistake) or (found.per is not Per.ORDER and found.money.amount) else None


def _signed_per_contract(text: str) -> object:
    found = read_money_per(text, "", signed=True)
    return found if isinstance(found, Mistake) or found.per is not Per.ORDER else None


def bounded_rate(text: str) -> object:
    """A rate for both fees, below 100%."""
    rate = read_rate(text)
    return rate if isinstance(rate, Mistake) or abs(rate) < 1 else None


READERS: dict[str, Read] = {
    "slip": _slip,
    "fees": lambda text: bounded_rate(text) if text.endswith("%") else read_money_per(text, ""),
    "money per contract": _per_contract,
    "signed money per contract": _signed_per_contract,
    "exchange": read_exchange,
    "number": _number_above_zero,
    "share": _share_above_zero,
    "signed rate": _rate,
    "money": read_money,
    "size": _size,
    "symbol": read_symbol,
    "duration": read_duration,
    "expiry": _expiry,
    "first price": lambda text: read_price(text, NUMBER_ONLY),
    "price": lambda text: read_price(text, NUMBER_OR_PERCENT),
    "target price": lambda text: read_price(text, TARGET_PRICE),
    "stop level": lambda text: read_price(text, STOP_PRICE),
}

TEXTS = (
    *("60000", "0.25", "60_000", "6_0.5", "60,000", "1e5", "NaN", ".inf", "010", "0", "0.0", "00", "0_0", "0.01", "_1"),
    *("1.", ".5", "1__0", "-5", "+5", "5-", "no", "1:30", "\uff16\uff10", "5 USDT", "5  USDT", "5 usdt margin"),
    *("25%", "1/3", "0/3", "1/0", "1/00", "3/1", "0%", "0.0%", "100%", "99.99%", "101%", "-0.005%", "--1%", "25 %"),
    *("-1.5%", "+2%", "2%", "2R", "2r", "+1R", "-0.5R", "R", "entry", "Entry", "breakeven", "tier 2", "tier2"),
    *("TIER 2", "target 1", "target"),
    *("-24 ticks", "+1 tick", "-15pips", "+8 POINTS", "8 points", "0.5 ticks", "-24  ticks", "-24 ticksx"),
    *("entry +4 ticks", "tier 2 -10 ticks", "breakeven +1tick", "2.25 USD per contract", "2.25 per lot"),
    *("1 USD per order", "-6.2 per lot", "0 USD per share", "2 USD per side", "+1.1 USD per lot"),
    *("1.27 USD per GBP", "0 USD per GBP", "1.27", "1 per GBP"),
    *("entry +0.2%", "entry +0.2", "entry+0.2%", "entry 0.2%", "tier 2 -50", "none", "tier 1234"),
    *("900 USDT", "0.5 BTC", "12 contracts", "1 lot", "150% equity", "5% margin", "500 USDT margin", "1% risk"),
    *("250 USDT risk", "5 equity", "5 equity margin", "5 margin", "1/3 equity", "5% USDT", "5% margin risk", "900"),
    *("90m", "48h", "3d", "2w", "0h", "00h", "48", "48 h", "1y", "1234567h", "48H"),
    *("2026-12-24", "2026-11-31", "2026-02-30", "2026-13-01", "2026-00-10", "2026-1-1", "0000-01-01", "2026-01-00"),
    *("BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC-260925", "BTCUSDT", "BTC/", "/USDT", "BTC/USDT:", "1000PEPE/USDT"),
    *("M&M/INR", "ES1!/USD", "X=F/USD", "A:B/USDC:USDC", "A/B:C:D", "&A/B", "\u5e01/USDT:USDT", "5 \u5e01"),
    *("5 1000PEPE", "5 5x", "5 5", "A/USD-C:USD-C-260327", "5 M&M", "5 A:B risk"),
)  # fmt: skip


def agree(form: str, text: str) -> None:
    """Whether reader and pattern say the same of a text, blanks around it aside."""
    read = READERS[form](text.strip())
    reads = read is not None and not isinstance(read, Mistake)
    pattern = FORMS[form]["pattern"]
    assert isinstance(pattern, str)
    assert bool(re.search(pattern, text)) == reads, (form, text, read)


@pytest.mark.parametrize("form", READERS)
def test_patterns_take_what_the_reader_takes(form: str) -> None:
    """On a table of right and wrong texts, pattern and reader agree, form by form."""
    for text in TEXTS:
        agree(form, text)


PIECES = st.sampled_from(
    [
        *"0125_.%/-+R: hd",
        "100",
        "entry",
        "breakeven",
        "tier",
        "target",
        "BTC",
        "USDT",
        "margin",
        "risk",
        "equity",
        "lots",
        "ticks",
        "pip",
        "per",
        "lot",
        "order",
    ]
)


@given(form=st.sampled_from(sorted(READERS)), pieces=st.lists(PIECES, min_size=1, max_size=6))
@example(form="size", pieces=["5", " ", "equity"])
def test_patterns_take_what_the_reader_takes_at_random(form: str, pieces: list[str]) -> None:
    """The same on texts put together of the pieces that forms are made of."""
    text = "".join(pieces)
    if not re.search(r"[0-9_]{16}", text) and text.strip():
        agree(form, text.strip())


def test_what_a_pattern_cannot_say() -> None:
    """Known differences: a leap day, the length of a number, and what an editor's own parser hides."""
    pattern = str(FORMS["expiry"]["pattern"])
    assert re.search(pattern, "2026-02-29")
    assert isinstance(read_date("2026-02-29"), Mistake)
    assert read_date("2028-02-29") == date(2028, 2, 29)
    assert re.search(str(FORMS["number"]["pattern"]), "1" * 17)
    assert isinstance(read_number("1" * 17), Mistake)
    # `1e5` and `+5` are numbers before the schema sees them.
    assert {type(_of_plain(text)) for text in ("1e5", "+5")} == {int, float}


@pytest.mark.parametrize(
    ("tiers", "accepted"),
    [
        (["50% at 60000", "50% at 59000 stop"], True),
        (["1/2 at 60000", "1/2 at -2%"], True),
        (["300 USDT at 60000", "300 USDT at 59000"], True),
        ([60000, "59_000", "-4%"], True),
        ([{"price": 60000}, "-4%"], True),
        (["50 at 60000"], False),
        (["50% of 60000"], False),
        (["60000 stopp"], False),
        ([], False),
        (60000, False),
        ({"from": 60000, "to": 57000, "count": 4}, True),
        ({"from": 60000, "to": "-5%", "count": 4, "shares": ["50%", "30%", "20%", "0%"]}, True),
        ({"from": 60000, "count": 4}, False),
        ({"from": 60000, "to": 57000, "count": 1}, False),
        ([{"price": 60000, "share": "50%", "size": "1 BTC"}], False),
    ],
    ids=str,
)
def test_tiers_in_every_form(tiers: object, accepted: bool) -> None:  # noqa: FBT001 - a column of the table
    """Tiers may be prices, short forms, mappings, or a ladder."""
    plan = {"symbol": "BTC/USDT", "side": "long", "size": "900 USDT", "stop": 50000, "tiers": tiers}
    assert accepts(plan) == accepted


@pytest.mark.parametrize(
    ("missing", "accepted"),
    [("name", True), ("symbol", False), ("side", False), ("stop", False), ("size", False), ("leverage", False)],
)
def test_keys_that_must_be_there(missing: str, accepted: bool) -> None:  # noqa: FBT001 - a column of the table
    """What the reader asks for, the schema asks for: a stop, a size, and a leverage where the symbol settles."""
    plan = {
        "name": "x",
        "symbol": "BTC/USDT:USDT",
        "side": "long",
        "leverage": 5,
        "size": "900 USDT",
        "stop": 50000,
        "tiers": [60000],
    }
    assert accepts(plan)
    del plan[missing]
    assert accepts(plan) == accepted
    if missing == "stop":
        assert accepts({**plan, "invalidation": 50000})
    if missing == "leverage":
        assert accepts({**plan, "margin": {"initial": "500 USDT per contract"}})
    if missing == "size":
        assert accepts({**plan, "tiers": ["1 BTC at 60000", {"price": 59000, "size": "1 BTC"}]})
        assert not accepts({**plan, "tiers": ["1 BTC at 60000", {"price": 59000}]})


def test_the_command_prints_it() -> None:
    """`scaleplan schema` prints JSON that is the schema, with and without its options; both at once are wrong usage."""
    assert json.loads(outcome("schema").out) == schema_of(FileKind.PLAN)
    assert json.loads(outcome("schema", "--account").out) == schema_of(FileKind.ACCOUNT)
    assert json.loads(outcome("schema", "--venue").out) == schema_of(FileKind.VENUE)
    assert outcome("schema", "--account", "--venue").code == 2


def test_patterns_have_no_escape_that_editors_refuse() -> None:
    """ECMAScript's strict mode, by which editors read patterns, knows only the escapes of its own syntax."""

    def patterns(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "pattern":
                    yield value
                else:
                    yield from patterns(value)
        elif isinstance(node, list):
            for value in node:
                yield from patterns(value)

    found = [pattern for subject in FileKind for pattern in patterns(schema_of(subject))]
    assert found
    for pattern in found:
        outside = re.sub(r"\[(?:\\.|[^\]\\])*\]", "", pattern)
        assert not re.search(r"\\[^dDwWsSbBnrtvf^$\\.*+?()\[\]{}|/ux0-9]", outside), pattern
