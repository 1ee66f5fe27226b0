"""The JSON Schemas of everything that people or programs read or write."""

import json

from pydantic import BaseModel

from backup_reconciler.plan.saved.saved_plan import SavedPlan
from backup_reconciler.report.data.check import CheckData
from backup_reconciler.report.data.drift import DriftData
from backup_reconciler.report.data.explanation import ExplanationData
from backup_reconciler.report.data.jobs import JobsData
from backup_reconciler.report.data.plan import PlanData
from backup_reconciler.report.data.problems import ProblemsData
from backup_reconciler.report.schemas.choice import Schema
from backup_reconciler.report.schemas.generator import Generator
from backup_reconciler.report.schemas.inline import inlined
from backup_reconciler.report.schemas.manifest import any_kind
from backup_reconciler.spec.document import KINDS

_DIALECT = "http://json-schema.org/draft-07/schema#"
"""The draft that every editor reads; yaml-language-server has known later ones only since its version 1.20. Nothing is
used whose meaning changed after it, so that a validator of draft 2020-12 comes to the same."""


def schemas() -> dict[str, str]:
    """File name → JSON Schema, as text."""
    kinds = {kind: _generated(document) for kind, document in KINDS.items()}
    reports: dict[str, type[BaseModel]] = {
        "validate": ProblemsData,
        "plan": PlanData,
        "saved-plan": SavedPlan,
        "drift": DriftData,
        "check": CheckData,
        "jobs": JobsData,
        "explanation": ExplanationData,
    }
    every = {**kinds, "manifest": any_kind(kinds), **{name: _generated(model) for name, model in reports.items()}}
    return {f"{name}.schema.json": _text(name, schema) for name, schema in every.items()}


def _generated(model: type[BaseModel]) -> Schema:
    return inlined(model.model_json_schema(by_alias=True, schema_generator=Generator))


def _text(name: str, schema: Schema) -> str:
    head = {"$schema": _DIALECT, "$id": f"urn:backup-reconciler:v1:{name}"}
    return json.dumps({**head, **schema}, indent=2, ensure_ascii=False) + "\n"
