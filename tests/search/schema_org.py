"""As much of schema.org's vocabulary as this site uses: each type with one above it and properties
that begin there. `problems` says what does not belong.

Every type, what it stands below and every property was compared with the npm package `schema-dts`
2.1.0 (schema.org as TypeScript, Apache 2.0). `query-input` is not there: it is schema.org's own way
to say of an action's property that it is asked for."""

PARENT = {
    "CreativeWork": "Thing",
    "WebSite": "CreativeWork",
    "WebPage": "CreativeWork",
    "MedicalWebPage": "WebPage",
    "ScholarlyArticle": "CreativeWork",
    "Claim": "CreativeWork",
    "CorrectionComment": "CreativeWork",
    "Periodical": "CreativeWork",
    "MedicalEntity": "Thing",
    "MedicalCondition": "MedicalEntity",
    "MedicalTherapy": "MedicalEntity",
    "MedicalSymptom": "MedicalCondition",
    "Drug": "MedicalEntity",
    "MedicalCode": "MedicalEntity",
    "Organization": "Thing",
    "Person": "Thing",
    "PropertyValue": "Thing",
    "Action": "Thing",
    "SearchAction": "Action",
    "EntryPoint": "Thing",
}
PROPERTIES = {
    "Thing": "name alternateName description identifier mainEntityOfPage potentialAction url",
    "CreativeWork": "about abstract author citation correction creativeWorkStatus creditText "
    "dateModified datePublished inLanguage isAccessibleForFree isPartOf keywords publisher text",
    "WebPage": "lastReviewed reviewedBy",
    "Claim": "appearance",
    "MedicalEntity": "code",
    "MedicalCondition": "possibleTreatment signOrSymptom",
    "MedicalCode": "codeValue codingSystem",
    "Person": "jobTitle",
    "PropertyValue": "propertyID value",
    "Action": "target",
    "SearchAction": "query query-input",
    "EntryPoint": "urlTemplate",
}
# What stands in a property that holds things: any of these types or one below them.
HOLDS = {
    "about": "Thing",
    "appearance": "CreativeWork",
    "citation": "CreativeWork",
    "code": "MedicalCode",
    "correction": "CorrectionComment",
    "identifier": "PropertyValue",
    "isPartOf": "CreativeWork",
    "possibleTreatment": ("MedicalTherapy", "Drug"),
    "potentialAction": "Action",
    "publisher": ("Organization", "Person"),
    "reviewedBy": ("Organization", "Person"),
    "signOrSymptom": "MedicalSymptom",
    "target": "EntryPoint",
}


def lineage(kind: str) -> list[str]:
    """A type and all above it."""
    found = [kind]
    while found[-1] in PARENT:
        found.append(PARENT[found[-1]])
    return found


def problems(data: dict, path: str = "") -> list[str]:
    """Everything in a JSON-LD object that is not schema.org's."""
    kind = data.get("@type", "")
    if kind not in PARENT:
        return [f"{path}: no type {kind!r}"]
    allowed = {p for name in lineage(kind) for p in PROPERTIES.get(name, "").split()}
    found = []
    for name, value in data.items():
        if name.startswith("@"):
            continue
        place = f"{path}/{kind}.{name}"
        if name not in allowed:
            found.append(f"{place}: not a property of it")
        for one in value if isinstance(value, list) else [value]:
            if not one and one is not False:
                found.append(f"{place}: empty")
            if isinstance(one, dict):
                found += problems(one, place)
                wanted = HOLDS.get(name, ())
                wanted = (wanted,) if isinstance(wanted, str) else wanted
                if not set(wanted) & set(lineage(one.get("@type", ""))):
                    found.append(f"{place}: may not hold a {one.get('@type')}")
    return found
