"""Forms of text: each is what one rule checks, and what an editor checks and shows while the text is typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backup_reconciler.spec.rules.document import HANDLE_FORM
from backup_reconciler.spec.rules.policy import POLICY_NAME
from backup_reconciler.spec.rules.schedule import SCHEDULE_TIME
from backup_reconciler.spec.rules.value import SUBSCRIPTION_ID
from backup_reconciler.spec.rules.vault import VAULT_NAME

if TYPE_CHECKING:  # only the schema verb needs them, and they are slow to import
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from backup_reconciler.spec.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a text must have, as the annotation of a field that holds such a text.

    Pydantic takes any text there, because the rule tells what is wrong in its own words; it passes the form on to the
    JSON Schema. So `pattern` is written in what Python and ECMAScript have in common; it is for the whole text.
    """

    pattern: str
    rule: Rule
    example: str

    def fits(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text) is not None

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            **handler(schema),
            "pattern": f"^(?:{self.pattern})$",
            "patternErrorMessage": f"{self.rule.statement} [{self.rule.id}]",
            "examples": [self.example],
        }


HANDLE = Form("[A-Za-z0-9][A-Za-z0-9._!-]{0,149}", HANDLE_FORM, "prod")
SUBSCRIPTION = Form(
    "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", SUBSCRIPTION_ID, "11111111-1111-1111-1111-111111111111"
)
VAULT = Form("[A-Za-z][A-Za-z0-9-]{1,49}", VAULT_NAME, "rsv-prod")
POLICY = Form("[A-Za-z][A-Za-z0-9_!-]{2,149}", POLICY_NAME, "daily-30d")
START_TIME = Form("([01][0-9]|2[0-3]):(00|30)", SCHEDULE_TIME, "23:00")
