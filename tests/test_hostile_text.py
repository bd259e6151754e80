"""Text that nobody would write into a plan takes time in proportion to its length, and never more than it is long.

A quadratic pattern or loop takes sixteen times as long for four times the text. So each text of 80 KB that takes
longer than any should is compared with the same of 20 KB, in one run and by the processor's own time, the best of
several: at most six times as long.
"""

import gc
import json
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from scaleplan.decode.overrides import read_override
from scaleplan.diagnostic import Severity, count_of
from scaleplan.layout import lay_out
from scaleplan.policy.ignores import MOST
from scaleplan.quantity import amount, number, price
from scaleplan.report.diagnostics.text import render
from scaleplan.report.layout import wrap
from scaleplan.report.line_diff import MOST as COMPARED
from scaleplan.report.line_diff import differences
from scaleplan.report.page import Cell
from scaleplan.report.page_terminal import draw
from scaleplan.report.visible import visible
from scaleplan.study import Session, Settings, Studied, Unread
from scaleplan.tree.collector import LISTED
from tests.benchmarks.hostile import CHARACTERS, OPTIONS, PLACES, PLAN, plan_with, repeated
from tests.running import outcome

#: The longer text has so many characters, the shorter a quarter.
LONG = 80_000
#: Four times the text may take six times as long.
MOST_TIMES = 6
#: Below it a time says nothing: garbage is collected, other programs run.
FLOOR = 0.06
ATTEMPTS = 3


def spent(work: Callable[[], object]) -> float:
    """The processor time of this process for something, without looking for garbage, as the program runs."""
    gc.disable()
    try:
        begin = time.process_time()
        work()
        return time.process_time() - begin
    finally:
        gc.enable()


def too_slow(make: Callable[[int], str], work: Callable[[str], object], length: int = LONG) -> str:
    """Why something is not linear in the length of a text; empty where it is, or where it takes no time to speak of."""
    long = make(length)
    first = spent(lambda: work(long))
    if first <= FLOOR:
        return ""
    short = make(length // 4)
    fast = max(FLOOR / MOST_TIMES, min(spent(lambda: work(short)) for _ in range(ATTEMPTS)))
    # One that is far beyond all bounds is not asked again.
    slow = first if first > 3 * MOST_TIMES * fast else min(first, *(spent(lambda: work(long)) for _ in range(ATTEMPTS)))
    return f"{fast:.3f} s, {slow:.3f} s" if slow > MOST_TIMES * fast else ""


def judged(text: str) -> Studied:
    """A plan read, judged, and what is wrong with it written out."""
    study = Session(Settings(with_policies=False)).study("plan.yaml", text.encode("utf-8", "surrogatepass"))
    render(study.diagnostics, width=80, colour=False)
    return study


def assert_linear(cases: Iterable[tuple[str, Callable[[int], str], Callable[[str], object]]]) -> None:
    """None of the cases is too slow, each told by its name."""
    found = {name: why for name, make, work in cases if (why := too_slow(make, work))}
    assert not found


def in_place(place: str, characters: str, part: int = 1) -> Callable[[int], str]:
    """Plans of any length with the characters in a place."""
    return lambda length: plan_with(place, characters, length // part)


def among(before: str, characters: str, behind: str) -> Callable[[int], str]:
    """Texts of any length with the characters between two others."""
    return lambda length: before + repeated(characters, length) + behind


#: Places that are read as others are; the benchmark asks them too.
LIKE_OTHERS = ("folded text", "single quotes", "list of texts", "limit", "short target", "money", "behind the plan")


@pytest.mark.parametrize("place", [place for place in PLACES if place not in LIKE_OTHERS])
def test_a_plan_takes_time_in_proportion_to_its_length(place: str) -> None:
    """Sixty characters and pairs in some twenty places: four times the text takes at most six times as long."""
    assert_linear((repr(characters), in_place(place, characters), judged) for characters in CHARACTERS)


def test_options_take_time_in_proportion_to_their_length() -> None:
    """The same characters in the value and the path of `--set`."""
    assert_linear(
        (f"{place}, {characters!r}", among(before, characters, behind), read_override)
        for place, (_, text) in OPTIONS.items()
        for before, _, behind in (text.partition(">"),)
        for characters in CHARACTERS
    )


def laid_out(text: str) -> object:
    """A plan in canonical layout."""
    return lay_out("plan.yaml", text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("place", ["quoted text", "trigger", "checklist", "comment"])
def test_layout_takes_time_in_proportion_to_its_length(place: str) -> None:
    """`fmt` of the places in which a text may say anything, the plans half as long."""
    assert_linear((repr(characters), in_place(place, characters, 2), laid_out) for characters in CHARACTERS)


#: Everything that reads a written form, by its name.
FORMS: dict[str, Callable[[str], object]] = {
    "number": number.read_number,
    "share": number.read_share,
    "rate": number.read_rate,
    "price": lambda text: price.read_price(text, price.STOP_PRICE),
    "distance": price.read_distance,
    "money": amount.read_money,
    "money per": lambda text: amount.read_money_per(text, "2 USD per lot"),
    "exchange": amount.read_exchange,
    "size": amount.read_size,
    "duration": amount.read_duration,
    "date": amount.read_date,
    "symbol": amount.read_symbol,
    "visible": visible,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_written_form_takes_time_in_proportion_to_its_length(form: str) -> None:
    """The forms by themselves, as options and files beside the plans bring them, the characters among digits."""
    assert_linear(
        (f"{before}{characters!r}{behind}", among(before, characters, behind), FORMS[form])
        for characters in CHARACTERS
        for before, behind in (("5", "0"), ("entry +1", " R"))
    )


def patterns(value: object) -> set[str]:
    """Every pattern of a schema."""
    if isinstance(value, dict):
        own = {value["pattern"]} if isinstance(value.get("pattern"), str) else set[str]()
        return own.union(*map(patterns, value.values()))
    return set[str]().union(*map(patterns, value)) if isinstance(value, list) else set()


def test_patterns_of_the_schema_take_time_in_proportion() -> None:
    """An editor asks them of every value that is typed."""
    found = patterns(json.loads(outcome("schema").out))
    assert len(found) > 10
    assert_linear(
        (f"{pattern} {characters!r}", among("5", characters, "!"), re.compile(pattern).search)
        for pattern in found
        for characters in (" ", "0", "_", "_0", "%", "a", "\t", "5 ", " at ", "0.", "/1", "+", "-")
    )


def drawn(text: str) -> object:
    """A text as a line of the terminal."""
    return draw([(Cell(text),)], colour=True)


def wrapped(text: str) -> object:
    """A text in lines of the terminal."""
    return wrap(text, 80)


def test_drawn_lines_take_time_in_proportion_to_their_blanks() -> None:
    """What tables are drawn with: wrapping, and the blanks at the ends of lines."""
    assert_linear(
        [
            ("blanks", among("x", " ", "y"), drawn),
            ("words", among("x", " a", "y"), wrapped),
            ("one word", among("x", "a", "y"), wrapped),
            ("wide characters", among("x", "\U0001f469", "y"), wrapped),
        ]
    )


# Many of a kind


def counted(study: Studied) -> Counter[str]:
    """How often each code is listed."""
    return Counter(diagnostic.code for diagnostic in study.diagnostics)


def test_of_a_kind_twenty_are_listed_and_the_others_counted() -> None:
    """9,000 unknown keys are 20 diagnostics and one that counts 8,980; totals and exit code know of all of them."""
    study = judged(PLAN + "".join(f"key{number}: 1\n" for number in range(9_000)))
    assert counted(study) == {"SP103": LISTED, "SP017": 1}
    assert study.count(Severity.ERROR) == 9_000
    rest = study.diagnostics[-1]
    assert rest.message == "8,980 more of SP103 unknown-key are not listed"
    assert rest.span == study.diagnostics[-2].span


def test_check_tells_how_many_more_there_are(tmp_path: Path) -> None:
    """In JSON the totals count those that are not listed, and the last diagnostic says how many it stands for."""
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN + "".join(f"key{number}: 1\n" for number in range(30)), encoding="utf-8")
    found = outcome("check", str(file), "--format", "json")
    told = json.loads(found.out)
    assert (found.code, told["error_count"], len(told["diagnostics"])) == (1, 30, 21)
    assert [one.get("count") for one in told["diagnostics"]] == [None] * 20 + [10]
    assert "30 errors in 1 plan" in outcome("check", str(file)).out


def test_twenty_of_a_kind_are_all_listed() -> None:
    """Nothing is left out where the twentieth is the last, and each file of a run has its own twenty."""
    study = judged(PLAN + "".join(f"key{number}: 1\n" for number in range(LISTED)))
    assert counted(study) == {"SP103": LISTED}


def test_a_file_full_of_warnings_has_no_errors() -> None:
    """What stands for the rest is as severe as the rest; warnings that are ignored are not among them."""
    cut = "".join(f"  - level #{number}\n" for number in range(30))
    study = judged(PLAN.replace("notes: none\n", f"notes:\n{cut}"))
    assert counted(study)["SP015"] == LISTED
    rest = [diagnostic for diagnostic in study.diagnostics if diagnostic.rest]
    assert [(diagnostic.severity, diagnostic.rest) for diagnostic in rest] == [(Severity.WARNING, 10)]
    assert study.count(Severity.ERROR) == 0


@pytest.mark.parametrize(
    "text",
    [
        "notes:\n" + "- a # scaleplan: ignore[SP602] x\n" * 4_000,
        "notes:\n" + "# scaleplan: ignore[SP602] x\n" * 4_000 + "- a\n",
        "notes: x # scaleplan: ignore[" + "SP602," * 10_000 + "] x\n",
        "notes: x # scaleplan: ignore[" + ",".join(f"word-{n}" for n in range(10_000)) + "] x\n",
        "notes:\n" + "- a # scaleplan: ignroe\n" * 4_000,
        "".join(f"key{n}: 1\n" for n in range(9_000)),
        "notes: 1\n" * 9_000,
        "notes:\n" + "- &a 1\n" * 9_000,
        "notes:\n" + "- *a\n" * 9_000,
        "notes:\n" + "- |\n  a\n" * 6_000,
        "? " + "k" * 200_000 + "\n: [" + "a\x01," * 9_000 + "]\n",
        "? " + "k" * 200_000 + "\n: [" + "a," * 9_000 + "] # x\n",
    ],
    ids=[
        "ignores",
        "ignores above",
        "one code often",
        "codes that are none",
        "misspelt ignores",
        "unknown keys",
        "duplicate keys",
        "anchors",
        "aliases",
        "block texts",
        "long key, refused characters",
        "long key, comment",
    ],
)
def test_much_of_a_kind_is_answered_at_once(text: str) -> None:
    """Each took seconds or minutes while every one of them was compared with all others; now a second is ample."""
    assert spent(lambda: judged(PLAN.replace("notes: none\n", text))) < 1.5


def test_more_than_a_thousand_ignored_codes_are_not_read() -> None:
    """The first thousand hold, and the place where the others begin is told."""
    held = "".join(f"  - a # scaleplan: ignore[SP602] {n}\n" for n in range(MOST + 2))
    study = judged(PLAN.replace("notes: none\n", f"notes:\n{held}"))
    bad = [diagnostic for diagnostic in study.diagnostics if diagnostic.code == "SP018"]
    assert [diagnostic.message for diagnostic in bad] == [
        "the plan ignores more than 1,000 codes, and what is ignored from here on is not read"
    ]
    assert bad[0].span.text == f"# scaleplan: ignore[SP602] {MOST}"


def test_a_policy_full_of_words_that_are_no_codes_is_read_at_once() -> None:
    """Of 9,000 words the nearest code is looked for as often as it is told."""
    words = ",".join(f"averging-{n}" for n in range(9_000))
    session = Session(Settings(with_policies=False))
    found: list[Unread] = []
    work = lambda: found.append(session.beside(".scaleplan.yaml", f"ignore: [{words}]\n".encode(), "policy"))  # noqa: E731
    assert spent(work) < 1.5
    assert count_of(found[0].diagnostics, Severity.ERROR) == 9_000
    assert len(found[0].diagnostics) == LISTED + 1


def test_explain_answers_twenty_words_that_are_none() -> None:
    """The others are counted."""
    found = outcome("explain", "SP401", *(f"word-{n}" for n in range(LISTED + 5)))
    assert found.code == 2
    assert found.talk.count("is the code or name of no rule") == LISTED
    assert found.talk.endswith("scaleplan: 5 more words are the code or name of no rule\n")
    assert "SP401" in found.out


def test_saved_answers_of_too_many_values_are_not_read(tmp_path: Path) -> None:
    """A value takes a hundred times the memory of its text: 500,000 are read, one more is told before any is."""
    file = tmp_path / "saved.json"
    # A list of n numbers has n - 1 commas and a bracket.
    file.write_text(f"[{','.join('1' * 500_001)}]", encoding="utf-8")
    found = outcome("venues", "import", str(file))
    assert (found.code, "the file has more than 500,000 values, so it was not read" in found.talk) == (1, True)
    file.write_text(f"[{','.join('1' * 500_000)}]", encoding="utf-8")
    assert "values" not in outcome("venues", "import", str(file)).talk


def test_a_file_of_comments_is_left_alone_by_fmt() -> None:
    """20,000 are laid out, one more is told."""
    many = lay_out("plan.yaml", (PLAN + "#\n" * 20_001).encode())
    assert many.text is None
    assert [one.message for one in many.diagnostics] == [
        "the file has more than 20,000 comments, so it was left as it is"
    ]
    assert lay_out("plan.yaml", (PLAN + "#\n" * 20_000).encode()).text is not None


def test_a_diff_of_long_texts_is_one_change() -> None:
    """What differs stands between the first line and the last that do, with three lines around, as `patch` takes it."""
    before = [f"{n}\n" for n in range(COMPARED + 1)]
    after = [*before[:500], "new\n", *before[501:600], *before[601:]]
    lines = list(differences(before, after, "a"))
    assert lines[:3] == ["--- a\n", "+++ a\n", "@@ -498,107 +498,106 @@\n"]
    assert lines[3:8] == [" 497\n", " 498\n", " 499\n", "-500\n", "-501\n"]
    assert lines[-4:] == ["+599\n", " 601\n", " 602\n", " 603\n"]
    assert list(differences(before, before, "a")) == []
    alternating = [f"{n}\n" if n % 2 else f"{n} \n" for n in range(20_000)]
    changed = [line.replace(" ", "") for line in alternating]
    assert spent(lambda: list(differences(alternating, changed, "a"))) < 1


@pytest.mark.parametrize("behind", ["", f"---\n{PLAN}"], ids=["alone", "before a plan"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"], ids=repr)
def test_orders_to_yaml_are_not_read_by_the_thousand(behind: str, end: str) -> None:
    """Libyaml compares each `%TAG` with all before it: 60,000 took it 13 seconds."""
    text = "".join(f"%TAG !a{number}! b{end}" for number in range(60_000)) + behind
    found: list[Studied] = []
    assert spent(lambda: found.append(judged(text))) < 1.5
    assert [one.message.partition(":")[0] for one in found[0].diagnostics] == ["more than 100 lines begin with `%`"]


def test_few_orders_are_read_as_ever() -> None:
    """A hundred lines that begin with `%` are told one by one, as far as they are listed."""
    assert counted(judged("%TAG !a! b\n" * 100))["SP004"] == LISTED
    assert counted(judged(f"%YAML 1.1\n---\n{PLAN}"))["SP004"] == 0


def test_letters_that_are_eighteen_are_not_spelt_out() -> None:
    """A price of 300,000 ligatures, each of which stands for eighteen letters, is no number and no memory."""
    text = "57000" + "\ufdfa" * 300_000
    tracemalloc.start()
    try:
        found = number.read_number(text)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not isinstance(found, Decimal)
    assert most < 20_000_000
