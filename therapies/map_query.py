"""What a reader asks of the evidence map: plain GET parameters, all of them optional."""

from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy

from .words import Certainty, Stage

SORTS = {
    "": gettext_lazy("Name"),
    "surest": gettext_lazy("Surest answer first"),
    "most": gettext_lazy("Most answers first"),
    "kind": gettext_lazy("Kind of therapy"),
}
FORMS = {"": gettext_lazy("Table"), "list": gettext_lazy("List")}


@dataclass(frozen=True)
class Query:
    """Filters, order and form. What is not known is as if it were not asked."""

    condition: str = ""
    therapy: str = ""
    certainty: str = ""  # at least this
    stage: str = ""
    kind: str = ""
    sort: str = ""
    form: str = ""

    @classmethod
    def of(cls, parameters, kinds=()) -> "Query":
        """From a request's GET; `kinds` are the kinds of therapy there are."""
        asked = {f.name: parameters.get(f.name, "")[:120] for f in fields(cls)}
        known = {
            "certainty": Certainty.values,
            "stage": Stage.values,
            "kind": kinds,
            "sort": SORTS,
            "form": FORMS,
        }
        for name, words in known.items():
            if asked[name] not in words:
                asked[name] = ""
        return cls(**asked)

    @classmethod
    def names(cls) -> list[str]:
        """The parameters that are read."""
        return [field.name for field in fields(cls)]

    @property
    def narrows_pairs(self) -> bool:
        """Whether it asks for some pairs only, so that lines without any are left out."""
        return bool(self.certainty or self.stage or self.condition or self.therapy)

    @property
    def is_plain(self) -> bool:
        """Whether it filters nothing."""
        return not (self.narrows_pairs or self.kind)

    def has_row(self, therapy) -> bool:
        """Whether this therapy's line belongs to the answer."""
        return self.therapy in ("", therapy.slug) and self.kind in ("", therapy.form)

    def has_column(self, condition) -> bool:
        """Whether this condition's line belongs to the answer."""
        return self.condition in ("", condition.slug)

    def keeps(self, cell) -> bool:
        """Whether this pair, which somebody looked for, belongs to the answer."""
        if not (self.has_row(cell.therapy) and self.has_column(cell.condition)):
            return False
        if not (self.certainty or self.stage):
            return True
        if cell.assessment is None:
            return False
        sure = Certainty.values[: Certainty.values.index(self.certainty or "very low") + 1]
        return cell.assessment.certainty in sure and self.stage in ("", cell.assessment.stage)

    @property
    def answered(self) -> dict[str, str]:
        """What was asked and known, by parameter: what an answer depends on."""
        asked = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in asked.items() if value}

    @property
    def encoded(self) -> str:
        """The query string of this question; begins with “?” unless it is empty."""
        text = urlencode(self.answered)
        return f"?{text}" if text else ""
