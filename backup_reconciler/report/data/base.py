"""What every report in JSON has in common."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from backup_reconciler.spec.json_text import harmless


class JsonData(BaseModel):
    """What is written as JSON, with camelCase names."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True)

    def as_json(self) -> str:
        """As it is written."""
        return harmless(self.model_dump_json(indent=2))
