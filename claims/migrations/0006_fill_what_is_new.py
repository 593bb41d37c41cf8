from datetime import UTC

from django.db import migrations


def fill(apps, schema_editor):
    """Keys and axes of the claims there are, the chain of corrections. What readers see now is read
    from the live text where it was not kept yet (corrections.last_seen)."""
    fill_claims(apps)
    chain_corrections(apps)


def fill_claims(apps):
    from claims.axes import direction_of, safety_of
    from claims.memory import keys_of

    Claim = apps.get_model("claims", "Claim")
    batch = []
    for claim in Claim.objects.order_by("pk").iterator(chunk_size=1000):
        for name, value in keys_of(claim.sentence).items():
            setattr(claim, name, value)
        claim.direction = direction_of(claim.sentence, negated=claim.negated)
        claim.safety = safety_of(claim.sentence)
        batch.append(claim)
        if len(batch) == 1000:
            save(Claim, batch)
            batch = []
    save(Claim, batch)


def save(Claim, batch):
    Claim.objects.bulk_update(
        batch, ["wording_key", "front_key", "back_key", "direction", "safety"], batch_size=200
    )


def chain_corrections(apps):
    from claims.corrections import GENESIS, chain_hash

    previous = GENESIS
    for row in apps.get_model("claims", "Correction").objects.order_by("pk"):
        row.made_at = row.made_at.astimezone(UTC)
        row.claim_id = row.decision.claim_id
        row.previous_hash = previous
        row.hash = previous = chain_hash(row)
        row.save(update_fields=["claim", "previous_hash", "hash"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_decided_once")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
