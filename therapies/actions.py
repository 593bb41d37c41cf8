"""Everything that writes an assessment. (Condition and therapy pages go through editorial.)"""

from .assessing import approve, assess, on_assessment_changed, record_empty_search
from .resting import on_footing_changed

__all__ = [
    "approve",
    "assess",
    "on_assessment_changed",
    "on_footing_changed",
    "record_empty_search",
]
