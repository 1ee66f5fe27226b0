"""What the service would refuse of a policy for what Azure has beside the settings that are stated."""

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import DriftState
from backup_reconciler.plan.policy.refusals import Judged, refusals
from backup_reconciler.spec.document import Declaration, Place, Source
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings
from backup_reconciler.spec.vault import VaultSettings

LIVE = PolicySettings.model_validate(
    {
        "schedule": {"frequency": "Daily", "time": "23:00"},
        "retention": {"daily": {"days": 30}, "yearly": {"years": 2, "months": ["May"], "dates": [1]}},
        "archive_tier": {"mode": "TierAfter", "months": 12},
    }
)
SPEC = BackupPolicySpec.model_validate(
    {"vaults": "all", "retention": {"weekly": {"weeks": 4, "days": ["Sunday"]}}, "time_zone": "UTC"}
)
PLACES = {(): Place("a.yaml", 1, 1), ("spec",): Place("a.yaml", 4, 3), ("spec", "retention"): Place("a.yaml", 6, 5)}
ARCHIVE_IS_AZURES = "the archiveTier is Azure's, none is stated"
CHANGES = (Change("retention", None, None, PLACES[()]),)


def test_every_rule_is_told_at_what_is_stated_and_the_difference_once() -> None:
    declared = Declaration("BackupPolicy", "daily", SPEC, Source(PLACES))
    after = LIVE.model_copy(update={"retention": SPEC.retention})
    judged = Judged(declared, "Policy/daily", "policy daily", after, LIVE, VaultSettings(), bound=True)
    first, second = refusals(judged, CHANGES)
    assert [(found.rule.id, found.message, found.place) for found in (first, second)] == [
        (
            "daily-needs-daily",
            "the policy runs daily and keeps no daily points; the schedule is Azure's, none is stated",
            PLACES["spec", "retention"],
        ),
        (
            "archive-retention",
            f"TierAfter moves monthly and yearly points, and retention keeps none; {ARCHIVE_IS_AZURES}",
            PLACES["spec", "retention"],
        ),
    ]
    assert [found.remedy for found in (first, second)] == [
        "state schedule as well, one that goes with this retention",
        "state archiveTier as well, one that goes with this retention",
    ], "what the rules advise is not about what Azure has"
    assert (first.drift, first.changes) == (DriftState.DIFFERS, CHANGES)
    assert (second.drift, second.changes) == (None, ())
