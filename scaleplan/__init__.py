"""A trade-plan calculator: reads a plan in YAML, says what is wrong with it, and what each tier would do.

>>> import scaleplan
>>> study = scaleplan.reads("{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140, 130], stop: 118}")
>>> study.ladder.totals.risk.quantize(1)
Decimal('139')

`scaleplan help api` says more.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaleplan.face import Study, Unread, quick, read, reads

__version__ = "0.1.0"
#: All that is public. It is loaded when it is asked for, so that the command's start pays nothing.
__all__ = ["Study", "Unread", "__version__", "quick", "read", "reads"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'scaleplan' has no attribute {name!r}")
        from scaleplan import face  # noqa: PLC0415 - see above

        return getattr(face, name)


def __dir__() -> list[str]:
    return __all__
