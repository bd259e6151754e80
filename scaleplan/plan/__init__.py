"""Plan, Tier, Target, Account and the venue's terms: frozen records of what the trader wrote.

Records are `NamedTuple`s throughout: immutable like frozen dataclasses, and a seventh of their cost to define, which
every start of the program pays.
"""

from scaleplan.plan.records import (
    Account,
    AfterPrice,
    AfterTier,
    Close,
    CloseOf,
    Contract,
    Divides,
    EntriesEnd,
    Funding,
    Level,
    MarginMode,
    Order,
    Plan,
    RiskUnit,
    Side,
    Size,
    SizeKind,
    Style,
    Swap,
    Target,
    Tier,
    TimeStop,
    Trail,
)
from scaleplan.plan.terms import Bracket, BracketBy, Fees, Instrument, MaintenanceOn, MarginModel

__all__ = [
    "Account",
    "AfterPrice",
    "AfterTier",
    "Bracket",
    "BracketBy",
    "Close",
    "CloseOf",
    "Contract",
    "Divides",
    "EntriesEnd",
    "Fees",
    "Funding",
    "Instrument",
    "Level",
    "MaintenanceOn",
    "MarginMode",
    "MarginModel",
    "Order",
    "Plan",
    "RiskUnit",
    "Side",
    "Size",
    "SizeKind",
    "Style",
    "Swap",
    "Target",
    "Tier",
    "TimeStop",
    "Trail",
]
