"""Everything that is read, by name."""

from collections.abc import Mapping

from tests.fuzz.target import Target
from tests.fuzz.targets.answers import ANSWERS, ESTATES, METADATA
from tests.fuzz.targets.manifests import FORMATTING, MANIFESTS, SETTINGS
from tests.fuzz.targets.options import OPTIONS
from tests.fuzz.targets.reports import EARLIER_REPORTS, SAVED_PLANS, SEALED_PLANS, SHARD_REPORTS
from tests.fuzz.targets.worlds import STATES, WORLDS

TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        *(MANIFESTS, SETTINGS, FORMATTING),
        *(SAVED_PLANS, SEALED_PLANS, EARLIER_REPORTS, SHARD_REPORTS),
        *(WORLDS, STATES),
        *(ANSWERS, ESTATES, METADATA),
        OPTIONS,
    )
}
