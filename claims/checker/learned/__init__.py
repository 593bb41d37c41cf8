"""The learned part, beside the rules: a linear model over phrases and cue groups, and a small
transformer that reads what the linear model is in doubt about.

Both are fitted to the text in `claims/checker/training`, which was written for this project.
Neither asks anything of other machines.
"""

from claims.checker.learned.judge import judge
from claims.checker.learned.kinds import KINDS
from claims.checker.learned.opinion import note, rule_id, second_look

__all__ = ["KINDS", "judge", "note", "rule_id", "second_look"]
