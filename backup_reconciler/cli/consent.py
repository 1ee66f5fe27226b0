"""What the user has agreed to before a plan is carried out, and what of a plan nobody has agreed to."""

from dataclasses import dataclass, replace
from datetime import date

from backup_reconciler.plan.action import DeleteData, Risk
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.limits import option
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.saved.saved_plan import SavedPlan
from backup_reconciler.report.words import counted, some_of
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.rules.limits import CHANGE_LIMIT
from backup_reconciler.spec.settings import Allowed


@dataclass(frozen=True, slots=True)
class Consent:
    """What the user has agreed to beforehand."""

    dry_run: bool = False
    auto_approve: bool = False
    destructive: bool = False
    one_way: bool = False
    strict: bool = False
    max_changes: MaxChanges | None = None
    saved: SavedPlan | None = None
    """The plan that was approved; None where it is still to be asked for."""

    @property
    def needs_no_question(self) -> bool:
        """Whether nothing is changed, or somebody has said yes already: to this run, or to this very plan."""
        return self.dry_run or self.auto_approve or self.saved is not None

    def with_settings(self, manifests: Manifests) -> "Consent":
        """What the settings file beside the manifests agrees to as well."""
        if manifests.settings is None:
            return self
        settings = manifests.settings.spec
        allowed = settings.allow or Allowed()
        return replace(
            self,
            destructive=self.destructive or bool(allowed.destructive),
            one_way=self.one_way or bool(allowed.one_way),
            strict=self.strict or bool(settings.strict),
        )

    def refusal(self, plan: Plan, today: date) -> str | None:
        """Why this plan is not carried out, whoever says yes to it."""
        if plan.as_of < today and not self.dry_run and any(isinstance(action, DeleteData) for action in plan.actions):
            return (
                f"{plan.as_of} is past, and backups are deleted by approvals that hold today; nothing was changed; "
                "leave --as-of out"
            )
        if missing := self._missing(plan):
            return f"{'; '.join(missing.values())}; nothing was changed; to agree, add {' '.join(missing)}"
        blocked = plan.findings_of(Severity.BLOCKED)
        if self.strict and blocked:
            what = counted(len(blocked), "declaration is", "declarations are")
            return f"{what} blocked and strict is set; nothing was changed"
        return None

    def _missing(self, plan: Plan) -> dict[str, str]:
        """The options that would agree to what this plan costs and nobody has agreed to, with what that is."""
        if self.dry_run:
            return {}
        exceeded = [f"{finding.label}: {finding.message}" for finding in plan.findings if finding.rule is CHANGE_LIMIT]
        missing = {option(plan): "; ".join(exceeded)} if exceeded else {}
        asked = (
            (Risk.DESTRUCTIVE, self.destructive, "delete recovery points"),
            (Risk.ONE_WAY, self.one_way, "cannot be taken back"),
        )
        return missing | {
            f"--allow-{risk.value}": f"these actions {what}: {some_of([action.label for action in actions])}"
            for risk, agreed, what in asked
            if not agreed and (actions := plan.of_risk(risk))
        }
