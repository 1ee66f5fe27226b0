"""The JSON Schemas of everything that people or programs read or write."""

import json

from backup_reconciler.report.drift_json import DriftData
from backup_reconciler.report.plan_json import PlanData
from backup_reconciler.report.problems_json import ProblemsData
from backup_reconciler.spec.document import KINDS


def schemas() -> dict[str, str]:
    """File name → JSON Schema, as text."""
    models = {**KINDS, "validate": ProblemsData, "plan": PlanData, "drift": DriftData}
    return {
        f"{name}.schema.json": json.dumps(_schema(model.model_json_schema(by_alias=True)), indent=2) + "\n"
        for name, model in models.items()
    }


def _schema(found: dict[str, object]) -> dict[str, object]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
