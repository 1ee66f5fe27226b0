"""The schemas of formats that others have defined."""

import json
from pathlib import Path

import xmlschema
from jsonschema import Draft7Validator

_HERE = Path(__file__).parent
JUNIT = xmlschema.XMLSchema(_HERE / "junit.xsd")
SARIF = Draft7Validator(json.loads((_HERE / "sarif.schema.json").read_text()))
