"""How a claim fares when its page is edited: kept, to be asked again, or gone.

An unchanged sentence is the same claim wherever it now stands. A changed one keeps its decision
only when everything that changed is known to be harmless (a comma, a spelling, a slip mended);
anything else, a number, a “not”, a “may”, a name, is to be decided afresh. Plain Python; strict on
purpose: asking twice costs a minute, a wrong approval may cost a life. `docs/claims.md` has the
figures.
"""

from .carrying import Carried, carry, carry_all
from .changes import what_changed

__all__ = ["Carried", "carry", "carry_all", "what_changed"]
