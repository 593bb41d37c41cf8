"""Form fields for lists, so that they can live in a revision and be edited without script."""

from django import forms
from django.utils.translation import gettext


class LinesField(forms.CharField):
    """A list of short texts, one a line. Cleans to a list without blanks or repeats."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value):
        lines = value if isinstance(value, list | tuple) else (value or "").splitlines()
        return list(
            dict.fromkeys(" ".join(str(line).split()) for line in lines if str(line).strip())
        )

    def validate(self, value):
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value):
        for line in value:
            super().run_validators(line)


class RowsWidget(forms.Widget):
    """A small table of text inputs with spare rows. The value is a list of dicts."""

    template_name = "editorial/widgets/rows.html"
    SPARE = 2

    def __init__(self, columns: dict[str, str], attrs=None):
        super().__init__(attrs)
        self.columns = columns

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        rows = [*(value or []), *({} for _ in range(self.SPARE))]
        context["columns"] = list(self.columns.values())
        context["rows"] = [
            [
                {
                    "name": f"{name}-{i}-{key}",
                    "value": row.get(key) or "",
                    "label": gettext("%(label)s, row %(value)s") % {"label": label, "value": i + 1},
                }
                for key, label in self.columns.items()
            ]
            for i, row in enumerate(rows)
        ]
        return context

    def value_from_datadict(self, data, files, name):
        if name in data:
            return data[name]
        rows = []
        while any(f"{name}-{len(rows)}-{key}" in data for key in self.columns):
            rows.append({k: data.get(f"{name}-{len(rows)}-{k}", "").strip() for k in self.columns})
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data, files, name):
        return name not in data and not any(key.startswith(f"{name}-0-") for key in data)


class RowsField(forms.Field):
    """A list of rows with named text columns; the first column is required in each row."""

    def __init__(self, *, columns: dict[str, str], **kwargs):
        self.columns = columns
        kwargs.setdefault("widget", RowsWidget(columns))
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise forms.ValidationError(gettext("This is not a list of rows."))
        return [{key: str(row.get(key) or "") for key in self.columns} for row in value]

    def validate(self, value):
        super().validate(value)
        first = next(iter(self.columns))
        for number, row in enumerate(value, 1):
            if not row[first]:
                raise forms.ValidationError(
                    gettext("Row %(number)s has no %(columns)s. Fill it in or empty the row.")
                    % {"number": number, "columns": self.columns[first].lower()}
                )
