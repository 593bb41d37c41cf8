"""Rules of one row, asked of the database all at once."""

from functools import reduce
from operator import and_

from django.core.exceptions import FieldError, ValidationError
from django.db import models


class CheckedAtOnce(models.Model):
    """Its check constraints are tried in one query; each by itself only where one is broken, to say
    which. Django asks one by one, which for an assessment is twenty queries."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude=None):
        """As Django does: raises ValidationError for what the database would refuse. A check that
        names an excluded field is passed over."""
        excluded, errors = set(exclude or ()), {}
        for model, constraints in self.get_constraints():
            checks = [c for c in constraints if isinstance(c, models.CheckConstraint)]
            tried = [c for c in checks if not c.condition.referenced_base_fields & excluded]
            named = [c for c in constraints if c not in checks]
            if tried and not self._hold(model, tried, excluded):
                named = tried + named
            for constraint in named:
                try:
                    constraint.validate(model, self, exclude=exclude)
                except ValidationError as error:
                    errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def _hold(self, model, checks, excluded) -> bool:
        """Whether no check is broken; False too where the database cannot be asked for all."""
        values = self._get_field_expression_map(meta=model._meta, exclude=excluded)
        try:
            return reduce(and_, (check.condition for check in checks)).check(values)
        except FieldError:
            return False
