"""The fast kernel: plans of a variant made, walked over bars and booked in doubles, by plain functions on numbers.

The only place where a rule of the plan stands a second time. It is held to the exact machine by a law on thousands of
random plans, and again by every variant that is told of by name. What it is not sure of it asks for: `run` returns with
a question, and goes on with the answer of the exact machine. Compiled by numba where that is installed; without it the
same functions give the same numbers, some 35 times slower.

All that a function knows is in flat rows of numbers: `pi` and `pf` are the variant (`program` makes them), `w` and `f`
the work in hand, whole numbers and others: prices and orders of one plan, states, branches, the states inside a bar.
"""

from collections.abc import Callable, MutableSequence
from math import floor, isnan, nan
from typing import TypeVar, cast

try:
    from numba import config, njit

    COMPILED = not config.DISABLE_JIT
except ImportError:
    njit, COMPILED = None, False

_Function = TypeVar("_Function", bound=Callable[..., object])
Numbers = MutableSequence[float]
Wholes = MutableSequence[int]


def compiled(function: _Function) -> _Function:
    """Returns a function as machine code, where there is a compiler."""
    if not COMPILED:
        return function
    # Nothing here divides by zero, and nobody but `run` is called from outside: both would be compiled for every call.
    outside = function.__name__ == "run"
    # Nothing here makes an array, and who calls `run` holds all of them: counting references took most of the time.
    make = njit(cache=True, error_model="numpy", no_cpython_wrapper=not outside, _nrt=False)
    return cast("_Function", make(function))


# Where numbers stand in `pi`: the plan's kinds and counts, then five for each tier and six for each target.
(TIERS, TARGETS, SIGN, INVERSE, SPOT, CROSS, MODEL, FIRST_ENDS, TRAIL, SIZE_KIND, RISK_UNIT, HAS_STOP) = range(12)
(HAS_WRONG, EXPIRES, TIME_STOP, UNLESS, UNLESS_NUMBER, BRACKETS, ON_MARK, BY_VALUE, MEASURE, PER_CONTRACT) = range(
    12, 22
)
(KEEPS, HAS_LOT, BY_CONTRACT, TIMED_PLAN, ENDS_AT, HAS_LEAST, COEFFICIENTS, FILLED_BEFORE, OVERLAP, HAS_EQUITY) = range(
    22, 32
)
(ALWAYS_GRAPH, CLOSING, OWN_SIZES, STEP_NS, LEVEL_TICKS, COLUMNS, SLOTS, MODES, LINES) = range(32, 41)
#: Set where doubles cannot say on which tick a level lies.
NOT_SURE = 41
PI_TIERS, PI_TIER, PI_TARGET = 42, 5, 6
# Of a tier: its order (-1: by its price), what it waits for (0 nothing, 1 a price, 2 a tier), which, its stop's kind.
T_ORDER, T_AFTER, T_AFTER_TIER, T_STOP, T_STOP_NUMBER = range(5)
# Of a target: the kind of its price, its order, what it closes of (0 nothing, 1 position, 2 rest, 3 all), its stop.
G_PRICE, G_ORDER, G_CLOSES, G_STOP, G_STOP_NUMBER, G_MARKED = range(6)
# Kinds of levels.
NOTHING, FIXED, IN_R, AT_ENTRY, AT_BREAKEVEN, AT_TIER, AT_TARGET = range(7)
LIMIT, STOP, MARKET = range(3)
OF_POSITION, OF_REST, OF_ALL = 1, 2, 3
# Where numbers stand in `pf`, then four for each tier and five for each target.
(MAKER, TAKER, PER_UNIT, PER_ORDER, SLIP, SLIP_PRICE, HALF, LEVERAGE, EXTRA, EQUITY, KEPT_BACK, TICK, LOT) = range(13)
(LEAST, CONTRACT, SIZE, CLOSING_FEE, RESERVE, OF_CONTRACT, BANKRUPTCY, INITIAL, RISK, TIME_CLOSE, TRAIL_RATIO) = range(
    13, 24
)
UNLESS_N, UNLESS_RATIO, LEAST_PRICE, THROUGH = range(24, 28)
PF_TIERS, PF_TIER, PF_TARGET = 30, 4, 5
F_SHARE, F_STOP_N, F_STOP_RATIO, F_OWN = range(4)
H_N, H_RATIO, H_CLOSE, H_STOP_N, H_STOP_RATIO = range(5)
# Where prices stand in `lv`: of the plan, then three for each tier and two for each target; quantities, triggers.
V_STOP, V_WRONG, V_TRAIL, V_UNLESS, V_TIERS = range(5)
V_PRICE, V_AFTER, V_TIER_STOP = range(3)
# A state.
FILLED, TOUCHED, WAITING, HITS, EXPIRED, TIMED, BY_TARGET, EXITED, WHOLES = range(9)
HELD, COST, FEES, FIRST, STOP_AT, KEPT, REALIZED, PRICE, MARKS = range(9)
# Kinds of sizes.
NOTIONAL, QUANTITY, CONTRACTS, BY_RISK, BY_MARGIN, IN_COIN = range(6)
# What can happen.
NO_EVENT, LIQUIDATE, STOP_OUT, GIVE_UP, HIT, TOUCH, ENTER, CALL_OFF, TRAILING = range(9)
#: What doubles may be wrong by in a price, as a share of it; what is nearer is at it.
NEAR = 1e-12
#: Later than any bar.
NEVER = 1 << 62
#: How many states a bar, ways out of it, and branches are held; beyond, the exact machine is asked.
NODES, WAYS, BRANCHES = 192, 96, 48
# Branches and ways out of a bar share rows: first those, then these, then the states inside a bar, then spare ones.
ROWS, SPARE = BRANCHES + WAYS + NODES + 4, BRANCHES + WAYS + NODES
#: More tiers, or targets, than the kernel has rows for; and how much room a program has, with its brackets and lines.
MOST = 40
PROGRAM_WHOLES, PROGRAM_NUMBERS = PI_TIERS + (PI_TIER + PI_TARGET + 5) * MOST + 4, 4_096

# A branch: of what is next above it and below it, kind and tier, is found once for all bars up to one that gets there.
ALIVE, NEXT, SEEN, SINCE, FRESH, TRAILS, UP_KIND, UP_TIER, DOWN_KIND, DOWN_TIER, BRANCH_WHOLES = range(11)
#: Whether what is next is to be found yet, not yet looked for, found, or at once.
STALE, BEGINNING, FOUND, AT_ONCE = range(4)
LESS, MORE, TRAIL_LEAST, TRAIL_MOST, BELOW, ABOVE, BRANCH_NUMBERS = range(7)
# A state inside a bar; its least and most stand in `f`.
HIGH_MET, LOW_MET, DONE, RANK, NODE_WHOLES = range(5)

# Where the work stands in `w`: orders of tiers; of the walk ways and nodes in use, whether a tier was filled, the last
# bar, too much to hold, how many rows of branches have been in use, the branch that knows what is next of a bar's
# first state, or -1, and whether something was nearer than `MARGIN`; where each level of blocks begins; states;
# branches; nodes.
OD = 0
(W_WAYS, W_NODES, W_FILLED, W_LAST, W_FULL, W_BRANCHES, W_KNOWN, W_CLOSE, BLOCKS) = range(MOST, MOST + 9)
#: The rows of `bars`, and how many levels of blocks there are.
OPENS, HIGHS, LOWS, CLOSES, TOPS, BOTTOMS = range(6)
LEVELS = 4
SI = BLOCKS + LEVELS
BI = SI + ROWS * WHOLES
NI = BI + ROWS * BRANCH_WHOLES
WORK_WHOLES = NI + NODES * NODE_WHOLES
# And in `f`: prices and quantities of the plan from 0 on; what each tier risks; 1R and the full margin; the worst and
# the best end of a walk so far; how near prices have to be to be told; branches; nodes; states, whose width depends on
# the targets.
RISKS = V_TIERS + 6 * MOST
P_ONE_R, P_MARGIN, W_WORST, W_BEST, MARGIN, BF = range(RISKS + MOST, RISKS + MOST + 6)
NF = BF + ROWS * BRANCH_NUMBERS
SF = NF + NODES * 2
WORK_NUMBERS = SF + ROWS * (MARKS + MOST)


@compiled
def same(first: float, second: float) -> bool:
    """Returns whether two prices are one."""
    return abs(first - second) <= NEAR * abs(second)


@compiled
def compare(w: Wholes, f: Numbers, first: float, second: float) -> None:
    """Notes where two prices are so near that the other world of limits may put them the other way round."""
    if abs(first - second) <= f[MARGIN]:
        w[W_CLOSE] = 1


@compiled
def compare_tier(w: Wholes, f: Numbers, index: int, first: float, second: float) -> None:
    """Notes the same of a tier, but for a first one at market: that is bought at an open, before any limit."""
    if index or w[OD] != MARKET:
        compare(w, f, first, second)


@compiled
def note(w: Wholes, f: Numbers) -> None:
    """Notes that what comes depends on where price stands after a limit, which is not the same in every world."""
    if f[MARGIN] >= 0:
        w[W_CLOSE] = 1


@compiled
def reached(price: float, level: float, sign: int) -> bool:
    """Returns whether a price is at a stop level or beyond it (for a target: with the sign turned)."""
    return sign * (price - level) <= 0 or same(price, level)


@compiled
def worth(pi: Wholes, quantity: float, price: float) -> float:
    """Returns the value of a quantity at a price in settle currency."""
    return quantity / price if pi[INVERSE] else quantity * price


@compiled
def entry_fill(pi: Wholes, pf: Numbers, price: float, order: int) -> float:
    """Returns the fill price of an entry."""
    if order == LIMIT:
        return price + pi[SIGN] * pf[HALF]
    return price * (1 + pi[SIGN] * pf[SLIP]) + pi[SIGN] * (pf[SLIP_PRICE] + pf[HALF])


@compiled
def exit_fill(pi: Wholes, pf: Numbers, price: float, order: int) -> float:
    """Returns the fill price of an exit."""
    if order == LIMIT:
        return price - pi[SIGN] * pf[HALF]
    return price * (1 - pi[SIGN] * pf[SLIP]) - pi[SIGN] * (pf[SLIP_PRICE] + pf[HALF])


@compiled
def charge(pf: Numbers, order: int, value: float, quantity: float) -> float:
    """Returns the fee of a fill."""
    rate = pf[MAKER] if order == LIMIT else pf[TAKER]
    return rate * value + pf[PER_UNIT] * quantity + pf[PER_ORDER]


@compiled
def level_on_tick(pi: Wholes, pf: Numbers, price: float, stops: bool) -> float:
    """Returns a level on a tick: a stop on that away from price, any other on the nearer.

    Between two ticks the fiftieth digit of an average decides, which doubles do not have.
    """
    ticks = price / pf[TICK]
    below = floor(ticks)
    part = ticks - below
    blur = 4e-14 * max(ticks, 1.0)
    if stops:
        if part <= blur or part >= 1 - blur:
            steps = below if part < 0.5 else below + 1
        else:
            steps = below if pi[SIGN] > 0 else below + 1
    else:
        if abs(part - 0.5) <= blur:
            pi[NOT_SURE] = 1
        steps = below if part < 0.5 else below + 1
    return max(steps, 1) * pf[TICK]


@compiled
def level_at(
    pi: Wholes,
    pf: Numbers,
    f: Numbers,
    base: int,
    kind: int,
    amount: float,
    times: float,
    ratio: float,
    number: int,
    order: int,
    at_target: float,
    stops: bool,
) -> float:
    """Returns the price of a level for what a state holds, closed by an order of a kind, as one that `stops`."""
    if kind == FIXED:
        return amount
    held, cost = f[base + HELD], f[base + COST]
    average = held / cost if pi[INVERSE] else cost / held
    price = average
    if kind == IN_R:
        price = average + pi[SIGN] * times * abs(average - f[V_STOP])
    elif kind == AT_BREAKEVEN:
        slope = -pi[SIGN] if pi[INVERSE] else pi[SIGN]
        rate = pf[MAKER] if order == LIMIT else pf[TAKER]
        paid = f[base + FEES] + pf[PER_UNIT] * held + pf[PER_ORDER]
        value = (cost + slope * paid) / (1 - slope * rate)
        if value > 0:
            fill = held / value if pi[INVERSE] else value / held
            if order == LIMIT:
                price = fill + pi[SIGN] * pf[HALF]
            else:
                price = (fill + pi[SIGN] * (pf[SLIP_PRICE] + pf[HALF])) / (1 - pi[SIGN] * pf[SLIP])
    elif kind == AT_TIER:
        price = f[V_TIERS + 3 * (number - 1)]
    elif kind == AT_TARGET:
        price = at_target
    price = price * (1 + ratio) + amount
    return level_on_tick(pi, pf, price, stops) if pi[LEVEL_TICKS] else price


@compiled
def lies(pi: Wholes, pf: Numbers, f: Numbers, base: int, index: int) -> float:
    """Returns where a target lies for what is held, whatever its price."""
    at = PI_TIERS + PI_TIER * pi[TIERS] + PI_TARGET * index
    to = PF_TIERS + PF_TIER * pi[TIERS] + PF_TARGET * index
    amount = f[V_TIERS + 3 * pi[TIERS] + 2 * index]
    return level_at(
        pi, pf, f, base, pi[at + G_PRICE], amount, pf[to + H_N], pf[to + H_RATIO], 0, pi[at + G_ORDER], 0.0, False
    )


@compiled
def target_at(pi: Wholes, pf: Numbers, f: Numbers, base: int, index: int) -> float:
    """Returns where the next target lies; no number where there is none, or at no price."""
    if index >= pi[TARGETS]:
        return nan
    price = lies(pi, pf, f, base, index)
    return price if price > pf[LEAST_PRICE] else nan


@compiled
def target_trigger(pi: Wholes, pf: Numbers, index: int, price: float) -> float:
    """Returns where price has to get to for a target to be hit."""
    order = pi[PI_TIERS + PI_TIER * pi[TIERS] + PI_TARGET * index + G_ORDER]
    return price + pi[SIGN] * pf[THROUGH] if order == LIMIT else price


@compiled
def margin_of(pi: Wholes, pf: Numbers, quantity: float, cost: float, kept: float) -> float:
    """Returns the margin behind a position."""
    if pi[BY_CONTRACT]:
        return pf[INITIAL] * quantity / pf[CONTRACT] + pf[EXTRA] * kept
    return cost / pf[LEVERAGE] + pf[EXTRA] * kept


@compiled
def liquidation_told(pi: Wholes, pf: Numbers, f: Numbers, base: int) -> tuple[float, bool]:
    """Returns where what is held is liquidated, no number where it is not, and whether that is unknown."""
    held, cost = f[base + HELD], f[base + COST]
    if pi[SPOT] or held == 0:
        return nan, False
    if not pi[MODEL]:
        return nan, True
    slope = -pi[SIGN] if pi[INVERSE] else pi[SIGN]
    kept = f[base + KEPT]
    if pi[CROSS]:
        if not pi[HAS_EQUITY]:
            return nan, True
        behind = pf[EQUITY] - pf[KEPT_BACK] + f[base + REALIZED] - f[base + FEES]
        kept = 1.0
    else:
        behind = margin_of(pi, pf, held, cost, kept)
        if pf[BANKRUPTCY]:
            behind += pf[BANKRUPTCY] * max(0.0, cost - slope * behind)
    free = slope * cost - behind + kept * pf[RESERVE]
    count = pi[BRACKETS]
    tables = _tables(pi)
    end = pf[tables + 3 * (count - 1) + 2]
    measure = cost
    if pi[MEASURE] == 1:
        measure = held / pf[CONTRACT]
    elif pi[MEASURE] == 2:
        measure = held
    if not pi[PER_CONTRACT] and measure > end * (1 + NEAR):
        return nan, True
    nearest = nan
    for number in range(count):
        rate, deduction = pf[tables + 3 * number], pf[tables + 3 * number + 1]
        if pi[PER_CONTRACT]:
            rate, deduction = 0.0, -pf[OF_CONTRACT] * held / pf[CONTRACT]
        elif count > 1 and not (pi[BY_VALUE] and pi[ON_MARK]):
            below = pf[tables + 3 * number - 1] if number else -1.0
            if measure > pf[tables + 3 * number + 2] * (1 + NEAR) or (number and measure <= below * (1 + NEAR)):
                continue
            if not pi[BY_VALUE]:
                rate, deduction = rate - deduction / measure, 0.0
        if pi[ON_MARK]:
            value = (free - deduction) / (slope - rate - pf[CLOSING_FEE])
        else:
            value = (free + rate * cost - deduction) / (slope - pf[CLOSING_FEE])
        if isnan(nearest) or (value > nearest if slope > 0 else value < nearest):
            nearest = value
    if isnan(nearest):
        return nan, True
    if slope < 0 and pi[ON_MARK] and pi[BY_VALUE] and not pi[PER_CONTRACT] and nearest > end * (1 + NEAR):
        return nan, True
    if nearest > 0:
        return (held / nearest if pi[INVERSE] else nearest / held), False
    if slope > 0:
        return nan, False
    return (held / cost if pi[INVERSE] else cost / held), False


@compiled
def liquidation_at(pi: Wholes, pf: Numbers, f: Numbers, base: int) -> float:
    """Returns where what is held is liquidated at the latest: at the bankruptcy price, where nothing says where before.

    No number where it is not.
    """
    price, unknown = liquidation_told(pi, pf, f, base)
    if not unknown:
        return price
    held, cost = f[base + HELD], f[base + COST]
    slope = -pi[SIGN] if pi[INVERSE] else pi[SIGN]
    if pi[CROSS]:
        if not pi[HAS_EQUITY]:
            return nan
        behind = pf[EQUITY] - pf[KEPT_BACK] + f[base + REALIZED] - f[base + FEES]
    else:
        behind = margin_of(pi, pf, held, cost, f[base + KEPT])
    value = cost - slope * behind
    if value <= 0:
        return nan
    return held / value if pi[INVERSE] else value / held


@compiled
def _tables(pi: Wholes) -> int:
    """Returns where the brackets stand in `pf`: rate, deduction and end of each."""
    return PF_TIERS + PF_TIER * pi[TIERS] + PF_TARGET * pi[TARGETS]


@compiled
def lost(pi: Wholes, pf: Numbers, f: Numbers, base: int) -> float:
    """Returns the net result where the margin behind a position is lost."""
    fees = f[base + FEES]
    if pi[CROSS]:
        return -max(0.0, pf[EQUITY] - pf[KEPT_BACK] + f[base + REALIZED] - fees) - fees
    return -margin_of(pi, pf, f[base + HELD], f[base + COST], f[base + KEPT]) - fees


@compiled
def stopped_net(pi: Wholes, pf: Numbers, f: Numbers, base: int, price: float) -> float:
    """Returns the net result if all that is held is stopped out at a price."""
    value = worth(pi, f[base + HELD], exit_fill(pi, pf, price, STOP))
    slope = -pi[SIGN] if pi[INVERSE] else pi[SIGN]
    return slope * (value - f[base + COST]) - f[base + FEES] - charge(pf, STOP, value, f[base + HELD])


@compiled
def bits_of(mask: int) -> int:
    """Returns how many bits are set."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def ended_by_exit(pi: Wholes, w: Wholes, at: int) -> bool:
    """Returns whether a target has ended the entries."""
    return w[at + HITS] >= pi[ENDS_AT] or (pi[FIRST_ENDS] != 0 and w[at + BY_TARGET] != 0)


@compiled
def entries_ended(pi: Wholes, w: Wholes, at: int) -> bool:
    """Returns whether unfilled tiers are cancelled."""
    return w[at + EXPIRED] != 0 or ended_by_exit(pi, w, at)


@compiled
def settle(pi: Wholes, w: Wholes, at: int) -> None:
    """Takes away what no longer matters of the entries of a state."""
    if w[at + EXPIRED] and ended_by_exit(pi, w, at):
        w[at + EXPIRED] = 0
    if w[at + TOUCHED] or w[at + WAITING]:
        unfilled = 0 if entries_ended(pi, w, at) else ((1 << pi[TIERS]) - 1) & ~w[at + FILLED]
        w[at + TOUCHED] &= unfilled
        w[at + WAITING] &= unfilled


@compiled
def trigger_of(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, index: int) -> float:
    """Returns where price has to get to for a tier to fill."""
    price = f[V_TIERS + 3 * index]
    return price - pi[SIGN] * pf[THROUGH] if w[OD + index] == LIMIT else price


@compiled
def acts_at_once(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, index: int, price: float) -> bool:
    """Returns whether a tier that is live at a price is executed there."""
    trigger = trigger_of(pi, pf, w, f, index)
    compare_tier(w, f, index, trigger, price)
    if same(trigger, price):
        return True
    way = 1 if w[OD + index] == STOP else -1
    return w[OD + index] != MARKET and pi[SIGN] * way * (price - trigger) >= 0


@compiled
def placed_at_once(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, index: int, price: float) -> bool:
    """Returns whether a tier is executed where it is placed: a limit wherever price is past it."""
    compare_tier(w, f, index, f[V_TIERS + 3 * index], price)
    if pf[THROUGH] == 0 or w[OD + index] != LIMIT:
        return acts_at_once(pi, pf, w, f, index, price)
    own = f[V_TIERS + 3 * index]
    return pi[SIGN] * (own - price) > 0 and not same(own, price)


@compiled
def begin_state(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, price: float) -> None:
    """Makes a state before any fill, with price at a price."""
    at, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    for place in range(WHOLES):
        w[at + place] = 0
    for place in range(MARKS + pi[TARGETS]):
        f[base + place] = 0.0
    f[base + STOP_AT] = f[V_STOP] if pi[HAS_STOP] else nan
    f[base + KEPT] = 1.0
    f[base + PRICE] = price
    for index in range(pi[TIERS]):
        if pi[PI_TIERS + PI_TIER * index + T_AFTER] == 0 and placed_at_once(pi, pf, w, f, index, price):
            w[at + WAITING] |= 1 << index


@compiled
def copy_state(pi: Wholes, w: Wholes, f: Numbers, row: int, to: int) -> None:
    """Copies a state."""
    wide = MARKS + pi[TARGETS]
    for place in range(WHOLES):
        w[SI + to * WHOLES + place] = w[SI + row * WHOLES + place]
    for place in range(wide):
        f[SF + to * wide + place] = f[SF + row * wide + place]


@compiled
def same_state(pi: Wholes, w: Wholes, f: Numbers, row: int, other: int, with_price: bool) -> bool:
    """Returns whether two states have one future."""
    wide = MARKS + pi[TARGETS]
    for place in range(WHOLES):
        if w[SI + row * WHOLES + place] != w[SI + other * WHOLES + place]:
            return False
    for place in range(wide):
        if (place == REALIZED and not pi[CROSS]) or (place == PRICE and not with_price):
            continue
        one, two = f[SF + row * wide + place], f[SF + other * wide + place]
        if place >= MARKS:
            index = place - MARKS
            if not pi[PI_TIERS + PI_TIER * pi[TIERS] + PI_TARGET * index + G_MARKED]:
                continue
        if isnan(one) or isnan(two):
            if isnan(one) != isnan(two):
                return False
        elif abs(one - two) > NEAR * abs(two):
            return False
    return True


@compiled
def move_stop(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, tier: int, target: int, price: float) -> int:
    """Moves the stop in force as a tier, or else a target, says: never looser, and at once where price is beyond it.

    Returns 1 where that is a fault of the plan.
    """
    at, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    targets, parts = PI_TIERS + PI_TIER * pi[TIERS], PF_TIERS + PF_TIER * pi[TIERS]
    if tier >= 0:
        kind, number = pi[PI_TIERS + PI_TIER * tier + T_STOP], pi[PI_TIERS + PI_TIER * tier + T_STOP_NUMBER]
        amount = f[V_TIERS + 3 * tier + V_TIER_STOP]
        times, ratio = pf[PF_TIERS + PF_TIER * tier + F_STOP_N], pf[PF_TIERS + PF_TIER * tier + F_STOP_RATIO]
    else:
        kind, number = pi[targets + PI_TARGET * target + G_STOP], pi[targets + PI_TARGET * target + G_STOP_NUMBER]
        amount = f[V_TIERS + 3 * pi[TIERS] + 2 * target + 1]
        times, ratio = pf[parts + PF_TARGET * target + H_STOP_N], pf[parts + PF_TARGET * target + H_STOP_RATIO]
    at_target = 0.0
    if kind == AT_TARGET:
        named = number - 1
        hits = w[at + HITS] if tier >= 0 else target + 1
        if pi[targets + PI_TARGET * named + G_PRICE] != FIXED and named < hits:
            at_target = f[base + MARKS + named]
        else:
            at_target = lies(pi, pf, f, base, named)
    wanted = level_at(pi, pf, f, base, kind, amount, times, ratio, number, STOP, at_target, True)
    before, sign = f[base + STOP_AT], pi[SIGN]
    compare(w, f, price, wanted)
    if reached(price, wanted, sign):
        note(w, f)
        if isnan(before) or sign * (price - before) > 0:
            f[base + STOP_AT] = price
        return 1
    if not isnan(before) and same(wanted, before):
        return 0
    if wanted <= 0 or (not isnan(before) and sign * (wanted - before) < 0):
        return 1
    f[base + STOP_AT] = wanted
    return 0


@compiled
def do_fill(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, index: int, level: float, at: float) -> int:
    """Fills a tier at a level, in place; price then stands `at`. Returns 1 where its stop is at fault."""
    place, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    quantity = f[V_TIERS + 3 * pi[TIERS] + 2 * pi[TARGETS] + index]
    value = worth(pi, quantity, entry_fill(pi, pf, level, w[OD + index]))
    f[base + HELD] += quantity
    f[base + COST] += value
    f[base + FEES] += charge(pf, w[OD + index], value, quantity)
    w[place + WAITING] &= ~(1 << index)
    w[place + FILLED] |= 1 << index
    f[base + PRICE] = at
    fault = 0
    if pi[PI_TIERS + PI_TIER * index + T_STOP]:
        fault = move_stop(pi, pf, w, f, row, index, -1, at)
    for other in range(pi[TIERS]):
        here = PI_TIERS + PI_TIER * other
        if pi[here + T_AFTER] == 2 and pi[here + T_AFTER_TIER] == index + 1:
            if placed_at_once(pi, pf, w, f, other, at):
                w[place + WAITING] |= 1 << other
    settle(pi, w, place)
    return fault


@compiled
def whole_lots(pf: Numbers, quantity: float) -> float:
    """Returns a quantity down to whole lots; what is as near to a lot as doubles can tell is whole."""
    lots = quantity / pf[LOT]
    nearest = floor(lots + 0.5)
    if abs(lots - nearest) > 1e-11 * max(1.0, abs(nearest)):
        nearest = floor(lots)
    return nearest * pf[LOT]


@compiled
def close_part(
    pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, quantity: float, level: float, order: int
) -> float:
    """Closes some of what is held, in place, by an order at a level. Returns what it nets."""
    base = SF + row * (MARKS + pi[TARGETS])
    held = f[base + HELD]
    share = quantity / held
    cost, fees = f[base + COST] * share, f[base + FEES] * share
    if quantity >= held:
        cost, fees = f[base + COST], f[base + FEES]
    value = worth(pi, quantity, exit_fill(pi, pf, level, order))
    slope = -pi[SIGN] if pi[INVERSE] else pi[SIGN]
    net = slope * (value - cost) - fees - charge(pf, order, value, quantity)
    if quantity < held:
        if not w[SI + row * WHOLES + EXITED]:
            f[base + FIRST] = held
        rest = (held - quantity) / held
        f[base + COST] = f[base + COST] * rest
        f[base + FEES] = f[base + FEES] * rest
        f[base + HELD] = held - quantity
        if pi[KEEPS]:
            f[base + KEPT] = f[base + KEPT] * rest
        w[SI + row * WHOLES + EXITED] = 1
        f[base + REALIZED] += net
    return net


@compiled
def closes_of(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, index: int) -> float:
    """Returns how much a target closes of what is held."""
    at = PI_TIERS + PI_TIER * pi[TIERS] + PI_TARGET * index
    base = SF + row * (MARKS + pi[TARGETS])
    held, of = f[base + HELD], pi[at + G_CLOSES]
    if of == 0:
        return 0.0
    if of == OF_ALL:
        return held
    share = pf[PF_TIERS + PF_TIER * pi[TIERS] + PF_TARGET * index + H_CLOSE]
    whole = f[base + FIRST] if w[SI + row * WHOLES + EXITED] else held
    meant = share * (held if of == OF_REST else whole)
    if pi[HAS_LOT]:
        meant = whole_lots(pf, meant)
    # What lacks only what doubles may be wrong by is all of it.
    return held if meant >= held * (1 - NEAR) else meant


@compiled
def do_hit(
    pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, price: float, level: float, at: float
) -> tuple[bool, float, int]:
    """Hits the next target at a price, in place. Returns whether the plan is over, what it nets, and a fault."""
    place, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    index = w[place + HITS]
    here = PI_TIERS + PI_TIER * pi[TIERS] + PI_TARGET * index
    quantity = closes_of(pi, pf, w, f, row, index)
    net = 0.0
    fault = 0
    if quantity > 0:
        whole = quantity >= f[base + HELD]
        net = close_part(pi, pf, w, f, row, quantity, price, pi[here + G_ORDER])
        if whole:
            return True, net, 0
        w[place + BY_TARGET] = 1
    f[base + MARKS + index] = level
    if pi[here + G_STOP]:
        # The stop is measured from what is left, with the target counted as hit.
        fault = move_stop(pi, pf, w, f, row, -1, index, at)
    w[place + HITS] = index + 1
    f[base + PRICE] = at
    settle(pi, w, place)
    return False, net, fault


# What can happen next


@compiled
def find_entries(
    pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int
) -> tuple[int, int, int, int, float, int, int, float]:
    """Returns the entry that acts at once, and the nearest above and below: kind and tier, the others with a price."""
    at, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    now_kind, now_tier = NO_EVENT, 0
    up_kind, up_tier, up = NO_EVENT, 0, nan
    down_kind, down_tier, down = NO_EVENT, 0, nan
    filled, price = w[at + FILLED], f[base + PRICE]
    if filled == (1 << pi[TIERS]) - 1 or entries_ended(pi, w, at):
        return now_kind, now_tier, up_kind, up_tier, up, down_kind, down_tier, down
    # What tiers wait for comes before tiers at one price.
    for kind in (TOUCH, ENTER):
        for index in range(pi[TIERS]):
            level = entry_level(pi, pf, w, f, filled, at, index, price, kind)
            if isnan(level):
                continue
            compare_tier(w, f, index, level, price)
            compare(w, f, level, up)
            compare(w, f, level, down)
            if same(level, price):
                if now_kind == NO_EVENT:
                    now_kind, now_tier = kind, index
            elif level > price:
                if up_kind == NO_EVENT or (level < up and not same(level, up)):
                    up_kind, up_tier, up = kind, index, level
            elif down_kind == NO_EVENT or (level > down and not same(level, down)):
                down_kind, down_tier, down = kind, index, level
    return now_kind, now_tier, up_kind, up_tier, up, down_kind, down_tier, down


@compiled
def entry_level(
    pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, filled: int, at: int, index: int, price: float, kind: int
) -> float:
    """Returns where a tier, or what it waits for, is met from a price; no number where it is not live."""
    bit, here = 1 << index, PI_TIERS + PI_TIER * index
    after = pi[here + T_AFTER]
    if filled & bit or (after == 2 and not (filled >> (pi[here + T_AFTER_TIER] - 1)) & 1):
        return nan
    if after == 1 and not w[at + TOUCHED] & bit:
        return f[V_TIERS + 3 * index + V_AFTER] if kind == TOUCH else nan
    if kind == TOUCH:
        return nan
    if not w[at + WAITING] & bit:
        trigger = trigger_of(pi, pf, w, f, index)
        passed = acts_at_once(pi, pf, w, f, index, price) and not same(trigger, price)
        return price if passed else trigger
    return price if index == 0 or (filled >> (index - 1)) & 1 else nan


@compiled
def unless_at(pi: Wholes, pf: Numbers, f: Numbers, base: int) -> float:
    """Returns the price that calls a time stop off; no number where there is none."""
    kind, number = pi[UNLESS], pi[UNLESS_NUMBER]
    at = level_at(pi, pf, f, base, kind, f[V_UNLESS], pf[UNLESS_N], pf[UNLESS_RATIO], number, STOP, 0.0, False)
    return at if at > 0 else nan


@compiled
def fork(
    pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, unless: bool
) -> tuple[bool, int, int, float, int, int, float]:
    """Returns what can happen next: whether at once (then as what is above), kind, tier and price above, and below.

    With `unless`, on bars, the price that calls a time stop off is a level.
    """
    at, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    price, sign = f[base + PRICE], pi[SIGN]
    win_kind, win_tier, win = NO_EVENT, 0, nan
    lose_kind, lose_tier, lose = NO_EVENT, 0, nan
    if f[base + HELD] == 0:
        wrong = f[V_WRONG] if pi[HAS_WRONG] else (f[V_STOP] if pi[HAS_STOP] else nan)
        compare(w, f, price, wrong)
        if not isnan(wrong) and reached(price, wrong, sign):
            return True, GIVE_UP, 0, price, NO_EVENT, 0, nan
        now, tier, up_kind, up_tier, up, down_kind, down_tier, down = find_entries(pi, pf, w, f, row)
        if now != NO_EVENT:
            return True, now, tier, price, NO_EVENT, 0, nan
        if sign > 0:
            win_kind, win_tier, win, lose_kind, lose_tier, lose = up_kind, up_tier, up, down_kind, down_tier, down
        else:
            win_kind, win_tier, win, lose_kind, lose_tier, lose = down_kind, down_tier, down, up_kind, up_tier, up
        compare(w, f, lose, wrong)
        if not isnan(wrong) and (lose_kind == NO_EVENT or reached(lose, wrong, sign)):
            lose_kind, lose_tier, lose = GIVE_UP, 0, wrong
    else:
        off = nan
        if unless and pi[UNLESS] and not w[at + TIMED] and not (pi[TRAIL] and w[at + HITS] == pi[TARGETS]):
            off = unless_at(pi, pf, f, base)
        if not isnan(off):
            average = f[base + HELD] / f[base + COST] if pi[INVERSE] else f[base + COST] / f[base + HELD]
            wins = 1 if sign * (off - average) >= 0 else -1
            compare(w, f, price, off)
            if reached(price, off, -sign * wins):
                return True, CALL_OFF, 0, price, NO_EVENT, 0, nan
        liquidated, stop = liquidation_at(pi, pf, f, base), f[base + STOP_AT]
        compare(w, f, price, liquidated)
        compare(w, f, price, stop)
        if not isnan(liquidated) and reached(price, liquidated, sign):
            return True, LIQUIDATE, 0, price, NO_EVENT, 0, nan
        if not isnan(stop) and reached(price, stop, sign):
            return True, STOP_OUT, 0, price, NO_EVENT, 0, nan
        if pi[TRAIL] and w[at + HITS] == pi[TARGETS]:
            return True, TRAILING, 0, price, NO_EVENT, 0, nan
        target = target_at(pi, pf, f, base, w[at + HITS])
        met = nan if isnan(target) else target_trigger(pi, pf, w[at + HITS], target)
        compare(w, f, price, met)
        if not isnan(met) and reached(price, met, -sign):
            return True, HIT, 0, price, NO_EVENT, 0, nan
        now, tier, up_kind, up_tier, up, down_kind, down_tier, down = find_entries(pi, pf, w, f, row)
        if now != NO_EVENT:
            return True, now, tier, price, NO_EVENT, 0, nan
        if sign > 0:
            win_kind, win_tier, win, lose_kind, lose_tier, lose = up_kind, up_tier, up, down_kind, down_tier, down
        else:
            win_kind, win_tier, win, lose_kind, lose_tier, lose = down_kind, down_tier, down, up_kind, up_tier, up
        compare(w, f, win, met)
        if not isnan(met) and (win_kind == NO_EVENT or reached(win, met, -sign)):
            win_kind, win_tier, win = HIT, 0, met
        kind, nearest = NO_EVENT, nan
        if not isnan(stop):
            kind, nearest = STOP_OUT, stop
        if not isnan(liquidated):
            if isnan(stop) or not (sign * (stop - liquidated) > 0 and not same(stop, liquidated)):
                kind, nearest = LIQUIDATE, liquidated
        compare(w, f, lose, nearest)
        if lose_kind == NO_EVENT or (kind != NO_EVENT and reached(lose, nearest, sign)):
            lose_kind, lose_tier, lose = kind, 0, nearest
        if not isnan(off):
            compare(w, f, win, off)
            compare(w, f, lose, off)
            if off > price if sign > 0 else off < price:
                if win_kind == NO_EVENT or sign * (win - off) >= 0 or same(off, win):
                    win_kind, win_tier, win = CALL_OFF, 0, off
            elif lose_kind == NO_EVENT or sign * (off - lose) >= 0 or same(off, lose):
                lose_kind, lose_tier, lose = CALL_OFF, 0, off
    if sign > 0:
        return False, win_kind, win_tier, win, lose_kind, lose_tier, lose
    return False, lose_kind, lose_tier, lose, win_kind, win_tier, win


@compiled
def happen(
    pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, kind: int, tier: int, price: float, open_fill: bool
) -> tuple[bool, float]:
    """Lets something happen with price at a price, in place. Returns whether the plan is over, and what it nets.

    With `open_fill` a target is filled where price is, whatever its own.
    """
    place, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    if kind == LIQUIDATE:
        return True, lost(pi, pf, f, base)
    if kind == STOP_OUT:
        return True, stopped_net(pi, pf, f, base, price)
    if kind == GIVE_UP:
        return True, 0.0
    if kind == HIT:
        target = target_at(pi, pf, f, base, w[place + HITS])
        level = target
        if open_fill or not same(price, target_trigger(pi, pf, w[place + HITS], target)):
            level = price
        over, net, _ = do_hit(pi, pf, w, f, row, level, target, price)
        return over, net
    if kind == ENTER:
        own = f[V_TIERS + 3 * tier]
        trigger = own if (w[place + WAITING] >> tier) & 1 else trigger_of(pi, pf, w, f, tier)
        do_fill(pi, pf, w, f, row, tier, own if same(price, trigger) else price, price)
        return False, 0.0
    if kind == TOUCH:
        if placed_at_once(pi, pf, w, f, tier, price):
            w[place + WAITING] |= 1 << tier
        w[place + TOUCHED] |= 1 << tier
    if kind == CALL_OFF:
        w[place + TIMED] = 1
    f[base + PRICE] = price
    settle(pi, w, place)
    return False, 0.0


# Trails


@compiled
def better(first: float, second: float, sign: int) -> float:
    """Returns the price on the winning side."""
    return second if sign * (first - second) < 0 and not same(first, second) else first


@compiled
def trail_begins(pi: Wholes, pf: Numbers, f: Numbers, price: float) -> float:
    """Returns the stop of a trail for a best price."""
    if pi[TRAIL] == 1:
        return price * (1 - pi[SIGN] * pf[TRAIL_RATIO])
    return price - pi[SIGN] * f[V_TRAIL]


@compiled
def trail_passes(pi: Wholes, pf: Numbers, f: Numbers, stop: float) -> float:
    """Returns the best price for which a trail's stop stands at a price."""
    if pi[TRAIL] == 1:
        return stop / (1 - pi[SIGN] * pf[TRAIL_RATIO])
    return stop + pi[SIGN] * f[V_TRAIL]


@compiled
def floor_of(pi: Wholes, pf: Numbers, f: Numbers, base: int) -> float:
    """Returns the nearer of the stop in force and the liquidation price; no number without either."""
    liquidated, stop = liquidation_at(pi, pf, f, base), f[base + STOP_AT]
    if isnan(stop):
        return liquidated
    if isnan(liquidated) or (pi[SIGN] * (stop - liquidated) > 0 and not same(stop, liquidated)):
        return stop
    return liquidated


@compiled
def trail_exit(pi: Wholes, pf: Numbers, f: Numbers, base: int, floor_at: float, price: float) -> float:
    """Returns what closing what trails nets at a price, where the stop, the liquidation price or the trail lies."""
    if not isnan(floor_at) and same(price, floor_at):
        stop = f[base + STOP_AT]
        if isnan(stop) or not same(stop, floor_at) or same(liquidation_at(pi, pf, f, base), floor_at):
            return lost(pi, pf, f, base)
    return stopped_net(pi, pf, f, base, price)


@compiled
def trail_inside(
    pi: Wholes,
    pf: Numbers,
    f: Numbers,
    base: int,
    least: float,
    most: float,
    high: float,
    low: float,
    close: float,
    high_met: bool,
    low_met: bool,
) -> tuple[int, float, float, bool, float, float]:
    """Returns what a trail may do to the close: exits, what they net, whether it may live, its best price then."""
    sign = pi[SIGN]
    ahead, behind = (high, low) if sign > 0 else (low, high)
    ahead_met, behind_met = (high_met, low_met) if sign > 0 else (low_met, high_met)
    floor_at = floor_of(pi, pf, f, base)
    best = better(most, ahead, sign)
    furthest, nearest = trail_begins(pi, pf, f, best), trail_begins(pi, pf, f, least)
    if not isnan(floor_at):
        furthest, nearest = better(floor_at, furthest, sign), better(floor_at, nearest, sign)
    count, first_net, second_net = 0, 0.0, 0.0
    if reached(behind, furthest, sign):
        first = better(nearest, behind, sign)
        first_net = second_net = trail_exit(pi, pf, f, base, floor_at, first)
        count = 1
        if not same(first, furthest):
            second_net = trail_exit(pi, pf, f, base, floor_at, furthest)
            count = 2
    if not behind_met and reached(behind, nearest, sign):
        return count, first_net, second_net, False, nan, nan
    must = better(least, close if ahead_met else ahead, sign)
    stop = trail_begins(pi, pf, f, must)
    if not isnan(floor_at):
        stop = better(floor_at, stop, sign)
    if reached(close, stop, sign):
        return count, first_net, second_net, False, nan, nan
    bound = trail_passes(pi, pf, f, close)
    may = bound if sign * (bound - best) < 0 and not same(bound, best) else best
    return count, first_net, second_net, True, must, better(must, may, sign)


# A walk over bars


@compiled
def end_with(w: Wholes, f: Numbers, row: int, least: float, most: float, bar: int) -> None:
    """Books an end of the plan."""
    if least < f[W_WORST]:
        f[W_WORST] = least
    if most > f[W_BEST]:
        f[W_BEST] = most
    if w[SI + row * WHOLES + FILLED]:
        w[W_FILLED] = 1
    if bar > w[W_LAST]:
        w[W_LAST] = bar


@compiled
def add_way(
    pi: Wholes,
    w: Wholes,
    f: Numbers,
    row: int,
    price: float,
    least: float,
    most: float,
    trails: bool,
    trail_least: float,
    trail_most: float,
    since: int,
) -> None:
    """Adds a way out of a bar; of two to one state the least and the most are kept."""
    for way in range(BRANCHES, BRANCHES + w[W_WAYS]):
        if w[BI + way * BRANCH_WHOLES + TRAILS] != (1 if trails else 0) or w[BI + way * BRANCH_WHOLES + SINCE] != since:
            continue
        numbers = BF + way * BRANCH_NUMBERS
        if trails and not (same(f[numbers + TRAIL_LEAST], trail_least) and same(f[numbers + TRAIL_MOST], trail_most)):
            continue
        if same_state(pi, w, f, row, way, False):
            f[numbers + LESS] = min(f[numbers + LESS], least)
            f[numbers + MORE] = max(f[numbers + MORE], most)
            return
    if w[W_WAYS] >= WAYS:
        w[W_FULL] = 1
        return
    way = BRANCHES + w[W_WAYS]
    w[W_WAYS] += 1
    copy_state(pi, w, f, row, way)
    f[SF + way * (MARKS + pi[TARGETS]) + PRICE] = price
    w[BI + way * BRANCH_WHOLES + TRAILS] = 1 if trails else 0
    w[BI + way * BRANCH_WHOLES + SINCE], w[BI + way * BRANCH_WHOLES + FRESH] = since, STALE
    numbers = BF + way * BRANCH_NUMBERS
    f[numbers + LESS], f[numbers + MORE] = least, most
    f[numbers + TRAIL_LEAST], f[numbers + TRAIL_MOST] = trail_least, trail_most


@compiled
def keep_next(
    w: Wholes,
    f: Numbers,
    branch: int,
    up_kind: int,
    up_tier: int,
    up: float,
    down_kind: int,
    down_tier: int,
    down: float,
) -> None:
    """Keeps what is next above a branch or a way, and below it."""
    wholes, numbers = BI + branch * BRANCH_WHOLES, BF + branch * BRANCH_NUMBERS
    w[wholes + UP_KIND], w[wholes + UP_TIER] = up_kind, up_tier
    w[wholes + DOWN_KIND], w[wholes + DOWN_TIER] = down_kind, down_tier
    f[numbers + BELOW] = nan if down_kind == NO_EVENT else down
    f[numbers + ABOVE] = nan if up_kind == NO_EVENT else up
    w[wholes + FRESH] = FOUND


@compiled
def is_trailing(pi: Wholes, w: Wholes, f: Numbers, row: int) -> bool:
    """Returns whether what is held trails."""
    held = f[SF + row * (MARKS + pi[TARGETS]) + HELD]
    return pi[TRAIL] != 0 and w[SI + row * WHOLES + HITS] == pi[TARGETS] and held != 0


@compiled
def come_to(
    pi: Wholes,
    pf: Numbers,
    w: Wholes,
    f: Numbers,
    row: int,
    high_met: bool,
    low_met: bool,
    least: float,
    most: float,
    trail_least: float,
    trail_most: float,
    high: float,
    low: float,
    close: float,
    bar: int,
    since: int,
) -> None:
    """Comes to a state inside a bar; one that trails has its own ways out."""
    base = SF + row * (MARKS + pi[TARGETS])
    if is_trailing(pi, w, f, row):
        if isnan(trail_least):
            note(w, f)
            trail_least = trail_most = f[base + PRICE]
        count, first, second, lives, must, may = trail_inside(
            pi, pf, f, base, trail_least, trail_most, high, low, close, high_met, low_met
        )
        if count:
            end_with(w, f, row, least + first, most + first, bar)
            end_with(w, f, row, least + second, most + second, bar)
        if lives:
            add_way(pi, w, f, row, close, least, most, True, must, may, since)
        return
    highs, lows = 1 if high_met else 0, 1 if low_met else 0
    first_node = BRANCHES + WAYS
    for node in range(w[W_NODES]):
        if w[NI + node * NODE_WHOLES + HIGH_MET] == highs and w[NI + node * NODE_WHOLES + LOW_MET] == lows:
            if same_state(pi, w, f, row, first_node + node, True):
                f[NF + node * 2] = min(f[NF + node * 2], least)
                f[NF + node * 2 + 1] = max(f[NF + node * 2 + 1], most)
                return
    if w[W_NODES] >= NODES:
        w[W_FULL] = 1
        return
    node = w[W_NODES]
    w[W_NODES] += 1
    copy_state(pi, w, f, row, first_node + node)
    at = SI + row * WHOLES
    clocked = w[at + EXPIRED] + w[at + TIMED]
    rank = (3 * w[at + HITS] + clocked) * (2 * pi[TIERS] + 1) + 2 * bits_of(w[at + FILLED]) + bits_of(w[at + TOUCHED])
    w[NI + node * NODE_WHOLES + HIGH_MET], w[NI + node * NODE_WHOLES + LOW_MET] = highs, lows
    w[NI + node * NODE_WHOLES + DONE], w[NI + node * NODE_WHOLES + RANK] = 0, rank
    f[NF + node * 2], f[NF + node * 2 + 1] = least, most


@compiled
def inside_bar(
    pi: Wholes,
    pf: Numbers,
    w: Wholes,
    f: Numbers,
    row: int,
    least: float,
    most: float,
    trail_least: float,
    trail_most: float,
    first: float,
    high: float,
    low: float,
    close: float,
    bar: int,
    since: int,
    closes: int,
) -> None:
    """Follows every way through one bar from a state at its open."""
    wide = MARKS + pi[TARGETS]
    spare = SPARE + 1
    w[W_NODES] = 0
    first_node = BRANCHES + WAYS
    known, w[W_KNOWN] = w[W_KNOWN], -1
    timed = pi[TIMED_PLAN] != 0 and since < 0
    # Since when something is held counts from the close of the bar of the first fill.
    here = closes if timed and f[SF + row * wide + HELD] != 0 else since
    come_to(
        pi, pf, w, f, row, same(first, high), same(first, low), least, most, trail_least, trail_most, high, low, close,
        bar, here,
    )  # fmt: skip
    while w[W_FULL] == 0:
        node, rank = -1, NEVER
        for other in range(w[W_NODES]):
            if w[NI + other * NODE_WHOLES + DONE] == 0 and w[NI + other * NODE_WHOLES + RANK] < rank:
                node, rank = other, w[NI + other * NODE_WHOLES + RANK]
        if node < 0:
            return
        w[NI + node * NODE_WHOLES + DONE] = 1
        state = first_node + node
        high_met, low_met = w[NI + node * NODE_WHOLES + HIGH_MET] != 0, w[NI + node * NODE_WHOLES + LOW_MET] != 0
        less, more = f[NF + node * 2], f[NF + node * 2 + 1]
        held = f[SF + state * wide + HELD] != 0
        here = closes if timed and held else since
        if known >= 0:
            now = False
            wholes = BI + known * BRANCH_WHOLES
            up_kind, up_tier, up = w[wholes + UP_KIND], w[wholes + UP_TIER], f[BF + known * BRANCH_NUMBERS + ABOVE]
            down_kind, down_tier = w[wholes + DOWN_KIND], w[wholes + DOWN_TIER]
            down = f[BF + known * BRANCH_NUMBERS + BELOW]
            known = -1
        else:
            now, up_kind, up_tier, up, down_kind, down_tier, down = fork(pi, pf, w, f, state, True)
        if now:
            note(w, f)
            copy_state(pi, w, f, state, spare)
            over, net = happen(pi, pf, w, f, spare, up_kind, up_tier, up, False)
            if over:
                end_with(w, f, state, less + net, more + net, bar)
            else:
                here = closes if timed and f[SF + spare * wide + HELD] != 0 else since
                come_to(
                    pi, pf, w, f, spare, high_met, low_met, less + net, more + net, nan, nan, high, low, close, bar,
                    here,
                )  # fmt: skip
            continue
        compare(w, f, up, high)
        compare(w, f, down, low)
        compare(w, f, up, close)
        compare(w, f, down, close)
        highs = high_met or up_kind == NO_EVENT or (up > high and not same(up, high))
        lows = low_met or down_kind == NO_EVENT or (down < low and not same(down, low))
        if highs and lows:
            under = up_kind == NO_EVENT or (close < up and not same(close, up))
            over_it = down_kind == NO_EVENT or (close > down and not same(close, down))
            if under and over_it:
                way = BRANCHES + w[W_WAYS]
                add_way(pi, w, f, state, close, less, more, False, nan, nan, here)
                if way < BRANCHES + w[W_WAYS]:
                    # The close lies between them: what is next stays so.
                    keep_next(w, f, way, up_kind, up_tier, up, down_kind, down_tier, down)
        for side in range(2):
            kind, tier, where = (down_kind, down_tier, down) if side == 0 else (up_kind, up_tier, up)
            if kind == NO_EVENT:
                continue
            edge = low if side == 0 else high
            meets = same(where, edge)
            if not (meets or (where >= edge if side == 0 else where <= edge)):
                continue
            copy_state(pi, w, f, state, spare)
            over, net = happen(pi, pf, w, f, spare, kind, tier, where, False)
            if over:
                end_with(w, f, state, less + net, more + net, bar)
                continue
            after = closes if timed and f[SF + spare * wide + HELD] != 0 else since
            come_to(
                pi, pf, w, f, spare, highs or (side == 1 and meets), lows or (side == 0 and meets), less + net,
                more + net, nan, nan, high, low, close, bar, after,
            )  # fmt: skip


@compiled
def jump(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, price: float) -> tuple[bool, float]:
    """Lets price jump from a state's to another, in place. Returns whether the plan is over, and what it nets."""
    at, base = SI + row * WHOLES, SF + row * (MARKS + pi[TARGETS])
    came = f[base + PRICE]
    low, high = min(came, price), max(came, price)
    touched, bought = 0, 0
    filled = w[at + FILLED]
    if filled != (1 << pi[TIERS]) - 1 and not entries_ended(pi, w, at):
        for index in range(pi[TIERS]):
            for kind in (TOUCH, ENTER):
                level = entry_level(pi, pf, w, f, filled, at, index, came, kind)
                if isnan(level) or (level < low and not same(level, low)) or (level > high and not same(level, high)):
                    continue
                if kind == TOUCH:
                    touched |= 1 << index
                elif w[OD + index] == MARKET:
                    bought |= 1 << index
    f[base + PRICE] = price
    total = 0.0
    while True:
        now, kind, tier, _, _, _, _ = fork(pi, pf, w, f, row, True)
        if now and kind != TRAILING and kind != TOUCH and kind != ENTER:
            over, net = happen(pi, pf, w, f, row, kind, tier, price, True)
            total += net
            if over:
                return True, total
            continue
        if is_trailing(pi, w, f, row):
            return False, total
        filled = w[at + FILLED]
        if filled == (1 << pi[TIERS]) - 1 or entries_ended(pi, w, at):
            return False, total
        acted = False
        for kind in (TOUCH, ENTER):
            mask = touched if kind == TOUCH else bought
            for index in range(pi[TIERS]):
                level = entry_level(pi, pf, w, f, filled, at, index, price, kind)
                if isnan(level) or not (same(level, price) or (mask >> index) & 1):
                    continue
                if kind == TOUCH:
                    happen(pi, pf, w, f, row, TOUCH, index, price, False)
                else:
                    enter_open(pi, pf, w, f, row, index, price)
                acted = True
                break
            if acted:
                break
        if not acted:
            return False, total


@compiled
def enter_open(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, index: int, price: float) -> None:
    """Fills a tier at a price that was jumped to."""
    own = f[V_TIERS + 3 * index]
    level = own if same(price, own) else price
    do_fill(pi, pf, w, f, row, index, level, level)


@compiled
def expiry_of(pi: Wholes, w: Wholes, row: int, since: int, begin: int) -> int:
    """Returns when the unfilled tiers of a state are cancelled."""
    at = SI + row * WHOLES
    if pi[EXPIRES] < 0 or w[at + EXPIRED]:
        return NEVER
    filled = w[at + FILLED]
    if filled and (entries_ended(pi, w, at) or filled == (1 << pi[TIERS]) - 1):
        return NEVER
    return (begin if since < 0 else since) + pi[EXPIRES]


@compiled
def time_stop_of(pi: Wholes, w: Wholes, f: Numbers, row: int, since: int) -> int:
    """Returns when the time stop of a state is due."""
    if (
        pi[TIME_STOP] < 0
        or since < 0
        or w[SI + row * WHOLES + TIMED]
        or f[SF + row * (MARKS + pi[TARGETS]) + HELD] == 0
    ):
        return NEVER
    return since + pi[TIME_STOP]


@compiled
def first_at(time: Wholes, moment: int, low: int, high: int, step: int) -> int:
    """Returns the first bar from `low` on that opens at or after a moment; `high` where none does.

    Where none of the bars is missing it is as many steps on as that takes, which is looked at first.
    """
    if low < high and time[low] < moment:
        guess = low + (moment - time[low] + step - 1) // step
        if guess < high and time[guess] >= moment:
            if time[guess - 1] < moment:
                return guess
            high = guess
    while low < high:
        middle = (low + high) // 2
        if time[middle] < moment:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def first_touch(w: Wholes, bars: tuple[Numbers, ...], bar: int, until: int, below: float, above: float) -> int:
    """Returns the first bar from `bar` on that reaches a level below or above; `until` where none does.

    Blocks of 8 bars, of 64 and so on, whose extremes stand in `bars`, are skipped whole, the largest first.
    """
    low = -1.0 if isnan(below) else below + NEAR * below
    high = 1e308 if isnan(above) else above - NEAR * above
    while bar < until:
        level = 0
        while level < LEVELS and (bar >> (3 * level)) & 7 == 0:
            level += 1
        while level > 0:
            block = w[BLOCKS + level - 1] + (bar >> (3 * level))
            if bars[TOPS][block] < high and bars[BOTTOMS][block] > low:
                break
            level -= 1
        if level == 0 and (bars[HIGHS][bar] >= high or bars[LOWS][bar] <= low):
            return bar
        bar += 1 << (3 * level)
    return until


@compiled
def trail_touch(
    pi: Wholes,
    pf: Numbers,
    f: Numbers,
    tops: Numbers,
    bottoms: Numbers,
    bar: int,
    until: int,
    best: float,
    floor_at: float,
) -> int:
    """Returns the first bar from `bar` on that may close what trails; `until` where none does."""
    sign = pi[SIGN]
    while bar < until:
        ahead, behind = (tops[bar], bottoms[bar]) if sign > 0 else (bottoms[bar], tops[bar])
        best = max(best, ahead) if sign > 0 else min(best, ahead)
        stop = trail_begins(pi, pf, f, best)
        if not isnan(floor_at) and sign * (floor_at - stop) > 0:
            stop = floor_at
        if sign * (behind - stop) <= NEAR * abs(best):
            return bar
        bar += 1
    return until


# One plan over bars


@compiled
def carry_trail(pi: Wholes, w: Wholes, f: Numbers, tops: Numbers, bottoms: Numbers, branch: int, bar: int) -> None:
    """Brings the best prices of a trail up to a bar."""
    sign, numbers = pi[SIGN], BF + branch * BRANCH_NUMBERS
    for at in range(w[BI + branch * BRANCH_WHOLES + SEEN], bar):
        price = tops[at] if sign > 0 else bottoms[at]
        if sign * (price - f[numbers + TRAIL_LEAST]) > 0:
            f[numbers + TRAIL_LEAST] = price
        if sign * (price - f[numbers + TRAIL_MOST]) > 0:
            f[numbers + TRAIL_MOST] = price
    if w[BI + branch * BRANCH_WHOLES + SEEN] < bar:
        w[BI + branch * BRANCH_WHOLES + SEEN] = bar


@compiled
def next_bar(
    pi: Wholes,
    pf: Numbers,
    w: Wholes,
    f: Numbers,
    time: Wholes,
    bars: tuple[Numbers, ...],
    branch: int,
    bar: int,
    count: int,
    begin: int,
) -> int:
    """Returns the first bar from one on that touches a level of a branch, or at which something is due."""
    wholes, numbers, base = (
        BI + branch * BRANCH_WHOLES,
        BF + branch * BRANCH_NUMBERS,
        SF + branch * (MARKS + pi[TARGETS]),
    )
    since = w[wholes + SINCE]
    until = count
    due = min(expiry_of(pi, w, branch, since, begin), time_stop_of(pi, w, f, branch, since))
    if due < NEVER:
        until = min(count, first_at(time, due, bar, count, pi[STEP_NS]))
    if bar >= until:
        return until
    if w[wholes + TRAILS]:
        floor_at = floor_of(pi, pf, f, base)
        return trail_touch(pi, pf, f, bars[HIGHS], bars[LOWS], bar, until, f[numbers + TRAIL_MOST], floor_at)
    if w[wholes + FRESH] == STALE:
        now, up_kind, up_tier, up, down_kind, down_tier, down = fork(pi, pf, w, f, branch, True)
        keep_next(w, f, branch, up_kind, up_tier, up, down_kind, down_tier, down)
        if now:
            f[numbers + BELOW] = up
            w[wholes + FRESH] = AT_ONCE
    if isnan(f[numbers + BELOW]) and isnan(f[numbers + ABOVE]):
        return until
    return first_touch(w, bars, bar, until, f[numbers + BELOW], f[numbers + ABOVE])


@compiled
def opens_between(w: Wholes, f: Numbers, branch: int, first: float) -> bool:
    """Returns whether a bar surely opens between what is next of a branch: then a jump there changes only the price."""
    if w[BI + branch * BRANCH_WHOLES + TRAILS] or w[BI + branch * BRANCH_WHOLES + FRESH] != FOUND:
        return False
    below, above = f[BF + branch * BRANCH_NUMBERS + BELOW], f[BF + branch * BRANCH_NUMBERS + ABOVE]
    blur = max(UNSURE * first, f[MARGIN])
    return (isnan(below) or first - below > blur) and (isnan(above) or above - first > blur)


@compiled
def one_bar(
    pi: Wholes,
    pf: Numbers,
    w: Wholes,
    f: Numbers,
    time: Wholes,
    bars: tuple[Numbers, ...],
    branch: int,
    bar: int,
    came: float,
    begin: int,
    begins: bool,
) -> None:
    """Does what a bar makes of a branch: at its open, and then inside."""
    wholes, numbers, wide = BI + branch * BRANCH_WHOLES, BF + branch * BRANCH_NUMBERS, MARKS + pi[TARGETS]
    first, high, low, close = bars[OPENS][bar], bars[HIGHS][bar], bars[LOWS][bar], bars[CLOSES][bar]
    since, opens = w[wholes + SINCE], time[bar]
    closes = opens + pi[STEP_NS]
    least, most = f[numbers + LESS], f[numbers + MORE]
    here = SPARE
    copy_state(pi, w, f, branch, here)
    base, at = SF + here * wide, SI + here * WHOLES
    f[base + PRICE] = came
    expired = False
    known = opens_between(w, f, branch, first)
    if expiry_of(pi, w, here, since, begin) <= opens:
        if w[at + FILLED] == 0:
            end_with(w, f, here, least, most, bar)
            return
        w[at + EXPIRED] = 1
        settle(pi, w, at)
        expired = True
    trail_least, trail_most = nan, nan
    sign = pi[SIGN]
    if w[wholes + TRAILS]:
        carry_trail(pi, w, f, bars[HIGHS], bars[LOWS], branch, bar)
        trail_least, trail_most = f[numbers + TRAIL_LEAST], f[numbers + TRAIL_MOST]
        liquidated, stop = liquidation_at(pi, pf, f, base), f[base + STOP_AT]
        if not isnan(liquidated) and reached(first, liquidated, sign):
            net = lost(pi, pf, f, base)
            end_with(w, f, here, least + net, most + net, bar)
            return
        if not isnan(stop) and reached(first, stop, sign):
            net = stopped_net(pi, pf, f, base, first)
            end_with(w, f, here, least + net, most + net, bar)
            return
        if reached(first, trail_begins(pi, pf, f, trail_most), sign):
            net = stopped_net(pi, pf, f, base, first)
            end_with(w, f, here, least + net, most + net, bar)
            if reached(first, trail_begins(pi, pf, f, trail_least), sign):
                return
            bound = trail_passes(pi, pf, f, first)
            if sign * (bound - trail_most) < 0 and not same(bound, trail_most):
                trail_most = bound
        trail_least = better(trail_least, first, sign)
        trail_most = better(trail_most, trail_least, sign)
    elif not known:
        net = 0.0
        over = False
        if begins and w[OD] == MARKET:
            now, kind, _, _, _, _, _ = fork(pi, pf, w, f, here, True)
            over = now and kind == GIVE_UP
            if not over:
                enter_open(pi, pf, w, f, here, 0, first)
                over, net = jump(pi, pf, w, f, here, first)
        else:
            over, net = jump(pi, pf, w, f, here, first)
        least, most = least + net, most + net
        if over:
            end_with(w, f, here, least, most, bar)
            return
    f[base + PRICE] = first
    if time_stop_of(pi, w, f, here, since) <= opens:
        met = 0
        if w[wholes + TRAILS]:
            met = unless_met(pi, pf, f, base, trail_least, trail_most)
        known = False
        if met == 1:
            w[at + TIMED] = 1
        else:
            if met == 2:
                # Whether price has got there is open: both are followed.
                copy_state(pi, w, f, here, here + 2)
                w[SI + (here + 2) * WHOLES + TIMED] = 1
                inside_bar(
                    pi, pf, w, f, here + 2, least, most, trail_least, trail_most, first, high, low, close, bar, since,
                    closes,
                )  # fmt: skip
            quantity = f[base + HELD]
            if pf[TIME_CLOSE] < 1:
                quantity = pf[TIME_CLOSE] * quantity
                if pi[HAS_LOT]:
                    quantity = whole_lots(pf, quantity)
            w[at + TIMED] = 1
            if quantity > 0:
                whole = quantity >= f[base + HELD]
                net = close_part(pi, pf, w, f, here, quantity, first, STOP)
                least, most = least + net, most + net
                if whole:
                    end_with(w, f, here, least, most, bar)
                    return
                settle(pi, w, at)
    w[W_KNOWN] = branch if known and not expired else -1
    inside_bar(pi, pf, w, f, here, least, most, trail_least, trail_most, first, high, low, close, bar, since, closes)


@compiled
def unless_met(pi: Wholes, pf: Numbers, f: Numbers, base: int, least: float, most: float) -> int:
    """Returns whether price has got to `unless` while it trails: 0 no, 1 yes, 2 open."""
    if not pi[UNLESS]:
        return 0
    level = level_at(
        pi, pf, f, base, pi[UNLESS], f[V_UNLESS], pf[UNLESS_N], pf[UNLESS_RATIO], pi[UNLESS_NUMBER], STOP, 0.0, False
    )
    sign = pi[SIGN]
    average = f[base + HELD] / f[base + COST] if pi[INVERSE] else f[base + COST] / f[base + HELD]
    if sign * (level - average) < 0 and not same(level, average):
        return 2
    if reached(least, level, -sign):
        return 1
    return 2 if reached(most, level, -sign) else 0


@compiled
def walk_plan(
    pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, time: Wholes, bars: tuple[Numbers, ...], start: int, count: int
) -> None:
    """Walks one plan from a bar on, in one world of limits; what came of it stands in `wk` and `wf`."""
    wide = MARKS + pi[TARGETS]
    w[W_FILLED], w[W_LAST], w[W_FULL] = 0, -1, 0
    f[W_WORST], f[W_BEST] = 1e308, -1e308
    begin = time[start]
    w[W_BRANCHES], w[W_KNOWN] = 1, -1
    first = f[V_TIERS] if pi[FILLED_BEFORE] and w[OD] == MARKET else bars[OPENS][start]
    begin_state(pi, pf, w, f, 0, first)
    begins = not (pi[FILLED_BEFORE] and w[OD] == MARKET)
    if not begins:
        do_fill(pi, pf, w, f, 0, 0, first, first)
    w[BI + ALIVE], w[BI + NEXT], w[BI + SEEN], w[BI + FRESH], w[BI + TRAILS] = 1, start, start, BEGINNING, 0
    w[BI + SINCE] = begin if not begins and pi[TIMED_PLAN] else -1
    f[BF + LESS] = f[BF + MORE] = 0.0
    came = first
    while True:
        bar = count
        for branch in range(w[W_BRANCHES]):
            if w[BI + branch * BRANCH_WHOLES + ALIVE] and w[BI + branch * BRANCH_WHOLES + NEXT] < bar:
                bar = w[BI + branch * BRANCH_WHOLES + NEXT]
        if bar >= count:
            break
        if bar > start:
            came = bars[CLOSES][bar - 1]
        w[W_WAYS] = 0
        for branch in range(w[W_BRANCHES]):
            if w[BI + branch * BRANCH_WHOLES + ALIVE] and w[BI + branch * BRANCH_WHOLES + NEXT] == bar:
                one_bar(pi, pf, w, f, time, bars, branch, bar, came, begin, begins and bar == start)
                w[BI + branch * BRANCH_WHOLES + ALIVE] = 0
        if w[W_FULL]:
            return
        for way in range(BRANCHES, BRANCHES + w[W_WAYS]):
            go_on(pi, pf, w, f, time, bars, way, bar + 1, count, begin)
    close = bars[CLOSES][count - 1]
    for branch in range(w[W_BRANCHES]):
        if w[BI + branch * BRANCH_WHOLES + ALIVE]:
            net = 0.0
            if f[SF + branch * wide + HELD] != 0:
                net = stopped_net(pi, pf, f, SF + branch * wide, close)
            numbers = BF + branch * BRANCH_NUMBERS
            end_with(w, f, branch, f[numbers + LESS] + net, f[numbers + MORE] + net, count - 1)


@compiled
def go_on(
    pi: Wholes,
    pf: Numbers,
    w: Wholes,
    f: Numbers,
    time: Wholes,
    bars: tuple[Numbers, ...],
    way: int,
    bar: int,
    count: int,
    begin: int,
) -> None:
    """Makes a branch of a way out of a bar, or adds it to the one that stands there already."""
    free = -1
    numbers = BF + way * BRANCH_NUMBERS
    for branch in range(w[W_BRANCHES]):
        if not w[BI + branch * BRANCH_WHOLES + ALIVE]:
            free = branch if free < 0 else free
            continue
        # What trails is known up to a bar: it is none that another has later.
        alike = w[BI + branch * BRANCH_WHOLES + SINCE] == w[BI + way * BRANCH_WHOLES + SINCE]
        if w[BI + branch * BRANCH_WHOLES + TRAILS] or w[BI + way * BRANCH_WHOLES + TRAILS] or not alike:
            continue
        if same_state(pi, w, f, way, branch, False):
            known = BF + branch * BRANCH_NUMBERS
            f[known + LESS] = min(f[known + LESS], f[numbers + LESS])
            f[known + MORE] = max(f[known + MORE], f[numbers + MORE])
            return
    if free < 0:
        if w[W_BRANCHES] >= BRANCHES:
            w[W_FULL] = 1
            return
        free = w[W_BRANCHES]
        w[W_BRANCHES] += 1
    copy_state(pi, w, f, way, free)
    wholes, known = BI + free * BRANCH_WHOLES, BF + free * BRANCH_NUMBERS
    for place in range(SINCE, BRANCH_WHOLES):
        w[wholes + place] = w[BI + way * BRANCH_WHOLES + place]
    w[wholes + ALIVE], w[wholes + SEEN] = 1, bar
    for place in range(BRANCH_NUMBERS):
        f[known + place] = f[numbers + place]
    w[wholes + NEXT] = next_bar(pi, pf, w, f, time, bars, free, bar, count, begin)


# A plan made at a signal


#: How a price is put on ticks: not at all (it is a distance), on the nearer, or away from price.
NO_TICK, NEAR_TICK, AWAY_TICK, UP_TICK = range(4)
#: A tier's order that the plan's prices decide: as its price lies to the one before, or to the signal's close.
BY_PRICE, BY_SIGNAL = -1, -2
#: What is nearer to a step than this, and not on it, doubles cannot place.
UNSURE = 1e-8


@compiled
def on_tick(pi: Wholes, pf: Numbers, price: float, mode: int) -> float:
    """Returns a price on a tick; no number where doubles cannot say on which.

    `mode` is how it is put there, and 4 times the digits behind the point that it has in ticks: with few of them what
    is as near to a step as doubles can tell is on it.
    """
    way, digits = mode % 4, mode // 4
    if way == NO_TICK or pf[TICK] == 0:
        return price
    ticks = price / pf[TICK]
    below = floor(ticks)
    part = ticks - below
    # What the price and the quotient may be wrong by.
    blur = 4e-15 * max(ticks, 1.0)
    sure = 0.1**digits > 4 * blur
    if way == NEAR_TICK:
        if abs(part - 0.5) <= blur:
            if not sure:
                return nan
            steps = below if below % 2 == 0 else below + 1
        else:
            steps = below if part < 0.5 else below + 1
    elif part <= blur or part >= 1 - blur:
        if not sure:
            return nan
        steps = below if part < 0.5 else below + 1
    else:
        steps = below if pi[SIGN] > 0 and way == AWAY_TICK else below + 1
    return max(steps, 1) * pf[TICK]


@compiled
def prices_of(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, given: Numbers, at: int) -> bool:
    """Makes the prices and the orders of a plan. Returns whether it can be sure of them."""
    wide, modes, slots = 3 + pi[COLUMNS], pi[MODES], pi[SLOTS]
    for slot in range(slots):
        line = pi[LINES] + slot * wide
        price = pf[line + 2]
        for place in range(wide):
            if place != 2 and pf[line + place] != 0:
                price += pf[line + place] * given[at + (place if place < 2 else place - 1)]
        way = pi[modes + slot] % 4
        if way != NO_TICK and price <= 0 and not (way == UP_TICK and price == 0):
            return False
        f[slot] = price
    tiers = pi[TIERS]
    for index in range(tiers):
        order = pi[PI_TIERS + PI_TIER * index + T_ORDER]
        price = f[V_TIERS + 3 * index]
        if order < 0:
            after = pi[PI_TIERS + PI_TIER * index + T_AFTER]
            if order == BY_SIGNAL:
                other = given[at]
            elif after == 1:
                other = f[V_TIERS + 3 * index + V_AFTER]
            elif after == 2:
                other = f[V_TIERS + 3 * (pi[PI_TIERS + PI_TIER * index + T_AFTER_TIER] - 1)]
            elif index:
                other = f[V_TIERS + 3 * (index - 1)]
            else:
                other = price
            apart = pi[SIGN] * (price - other)
            if abs(apart) <= UNSURE * abs(other) and abs(apart) > NEAR * abs(other):
                return False
            order = STOP if apart > NEAR * abs(other) else LIMIT
        w[OD + index] = order
    for slot in range(slots):
        f[slot] = on_tick(pi, pf, f[slot], pi[modes + slot])
        if isnan(f[slot]):
            return False
    return True


@compiled
def divide(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, total: float) -> bool:
    """Divides a size among the tiers: `total` is notional, quantity or contracts. Returns whether it is sure."""
    quantities, tiers, kind = V_TIERS + 3 * pi[TIERS] + 2 * pi[TARGETS], pi[TIERS], pi[SIZE_KIND]
    for index in range(tiers):
        price = f[V_TIERS + 3 * index]
        part = pf[PF_TIERS + PF_TIER * index + F_SHARE] * total
        if pi[OWN_SIZES]:
            part = pf[PF_TIERS + PF_TIER * index + F_OWN]
        if kind == QUANTITY:
            f[quantities + index] = part * price if pi[INVERSE] else part
        elif kind == CONTRACTS:
            f[quantities + index] = part * pf[CONTRACT]
        else:
            f[quantities + index] = part if pi[INVERSE] else part / price
    if kind == BY_MARGIN:
        posted = 0.0
        for index in range(tiers):
            fill = entry_fill(pi, pf, f[V_TIERS + 3 * index], w[OD + index])
            posted += worth(pi, f[quantities + index], fill)
        scale = pf[SIZE] * pf[LEVERAGE] / posted
        for index in range(tiers):
            f[quantities + index] *= scale
    return True


@compiled
def in_lots(pi: Wholes, pf: Numbers, f: Numbers) -> bool:
    """Takes quantities down to whole lots. Returns whether it is sure, and something is left of each."""
    quantities = V_TIERS + 3 * pi[TIERS] + 2 * pi[TARGETS]
    if not pi[HAS_LOT]:
        return True
    for index in range(pi[TIERS]):
        lots = f[quantities + index] / pf[LOT]
        apart = abs(lots - floor(lots + 0.5))
        if apart < UNSURE * max(1.0, lots) and apart > 1e-12 * max(1.0, lots):
            return False
        f[quantities + index] = whole_lots(pf, f[quantities + index])
        if f[quantities + index] <= 0:
            return False
    return True


@compiled
def as_listed(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int) -> int:
    """Fills the tiers as listed, each state in a row from `row + 1` on, and what it risks. Returns faults of stops.

    Without a stop the whole cost is at risk on spot; elsewhere that is for the exact machine to say: -1.
    """
    first = f[V_TIERS]
    begin_state(pi, pf, w, f, row, first)
    wide = MARKS + pi[TARGETS]
    stop = f[SF + row * wide + STOP_AT]
    if not isnan(stop) and reached(first, stop, pi[SIGN]):
        f[SF + row * wide + STOP_AT] = first
    faults = 0
    for index in range(pi[TIERS]):
        copy_state(pi, w, f, row + index, row + index + 1)
        price = f[V_TIERS + 3 * index]
        faults += do_fill(pi, pf, w, f, row + index + 1, index, price, price)
        base = SF + (row + index + 1) * wide
        stop = f[base + STOP_AT]
        if not isnan(stop):
            f[RISKS + index] = -stopped_net(pi, pf, f, base, stop)
        elif pi[SPOT]:
            f[RISKS + index] = f[base + COST] + f[base + FEES]
        else:
            return -1
    return faults


@compiled
def makes_sense(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int) -> bool:
    """Returns whether a plan surely breaks no rule of prices and sizes; `row` is where `as_listed` has begun."""
    sign, tiers, wide = pi[SIGN], pi[TIERS], MARKS + pi[TARGETS]
    first = f[V_TIERS]
    if pi[HAS_STOP] and sign * (first - f[V_STOP]) <= UNSURE * first:
        return False
    if pi[HAS_WRONG] and sign * (first - f[V_WRONG]) <= UNSURE * first:
        return False
    quantities = V_TIERS + 3 * tiers + 2 * pi[TARGETS]
    nearest = nan
    for index in range(tiers):
        base = SF + (row + index + 1) * wide
        price = f[V_TIERS + 3 * index]
        if index:
            stop = f[base - wide + STOP_AT]
            if not isnan(stop) and sign * (price - stop) <= UNSURE * abs(stop):
                return False
        for other in range(index):
            if w[OD + other] == w[OD + index] and abs(f[V_TIERS + 3 * other] - price) <= UNSURE * price:
                return False
        average = f[base + HELD] / f[base + COST] if pi[INVERSE] else f[base + COST] / f[base + HELD]
        if isnan(nearest) or sign * (average - nearest) < 0:
            nearest = average
        if pi[HAS_LEAST]:
            value = f[quantities + index] if pi[INVERSE] else f[quantities + index] * price
            if value < pf[LEAST] * (1 + UNSURE):
                return False
        for target in range(pi[TARGETS]):
            if lies(pi, pf, f, base, target) <= pf[LEAST_PRICE] + UNSURE * price:
                return False
    full = SF + (row + tiers) * wide
    before = nan
    for target in range(pi[TARGETS]):
        at = lies(pi, pf, f, full, target)
        if (
            pi[PI_TIERS + PI_TIER * tiers + PI_TARGET * target + G_PRICE] == FIXED
            and sign * (at - nearest) <= UNSURE * at
        ):
            return False
        if not isnan(before) and sign * (at - before) < UNSURE * at:
            return False
        before = at
    if pi[HAS_LEAST] or pi[HAS_LOT]:
        return exits_ample(pi, pf, f, SF + (row + 1) * wide)
    return True


@compiled
def exits_ample(pi: Wholes, pf: Numbers, f: Numbers, base: int) -> bool:
    """Returns whether with tier 1 alone every partial close is twice the least order or more."""
    held, left = f[base + HELD], 1.0
    for target in range(pi[TARGETS]):
        of = pi[PI_TIERS + PI_TIER * pi[TIERS] + PI_TARGET * target + G_CLOSES]
        share = pf[PF_TIERS + PF_TIER * pi[TIERS] + PF_TARGET * target + H_CLOSE]
        if of == 0 or of == OF_ALL:
            continue
        part = share * left if of == OF_REST else share
        left -= part
        least = pf[LOT] if pi[HAS_LOT] else 0.0
        if pi[HAS_LEAST]:
            price = lies(pi, pf, f, base, target)
            needed = pf[LEAST] if pi[INVERSE] else pf[LEAST] / price
            least = needed + least
        if part * held < 2 * least * (1 + UNSURE):
            return False
    return True


@compiled
def in_one_line(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int) -> bool:
    """Returns whether tiers surely fill as listed and in no other order, and targets are hit in turn and win."""
    tiers, sign, wide = pi[TIERS], pi[SIGN], MARKS + pi[TARGETS]
    if pi[ALWAYS_GRAPH]:
        return False
    down, up = w[OD] != STOP, w[OD] != MARKET
    for index in range(tiers):
        here = PI_TIERS + PI_TIER * index
        if pi[here + T_AFTER] == 1 or (pi[here + T_AFTER] == 2 and pi[here + T_AFTER_TIER] > index):
            return False
        if index:
            step = sign * (f[V_TIERS + 3 * index] - f[V_TIERS + 3 * (index - 1)])
            down = down and step < 0 and w[OD + index] == LIMIT
            up = up and step > 0 and w[OD + index] == STOP
    if tiers > 1 and not (down or up):
        return False
    for index in range(tiers):
        base = SF + (row + index + 1) * wide
        liquidated, stop = liquidation_at(pi, pf, f, base), f[base + STOP_AT]
        if not isnan(liquidated) and (isnan(stop) or sign * (stop - liquidated) <= UNSURE * stop):
            return False
        if index + 1 < tiers:
            price = f[V_TIERS + 3 * (index + 1)]
            if not isnan(liquidated) and reached(price, liquidated, sign):
                return False
            if pi[CLOSING] >= 0:
                level = lies(pi, pf, f, base, pi[CLOSING])
                if sign * (level - price) <= UNSURE * price:
                    return False
    for index in (tiers, 1):
        if not targets_in_turn(pi, pf, w, f, row + index, row + tiers + 1):
            return False
    return True


@compiled
def targets_in_turn(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int, spare: int) -> bool:
    """Returns whether every target, with some tiers filled, lies beyond the last, wins, and moves no stop amiss."""
    base, wide, sign = SF + row * (MARKS + pi[TARGETS]), MARKS + pi[TARGETS], pi[SIGN]
    copy_state(pi, w, f, row, spare)
    before = nan
    for target in range(pi[TARGETS]):
        price = lies(pi, pf, f, base, target)
        if not isnan(before) and sign * (price - before) <= UNSURE * price:
            return False
        before = price
        if f[SF + spare * wide + HELD] == 0:
            continue
        over, net, fault = do_hit(pi, pf, w, f, spare, price, price, price)
        if net < 0 or fault:
            return False
        if over:
            f[SF + spare * wide + HELD] = 0.0
    return True


@compiled
def held_by_paths(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, row: int) -> int:
    """Returns the numbers k, as bits, for which some path holds tiers 1 to k and no other, with nothing closed yet.

    -1 where there are too many states, a tier that no path fills, or one that fills at another price than its own.
    States stand from `row` on.
    """
    wide = MARKS + pi[TARGETS]
    begin_state(pi, pf, w, f, row, f[V_TIERS])
    do_fill(pi, pf, w, f, row, 0, f[V_TIERS], f[V_TIERS])
    count, done, found, filled = 1, 0, 0, 1
    while done < count:
        state = row + done
        done += 1
        mask = w[SI + state * WHOLES + FILLED]
        if mask & (mask + 1) == 0 and not w[SI + state * WHOLES + EXITED]:
            found |= 1 << bits_of(mask)
        _, up_kind, up_tier, up, down_kind, down_tier, down = fork(pi, pf, w, f, state, False)
        for side in range(2):
            kind, tier, where = (up_kind, up_tier, up) if side == 0 else (down_kind, down_tier, down)
            if kind == NO_EVENT or kind == TRAILING:
                continue
            if row + count + 1 >= ROWS:
                return -1
            after = row + count
            copy_state(pi, w, f, state, after)
            over, _ = happen(pi, pf, w, f, after, kind, tier, where, False)
            if kind == ENTER:
                filled |= 1 << tier
                own = f[V_TIERS + 3 * tier]
                if abs(where - own) > UNSURE * own:
                    # It fills at once: what is held then is not what is listed.
                    return -1
            if over:
                continue
            f[SF + after * wide + REALIZED] = f[SF + after * wide + REALIZED] if pi[CROSS] else 0.0
            known = False
            for other in range(count):
                if same_state(pi, w, f, after, row + other, True):
                    known = True
                    break
            if not known:
                count += 1
    return found if filled == (1 << pi[TIERS]) - 1 else -1


@compiled
def make_plan(pi: Wholes, pf: Numbers, w: Wholes, f: Numbers, given: Numbers, at: int) -> bool:
    """Makes the plan of a signal: prices, orders, quantities, 1R, margin. Returns whether it can be sure of them."""
    pf[THROUGH], f[MARGIN] = 0.0, -1.0
    pi[NOT_SURE] = 0
    if not prices_of(pi, pf, w, f, given, at):
        return False
    tiers = pi[TIERS]
    quantities = V_TIERS + 3 * tiers + 2 * pi[TARGETS]
    total = pf[SIZE]
    if pi[SIZE_KIND] == BY_RISK:
        total = 1.0
    elif pi[INVERSE] and (pi[SIZE_KIND] == IN_COIN or pi[SIZE_KIND] == BY_MARGIN):
        total *= f[V_TIERS]
    if not divide(pi, pf, w, f, total):
        return False
    row = 0
    if pi[SIZE_KIND] == BY_RISK:
        faults = as_listed(pi, pf, w, f, row)
        worst = f[RISKS]
        for index in range(tiers):
            worst = max(worst, f[RISKS + index])
        if faults < 0 or worst <= 0:
            return False
        for index in range(tiers):
            f[quantities + index] *= pf[SIZE] / worst
    if not in_lots(pi, pf, f):
        return False
    faults = as_listed(pi, pf, w, f, row)
    if faults < 0 or not makes_sense(pi, pf, w, f, row):
        return False
    base = SF + (row + tiers) * (MARKS + pi[TARGETS])
    f[P_MARGIN] = margin_of(pi, pf, f[base + HELD], f[base + COST], 1.0)
    whole = (1 << (tiers + 1)) - 2
    if faults or not in_one_line(pi, pf, w, f, row):
        whole = held_by_paths(pi, pf, w, f, row + tiers + 2)
        if whole < 0:
            return False
        whole = whole if whole else (1 << (tiers + 1)) - 2
    if pi[RISK_UNIT] == 2:
        f[P_ONE_R] = pf[RISK]
    elif pi[RISK_UNIT] == 1:
        f[P_ONE_R] = f[RISKS]
    else:
        worst = nan
        for index in range(tiers):
            if (whole >> (index + 1)) & 1 and (isnan(worst) or f[RISKS + index] > worst):
                worst = f[RISKS + index]
        f[P_ONE_R] = worst
    return pi[NOT_SURE] == 0


# Signals taken, one after the other

#: Where a variant stands, in `st`: the signal, plans live, whether there is an account, what was counted.
(S_NEXT, S_LIVE, S_ACCOUNT, S_FOUND, S_TAKEN, S_OVERLAPPING, S_TOO_LATE, S_NOT_ENTERED, S_NO_LEVEL) = range(9)
(S_NO_MARGIN, S_ROWS, S_LIVED, S_ANSWER, S_SIZE) = range(9, 14)
#: What the exact machine has answered: nothing, no plan, or a plan and what came of it.
NO_ANSWER, NO_PLAN, ANSWERED = range(3)
#: In `answer`: margin, 1R, worst and best net result; in `answered`: the last bar, whether a tier was filled.
A_MARGIN, A_ONE_R, A_WORST, A_BEST = range(4)
#: Where several variants stand, in `order`: how many they are, the rows that a program takes, signals, sides, bars;
#: and the stretch of signals and the variant that are next.
O_VARIANTS, O_WHOLES, O_NUMBERS, O_SIGNALS, O_SIDES, O_BARS, O_STRETCHES, O_STRETCH, O_VARIANT, O_SIZE = range(10)


@compiled
def run(
    order: Wholes,
    wholes: Wholes,
    numbers: Numbers,
    pi: Wholes,
    pf: Numbers,
    w: Wholes,
    f: Numbers,
    time: Wholes,
    bars: tuple[Numbers, ...],
    signal: Wholes,
    given: Numbers,
    ends: Wholes,
    worlds: Numbers,
    st: Wholes,
    live_last: Wholes,
    live_margin: Numbers,
    rows: Wholes,
    results: Numbers,
    answer: Numbers,
    answered: Wholes,
) -> int:
    """Takes signals in turn, by several variants. Returns -1 when done, or the signal the exact machine is asked for.

    `wholes` and `numbers` have the programs, of each variant one for each side; `ends` where each stretch of signals
    ends, and its side. All variants go through a stretch before the next, while its bars are at hand. `worlds` are how
    far limits are gone through in each. A variant's `rows` have a signal's index and the last bar of each trade, its
    `results` R and net at worst and at best.
    """
    while order[O_STRETCH] < order[O_STRETCHES]:
        stretch = order[O_STRETCH]
        while order[O_VARIANT] < order[O_VARIANTS]:
            program = order[O_VARIANT] * order[O_SIDES] + ends[2 * stretch + 1]
            for place in range(order[O_WHOLES]):
                pi[place] = wholes[program * order[O_WHOLES] + place]
            for place in range(order[O_NUMBERS]):
                pf[place] = numbers[program * order[O_NUMBERS] + place]
            asked = take(
                pi, pf, w, f, time, bars, signal, given, worlds, st, live_last, live_margin, rows, results, answer,
                answered, order[O_VARIANT], order[O_SIGNALS], ends[2 * stretch], order[O_BARS],
            )  # fmt: skip
            if asked >= 0:
                return asked
            order[O_VARIANT] += 1
        order[O_VARIANT] = 0
        order[O_STRETCH] += 1
    return -1


@compiled
def take(
    pi: Wholes,
    pf: Numbers,
    w: Wholes,
    f: Numbers,
    time: Wholes,
    bars: tuple[Numbers, ...],
    signal: Wholes,
    given: Numbers,
    worlds: Numbers,
    st: Wholes,
    live_last: Wholes,
    live_margin: Numbers,
    rows: Wholes,
    results: Numbers,
    answer: Numbers,
    answered: Wholes,
    variant: int,
    signals: int,
    end: int,
    count: int,
) -> int:
    """Takes signals up to an end, by one variant. Returns -1, or the signal at which the exact machine is asked."""
    wide, s, first = 2 + pi[COLUMNS], variant * S_SIZE, variant * signals
    latest = signal[signals - 1]
    while st[s + S_NEXT] < end:
        index = st[s + S_NEXT]
        bar = signal[index]
        has_answer = st[s + S_ANSWER] != NO_ANSWER
        if not has_answer:
            st[s + S_FOUND] += 1
            if bar >= count - 1:
                st[s + S_TOO_LATE] += 1
                st[s + S_NEXT] += 1
                continue
            if st[s + S_ACCOUNT]:
                kept = first
                for at in range(first, first + st[s + S_LIVE]):
                    if live_last[at] > bar:
                        live_last[kept], live_margin[kept] = live_last[at], live_margin[at]
                        kept += 1
                st[s + S_LIVE] = kept - first
                if pi[OVERLAP] >= 0 and st[s + S_LIVE] >= pi[OVERLAP]:
                    st[s + S_OVERLAPPING] += 1
                    st[s + S_NEXT] += 1
                    continue
            lacking = False
            for place in range(1, wide):
                value = given[index * wide + place]
                lacking = lacking or not value > 0
            if lacking:
                st[s + S_NO_LEVEL] += 1
                st[s + S_NEXT] += 1
                continue
            if not make_plan(pi, pf, w, f, given, index * wide):
                return index
            margin, one_r = f[P_MARGIN], f[P_ONE_R]
        elif st[s + S_ANSWER] == NO_PLAN:
            st[s + S_ANSWER] = NO_ANSWER
            st[s + S_NEXT] += 1
            continue
        else:
            margin, one_r = answer[A_MARGIN], answer[A_ONE_R]
        st[s + S_ACCOUNT] = 1
        if pi[HAS_EQUITY]:
            together = margin
            for at in range(first, first + st[s + S_LIVE]):
                together += live_margin[at]
            apart = together - pf[EQUITY]
            if not has_answer and abs(apart) <= UNSURE * pf[EQUITY]:
                return index
            if apart > 0:
                st[s + S_NO_MARGIN] += 1
                st[s + S_ANSWER] = NO_ANSWER
                st[s + S_NEXT] += 1
                continue
        worst, best, last, filled = 1e308, -1e308, -1, False
        if has_answer:
            worst, best, last, filled = answer[A_WORST], answer[A_BEST], answered[0], answered[1] != 0
        else:
            # Where nothing came near enough to matter, what limits are gone through by changes nothing.
            f[MARGIN] = 2 * (worlds[-1] - worlds[0]) + UNSURE * f[V_TIERS] if len(worlds) > 1 else -1.0
            w[W_CLOSE] = 0
            for world in range(len(worlds)):
                if world and not w[W_CLOSE]:
                    break
                pf[THROUGH] = worlds[world]
                walk_plan(pi, pf, w, f, time, bars, bar + 1, count)
                if w[W_FULL] or pi[NOT_SURE]:
                    return index
                worst, best = min(worst, f[W_WORST]), max(best, f[W_BEST])
                last = max(last, w[W_LAST])
                filled = filled or w[W_FILLED] != 0
                f[MARGIN] = -1.0
        st[s + S_ANSWER] = NO_ANSWER
        live = first + st[s + S_LIVE]
        live_last[live], live_margin[live] = last, margin
        st[s + S_LIVE] += 1
        st[s + S_TAKEN] += 1
        st[s + S_LIVED] += min(last, latest) - bar
        st[s + S_NEXT] += 1
        if not filled:
            st[s + S_NOT_ENTERED] += 1
            continue
        row = first + st[s + S_ROWS]
        st[s + S_ROWS] += 1
        rows[2 * row], rows[2 * row + 1] = index, last
        results[4 * row] = worst / one_r if one_r > 0 else nan
        results[4 * row + 1] = best / one_r if one_r > 0 else nan
        results[4 * row + 2], results[4 * row + 3] = worst, best
    return -1
