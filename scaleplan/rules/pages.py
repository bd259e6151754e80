"""The pages of what is no rule: how a file, its YAML and its shape can be wrong. Read by `explain` alone.

A rule's page is its own file; the kinds of these mistakes stand where they are found, and what is said of them at
length stands here, with a plan that has it, as in `plans/bad`, and the same plan mended. Where the mistake is in the
bytes, in the amount or on the command line there is no plan to show.
"""

from typing import NamedTuple


class Page(NamedTuple):
    """Why it is wrong, a plan that has it, and the same plan mended; the plans may be empty."""

    why: str
    bad: str = ""
    mended: str = ""


PAGES = {
    "SP001": Page(
        "A plan is text in UTF-8, which every editor of today writes. Bytes of another encoding would be read as "
        "other characters than were typed; nothing is guessed. Save the file as UTF-8; a byte order mark and "
        "Windows line ends are fine.",
    ),
    "SP002": Page(
        "A plan is a page of text. A file of more than 1 MiB is something else, an export or a log, and is not read "
        "to its end.",
    ),
    "SP003": Page(
        "Characters that a screen does not show can hide what a line says, turn its order around, or drive a "
        "terminal. Delete the character; in a text that needs it, write it as an escape inside double quotes.",
    ),
    "SP004": Page(
        "YAML stops at the first place that it cannot read. The message says what stands there and what it was "
        "taken for: mostly a quote or a bracket that is not closed, a tab, a line that is not indented as the one "
        "above it, or a character that YAML keeps for itself.",
        """\
# YAML reads `@` as nothing at all: a price is written without it.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - {price: @150}
  - {price: 140}
stop: 118
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
""",
    ),
    "SP005": Page(
        "A plan is three levels deep. Sixty-four are a mistake, or made to break the programs that read them.",
    ),
    "SP006": Page(
        "The largest plan has some hundreds of values. Twenty thousand are a mistake, or made to break the programs "
        "that read them.",
    ),
    "SP007": Page(
        "An anchor lets another line copy a value. Then a price that is read in one place is traded in two, and "
        "whoever changes the one changes the other without seeing it. A plan is read as it stands: write the value "
        "where it belongs.",
        """\
# Anchors and aliases are refused: each tier says its own price where a reader looks for it.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - &first {price: 150, trigger: touch of the range low}
  - *first
stop: 118
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - {price: 150, trigger: touch of the range low}
  - {price: 140, trigger: touch of the range low}
stop: 118
""",
    ),
    "SP008": Page(
        "An alias stands for a value that was given a name elsewhere (SP007). A plan is read as it stands: write "
        "the value itself. A text that begins with `*` is put in quotes.",
    ),
    "SP009": Page(
        "A tag changes what a value means without saying so: `!!str`, `!!int` or a name of one's own. Every value "
        "of a plan is read as the text it is, so there is nothing for a tag to do.",
        """\
# A YAML type changes what a value means without saying so; every value is read as the text it is.
symbol: SOL/USDT
side: long
size: !!str 900 USDT
tiers: [150, 140]
stop: 118
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
""",
    ),
    "SP010": Page(
        "Merged keys come from somewhere else, and which of two wins is not seen. To keep the account in one place, "
        "name its file: `account: ./account.yaml`.",
        """\
# Merged keys come from somewhere else; a plan is read by people, line by line.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
account:
  <<: {equity: 5000 USDT}
  max_risk: 2%
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
account:
  equity: 5000 USDT
  max_risk: 4%
""",
    ),
    "SP011": Page(
        "Of two keys of one name YAML takes one and drops the other without a word: of two stops nobody knows which "
        "holds.",
        """\
# Two stops: YAML would take one of them and say nothing.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
stop: 125
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 125
""",
    ),
    "SP012": Page(
        "`---` begins another document. Reading only the first would pass over the second in silence. One file "
        "holds one plan; `check` and `show` take several files.",
        """\
# One file, one plan.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
---
symbol: ETH/USDT
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
""",
    ),
    "SP013": Page(
        "There is nothing to read. The shortest plan has five lines: what, which way, how much, where, and where it "
        "is wrong.",
        """\
# A plan that was never written.
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140, 130]
stop: 118
""",
    ),
    "SP014": Page(
        "A key is a plain word. A list or a mapping as a key comes of a `?`, of braces that open too early, or of a "
        "colon without a word before it.",
        """\
# A question mark makes a list into a key.
symbol: SOL/USDT
side: long
size: 900 USDT
? [150, 140]
: tiers
tiers: [150, 140]
stop: 118
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
""",
    ),
    "SP015": Page(
        "Where a blank and a `#` follow a text, YAML ends it there, and the rest becomes a comment: half of a "
        "trigger is gone, and nothing looks wrong. Put the text in quotes. Silent for a comment that stands behind "
        "two blanks or more, or that does not look like the end of the text.",
        """\
# YAML ends a text where a blank and a `#` begin a comment; the second level is lost.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - {price: 150, trigger: touch of the range low}
  - price: 140
    trigger: sweep of level #2
stop: 118
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - {price: 150, trigger: touch of the range low}
  - price: 140
    trigger: "sweep of level #2"
stop: 118
""",
    ),
    "SP016": Page(
        "Inside braces and brackets a comma ends a value. `{price: 60,000}` is a price of 60 and a key `000`; of "
        "`{trigger: RSI > 50, MACD cross}` half is lost. Numbers are written without commas, texts with a comma in "
        "quotes.",
        """\
# Inside braces a comma ends the value: 60,000 is 60 and a key `000`, and half of a trigger is gone.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - {price: 60,000, trigger: touch of the range low}
  - {price: 59000, trigger: RSI > 50, MACD cross}
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - {price: 60000, trigger: touch of the range low}
  - {price: 59000, trigger: "RSI > 50, MACD cross"}
stop: 57000
""",
    ),
    "SP017": Page(
        "Of a kind of problem twenty are listed in a file, and this counts the others; they are in the totals all the "
        "same. So many are seldom as many mistakes: most often the file is no plan, or one bracket is missing. Mend "
        "the first ones and check again.",
    ),
    "SP018": Page(
        "An ignore is a decision, and the reason is what tells it from a way to be left alone. It names codes that "
        "exist, and none without which there are no figures: there the plan is mended instead. One that is not read "
        "so ignores nothing.",
        """\
# What is ignored says why: a reason tells a decision from a way to be left alone. Three of these ignore nothing.
symbol: BTC/USDT:USDT
side: long
leverage: 2                    # scaleplan: ignore[SP406]
margin_mode: cross             # scaleplan: ignore[SP4O6] the whole account stands behind it
account: {equity: 25000, max_risk: 2%, max_leverage: 1}
size: 9000 USDT                # scaleplan: ignore[SP113] nine thousand of what is clear
tiers:
  - {price: 60000, trigger: touch of the range low}
  - {price: 59000, trigger: reclaim of the low}
stop: 57000
targets: [66000]
""",
        """\
symbol: BTC/USDT:USDT
side: long
leverage: 2                    # scaleplan: ignore[SP406] the whole account stands behind it
margin_mode: cross
account: {equity: 25000, max_risk: 2%, max_leverage: 1}
size: 9000 USDT
tiers:
  - {price: 60000, trigger: touch of the range low}
  - {price: 59000, trigger: reclaim of the low}
stop: 57000
targets: [66000]
""",
    ),
    "SP019": Page(
        "The plan has changed, and what was ignored is no longer there. An ignore that is kept would hide the next "
        "problem of its kind. Delete it.",
        """\
# An ignore that has nothing to ignore is told, so that none outlives the decision it was written for.
symbol: BTC/USDT
side: long
account: {equity: 25000, max_risk: 1%}
size: 9000 USDT
tiers:
  - {price: 60000, trigger: touch of the range low}
  - {price: 59000, trigger: reclaim of the low}
stop: 58900                    # scaleplan: ignore[SP503] the plan once risked more than it may
targets: [66000]
""",
        """\
symbol: BTC/USDT
side: long
account: {equity: 25000, max_risk: 1%}
size: 9000 USDT
tiers:
  - {price: 60000, trigger: touch of the range low}
  - {price: 59000, trigger: reclaim of the low}
stop: 58900
targets: [66000]
""",
    ),
    "SP101": Page(
        "A plan says what it trades by keys: `symbol`, `side`, `size`, `tiers`, `stop`. A list or a word alone does "
        "not say what its numbers are. Files that plans name, an account or a venue, are told as what they are.",
        """\
# A list of prices is no plan yet.
- 150
- 140
- 130
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - 150
  - 140
  - 130
stop: 118
""",
    ),
    "SP102": Page(
        "Every plan says what, which way, how much, where, and where it is wrong: `symbol`, `side`, `size`, "
        "`tiers`, and `stop` or `invalidation`. Linear and inverse contracts also say the leverage that is set on "
        "the venue, or a broker's margin for each contract. What is counted in contracts asks for the size of one, a "
        "distance in ticks for the size of a tick. What has a default that everybody would expect is never asked for.",
        """\
# Who is long, and how much may it hold?
symbol: SOL/USDT
tiers: [150, 140, 130]
stop: 118
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140, 130]
stop: 118
""",
    ),
    "SP103": Page(
        "A key that is passed over in silence is a stop that is not there. Keys are spelt one way, and the message "
        "names the nearest one; what is meant for people goes into `notes`.",
        """\
# Keys are spelt one way, so that none is passed over in silence.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - {pric: 150}
  - {price: 140, trigerr: touch of the range low}
stop: 118
stopp: 120
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers:
  - {price: 150}
  - {price: 140, trigger: touch of the range low}
stop: 118
""",
    ),
    "SP104": Page(
        "A single price stands where a list belongs, or a list where a text does. Often a colon inside a text made "
        "a key of its beginning: such a text is put in quotes.",
        """\
# A single number where the list of tiers belongs, and a checklist line that YAML reads as a key.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: 150
stop: 118
checklist:
  - FOMC: flat by 18:00
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150]
stop: 118
checklist:
  - "FOMC: flat by 18:00"
""",
    ),
    "SP105": Page(
        "A key without a value looks as if something were set. Write the value, or delete the key; `stop: none` "
        "says on purpose that there is none.",
        """\
# A key without a value says nothing.
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop:
""",
        """\
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140]
stop: 118
""",
    ),
    "SP106": Page(
        "Numbers are written in one way, digits with an optional point, so that none can be misread: `60,000` is "
        "sixty in one country and sixty thousand in another, and `1e5` is a typing mistake as often as not.",
        """\
# Numbers are written in one way: `60000`, `0.25` or `60_000`.
symbol: BTC/USDT:USDT
side: long
size: 900 USDT
leverage: 1e1
tiers: {from: 60000, to: 57000, count: four}
stop: 56000
""",
        """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 5000 USDT, max_risk: 2%, max_margin: 2%}
size: 900 USDT
leverage: 10
maintenance: 0.5%
tiers: {from: 60000, to: 57000, count: 4}
stop: 56000
""",
    ),
    "SP107": Page(
        "`0.25` may be a quarter or a quarter of a percent. A share says which: `25%`, or `1/3` where it is not a "
        "whole percent.",
        """\
# A share is a percentage or a fraction: 0.75 could be three quarters, or three quarters of a percent.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - {price: 60000, share: 0.75}
  - {price: 59000, share: 25}
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - {price: 60000, share: 75%}
  - {price: 59000, share: 25%}
stop: 57000
""",
    ),
    "SP108": Page(
        "A price is a number. From tier 1's price it may be `-1.5%`, with its sign; in targets and stops also `2R`; "
        "in stops also `entry`, `breakeven`, `tier 2` or `target 1`.",
        """\
# A price that could be misread is no price.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - price: 60,000
  - price: 2%
stop: around 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - price: 60000
  - price: -2%
stop: 57000
""",
    ),
    "SP109": Page(
        "No market trades at zero or below; a percentage that leads there has a digit too many.",
        """\
# No price is at zero or below.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, -100%]
stop: 0
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, -10%]
stop: 50000
""",
    ),
    "SP110": Page(
        "An amount is a number, with its currency or without. Words around it, `about 20k`, say that it is not "
        "known yet.",
        """\
# An amount is a number, with or without its currency.
symbol: BTC/USDT
side: long
account: {equity: about 20k, max_risk: 200 of it}
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
account: {equity: 20000, max_risk: 200 USDT}
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP111": Page(
        "Figures are reckoned in the currency that the contract settles in. An amount in another one needs a "
        "rate of some day, and none is fetched or guessed: an account in another currency says its own, as "
        "`rate: 1.08 USDT per EUR`.",
        """\
# The account is in euro, the contract settles in USDT: which rate, and when?
symbol: BTC/USDT
side: long
account: {equity: 20000 EUR}
size: 900 EUR
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
account: {equity: 21500 USDT, max_risk: 2%}
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP112": Page(
        "`48` may be minutes, hours or days. Durations say it: `90m`, `48h`, `3d`, `2w`.",
        """\
# 48 what?
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
time_stop: {after: 48}
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
time_stop: {after: 48h}
""",
    ),
    "SP113": Page(
        "900 of money, of coins or of risk are three different trades. A size names its unit, and the unit also "
        "says what the shares divide: `900 USDT`, `0.5 BTC`, `12 contracts`, `150% equity`, `5% margin`, `1% risk`.",
        """\
# 900 what? Money, quantity and risk are three different trades.
symbol: BTC/USDT
side: long
size: 900
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP114": Page(
        "Some keys take one of a few words. The message lists them and names the nearest.",
        """\
# Words that a venue's form may use, but the plan language does not.
symbol: BTC/USDT
side: buy
style: piramid
size: 900 USDT
tiers: [{price: 60000, order: stpo}, {price: 59000}]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
style: pyramid
size: 900 USDT
tiers:
  - {price: 60000, order: stop, trigger: breaks the range high}
  - {price: 61000, trigger: breaks the high of the week}
stop: 57000
""",
    ),
    "SP115": Page(
        "A symbol says what is traded for what, BASE/QUOTE, and for a contract what it settles in, "
        "BASE/QUOTE:SETTLE. Run together, `BTCUSDT`, nobody can tell where the one ends.",
        """\
# Without the slash nobody can tell the base from the quote.
symbol: BTCUSDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP116": Page(
        "A date is year-month-day, a day that the calendar has: `03/04/2026` is March in one country and April in "
        "another.",
        """\
# There is no 31st of November.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
expires: 2026-11-31
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
expires: 2026-11-30
""",
    ),
    "SP117": Page(
        "A quanto contract pays in a third currency at a fixed rate; its margin and profit follow other formulas, "
        "which this version does not have. What cannot be reckoned rightly is not reckoned.",
        """\
# A contract on ETH in dollars that settles in bitcoin.
symbol: ETH/USD:BTC
side: long
size: 900 USD
leverage: 5
tiers: [2500, 2400]
stop: 2300
""",
        """\
symbol: ETH/USD:ETH
side: long
account: {equity: 2 ETH, max_risk: 2%, max_margin: 5%}
size: 900 USD
leverage: 5
maintenance: 0.5%
tiers: [2500, 2400]
stop: 2300
""",
    ),
    "SP118": Page(
        "What is bought outright has no leverage and cannot be sold short; a contract has both. Left out, "
        "`contract` follows from the symbol.",
        """\
# Bought outright, there is no leverage, and nothing to sell short.
symbol: BTC/USDT
contract: spot
side: short
leverage: 5
size: 900 USDT
tiers: [60000, 61000]
stop: 62000
""",
        """\
symbol: BTC/USDT:USDT
contract: linear
side: short
account: {equity: 5000 USDT, max_risk: 2%, max_margin: 5%}
leverage: 5
maintenance: 0.5%
size: 900 USDT
tiers: [60000, 61000]
stop: 62000
""",
    ),
    "SP119": Page(
        "A percentage of risk, margin or limits is one of equity. Write `account: {equity: 25000}`, name a file "
        "that holds it, or give it for one run: `--equity 25000`.",
        """\
# 2% of what?
symbol: BTC/USDT
side: long
account: {max_risk: 2%}
size: 1% risk
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
account: {equity: 25000 USDT, max_risk: 2%}
size: 1% risk
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP120": Page(
        "R is the distance from the average entry to the plan's own stop, and a size in risk is measured by it. "
        "With `stop: none` there is nothing to measure with.",
        """\
# R is the distance to the stop; without a stop there is no R.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: none
targets: [50% at 2R, rest at 70000]
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
targets: [50% at 2R, rest at 70000]
""",
    ),
    "SP121": Page(
        "Shares divide the plan's size; a tier's own size stands for itself. Mixed, nobody knows of what a share is "
        "one.",
        """\
# One tier says its share, the other its size: of what is the share?
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - {price: 60000, share: 50%}
  - {price: 59000, size: 300 USDT}
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - {price: 60000, size: 600 USDT}
  - {price: 59000, size: 300 USDT}
stop: 57000
""",
    ),
    "SP122": Page(
        "`after: tier 3` and `stop: target 2` name rows of the plan, counted from 1. One that is not there cannot "
        "fill, and cannot be hit.",
        """\
# The plan has two tiers and one target.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - 60000
  - {price: 59000, after: tier 3}
stop: 57000
targets:
  - {price: 62000, close: 50%, stop: target 2}
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - 60000
  - {price: 59000, after: tier 1}
stop: 57000
targets:
  - {price: 62000, close: 50%, stop: breakeven}
  - 66000
""",
    ),
    "SP123": Page(
        "Some forms mean something in one place only: R and `entry` are measured by the plan's own stop, so it "
        "cannot be written in them; only the last target can trail, because only there something is left for good.",
        """\
# R and `entry` are measured by the plan's own stop, and only the last target can trail.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: -1R
targets:
  - {price: 62000, close: 50%, trail: 2%}
  - 64000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
targets:
  - {price: 62000, close: 50%, stop: breakeven}
  - {price: 66000, close: 30%, trail: 2%}
""",
    ),
    "SP124": Page(
        "A ladder names its ends and how many steps lie between them, two at least; they lie `even` (equal price "
        "steps) or `geometric` (equal ratios).",
        """\
# One step is no ladder.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: {from: 60000, to: 57000, count: 1, spacing: wide}
stop: 56000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: {from: 60000, to: 57000, count: 4, spacing: even}
stop: 56000
""",
    ),
    "SP125": Page(
        "A venue asks for more margin the larger a position is. Rates that fall, brackets that overlap, and rates "
        "that reach 100% are typing mistakes, and would move the liquidation price.",
        """\
# A larger position never needs a smaller rate.
symbol: BTC/USDT:USDT
side: long
leverage: 5
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
maintenance:
  - {up_to: 50000, rate: 0.5%}
  - {up_to: 250000, rate: 0.4%}
""",
        """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 5000 USDT, max_risk: 2%}
leverage: 1
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
maintenance:
  - {up_to: 50000, rate: 0.4%}
  - {up_to: 250000, rate: 0.5%}
""",
    ),
    "SP126": Page(
        "A plan may name the file of its account or its venue, relative to its own folder. Without the file, what "
        "it would say is missing, and nothing stands in for it.",
        """\
# The account is kept in a file that is not there.
symbol: BTC/USDT
side: long
account: ./acount.yaml
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
account: {equity: 25000 USDT, max_risk: 4%}
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP127": Page(
        "`--set tiers[4].price=140` changes what is there; a tier that the plan does not have cannot be changed. "
        "Paths count from 0, as they do in diagnostics.",
    ),
    "SP128": Page(
        "A plan of more than 200 tiers or targets is no plan that a person trades. The limit keeps one file from "
        "holding up all others.",
    ),
    "SP129": Page(
        "A venue's name stands for its margin model. One that is not known would leave the liquidation price to "
        "chance; write the venue as a mapping, or the `maintenance` rate that it prints.",
        """\
# A venue that nobody has heard of.
symbol: BTC/USDT:USDT
side: long
venue: binnance
leverage: 5
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT:USDT
side: long
venue: binance
maintenance: 0.5%
account: {equity: 5000 USDT, max_risk: 2%}
leverage: 1
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP130": Page(
        "The form is right and the value cannot be: a share of nothing, a fee of all, a size of zero. The message "
        "says between which bounds it may lie.",
        """\
# Nothing is bought, and half of every fill slips away.
symbol: BTC/USDT
side: long
size: 900 USDT
slippage: 100%
tiers:
  - {price: 60000, share: 0%}
  - {price: 59000, share: 100%}
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
slippage: 0.1%
tiers:
  - {price: 60000, share: 50%}
  - {price: 59000, share: 50%}
stop: 57000
""",
    ),
    "SP131": Page(
        "Where tiers wait for each other none of them ever fills. Let one of them wait for a price instead.",
        """\
# Each waits for the other.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - 60000
  - {price: 59000, after: tier 3}
  - {price: 58000, after: tier 2}
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers:
  - 60000
  - {price: 59000, after: tier 1}
  - {price: 58000, after: tier 2}
stop: 57000
""",
    ),
    "SP132": Page(
        "Everything is written as it should be, and together it has no figure: 3R below a short's entry is a price "
        "below zero, or no size loses as much as the plan wants to risk.",
        """\
# The stop is so far that 3R below a short entry is below zero.
symbol: SOL/USDT:USDT
side: short
leverage: 1
maintenance: 1%
size: 900 USDT
tiers: [150]
stop: 210
targets: [50% at 1R, rest at 3R]
""",
        """\
symbol: SOL/USDT:USDT
side: short
account: {equity: 5000 USDT, max_risk: 20%}
leverage: 1
maintenance: 1%
size: 900 USDT
tiers: [150]
stop: 190
targets:
  - {price: 1R, close: 50%, stop: breakeven}
  - rest at 3R
""",
    ),
    "SP133": Page(
        "Of two values for one thing nobody knows which holds. Keep one.",
        """\
# Two maintenance rates: which of them is the venue's?
symbol: BTC/USDT:USDT
side: long
leverage: 5
maintenance: 0.5%
venue: {name: my venue, maintenance: 1%}
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT:USDT
side: long
account: {equity: 5000 USDT, max_risk: 2%}
leverage: 1
venue: {name: my venue, maintenance: 1%}
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
    "SP134": Page(
        "Written short, a tier is `50% at 60000` or `0.1 BTC at 60000`, perhaps with `limit`, `stop` or `market` "
        "behind it, and a target is `30% at 64000` or `rest at 3R`. Anything else is a guess.",
        """\
# A short form is how much `at` where, and perhaps an order.
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [50% @ 60000, 30% 59000, 20% at 60500 stpo]
stop: 57000
targets: [50% 62000, rest at 64000]
""",
        """\
symbol: BTC/USDT
side: long
size: 900 USDT
tiers: [50% at 60000, 30% at 59000, 20% at 58500]
stop: 57000
targets:
  - {price: 62000, close: 50%, stop: breakeven}
  - rest at 64000
""",
    ),
    "SP135": Page(
        "A plan may come from a stranger, and what it names is read and may be quoted. So it names `.yaml` and `.yml` "
        "files within its repository (the nearest folder upward that holds `.git`), or where there is none within the "
        "nearest folder that holds `.scaleplan.yaml`, else within its own. Links are followed before that is judged. "
        "`--allow-files DIR` allows more for one run; a policy cannot, because it comes with the plan.",
        """\
# The account is kept where no plan from elsewhere should look.
symbol: BTC/USDT
side: long
account: /etc/scaleplan/account.yaml
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
        """\
symbol: BTC/USDT
side: long
account: {equity: 25000 USDT, max_risk: 4%}
size: 900 USDT
tiers: [60000, 59000]
stop: 57000
""",
    ),
}
