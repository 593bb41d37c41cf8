"""What a list of notices costs in memory, measured in a process that does nothing else."""

import pytest

from tests import factories
from tests.evidence.test_bounds import endless_list, peak_of, sift

pytestmark = pytest.mark.django_db


def test_memory_does_not_grow_with_the_list(people):
    """2 GB are 1.5 million such rows; what 1,500 need beyond 200 is what a file's size costs."""
    factories.source(doi="10.1000/paper", year=2020)
    for cells in (None, {"OriginalPaperDOI": "10.1000/paper"}, {"RetractionDate": "never"}):
        sift(endless_list(200, cells))  # what is loaded once is loaded now
        small = peak_of(lambda cells=cells: sift(endless_list(200, cells)))
        large = peak_of(lambda cells=cells: sift(endless_list(1_500, cells)))
        assert large - small < 0.7, cells
