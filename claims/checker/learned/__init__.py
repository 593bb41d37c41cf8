"""The learned part: a linear model over phrases and cue groups, beside the rules.

Its weights (`weights.json`) are made from the text in `claims/checker/training`, which was
written for this project. It needs no network and no package of its own at run time.
"""

from claims.checker.learned.judge import judge
from claims.checker.learned.opinion import KINDS, note, rule_id, second_look

__all__ = ["KINDS", "judge", "note", "rule_id", "second_look"]
