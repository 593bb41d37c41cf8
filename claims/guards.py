"""What the database itself keeps of this room, by triggers: corrections are append-only."""

from editorial.guards import Guard

TABLE = "claims_correction"
_ALWAYS = {"sqlite": "1", "postgresql": "true"}
_MESSAGE = "corrections are append-only"

GUARDS = [
    Guard("correction_no_update", TABLE, "UPDATE", _ALWAYS, _MESSAGE),
    Guard("correction_no_delete", TABLE, "DELETE", _ALWAYS, _MESSAGE),
]
