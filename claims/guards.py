"""What the database itself keeps of this room, by triggers: corrections are append-only."""

from editorial.guards import append_only

GUARDS = append_only("claims_correction", "correction", "corrections are append-only")
