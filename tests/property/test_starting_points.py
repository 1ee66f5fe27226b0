"""Starting points: whatever a document is to be called, it is called so, or the name is refused."""

from datetime import date

import yaml
from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.manifest import ManifestError
from backup_reconciler.manifest.starting_point import STARTING_POINTS, starting_point

NAMED = sorted(word for word, known in STARTING_POINTS.items() if known.handle)

handles = st.text(max_size=160) | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._!-]{0,149}", fullmatch=True)


@given(word=st.sampled_from(NAMED), handle=handles, today=st.dates(max_value=date(9000, 1, 1)))
def test_a_name_is_taken_or_refused(word: str, handle: str, today: date) -> None:
    refused: ManifestError | None = None
    try:
        text = starting_point(word, handle, today)
    except ManifestError as error:
        refused = error
    if refused:
        assert all(len(str(problem).splitlines()) == 1 for problem in refused.problems)
    else:
        document = yaml.load(text, Loader=yaml.BaseLoader)  # what is text stays text
        assert document["metadata"]["name"] == handle
