"""Jobs as the service itself told them."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

from backup_reconciler.azure.codec import job
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import SNAPSHOT, TRANSFER
from tests.conformance.recorded import recording


def test_every_recorded_job_is_understood() -> None:
    """While it ran and when it was over, in lists without its phases and singly with them."""
    answers = [exchange["response"] for exchange in recording("job") if "/backupJobs" in exchange["path"]]
    singly = [job.decode(one) for one in answers if one and "properties" in one]
    listed = [job.decode(one) for answer in answers if answer and "value" in answer for one in answer["value"]]
    assert {one.phases for one in listed} == {None}
    backups = [one for one in singly if one.is_backup]
    assert {tuple(phase.name for phase in one.phases or ()) for one in backups} == {(SNAPSHOT, TRANSFER)}
    assert {one.status for one in backups} == {"InProgress", "Completed"}
    assert all(one.started and not one.errors for one in (*singly, *listed))
    assert all(one.running is (one.ended is None) for one in backups)


def test_a_backup_is_asked_for_as_the_recorded_client_did() -> None:
    recorded = next(one for one in recording("job") if one["method"] == "POST" and one["path"].endswith("/backup"))
    item = ArmId(recorded["path"].removesuffix("/backup"))
    sent = job.backup_request(item, date(2021, 6, 24))
    assert (sent.method, sent.path) == ("POST", unquote(recorded["path"]))
    assert sent.body is not None
    there, here = recorded["request"]["properties"], sent.body["properties"]
    assert there | {"recoveryPointExpiryTimeInUTC": ""} == here | {"recoveryPointExpiryTimeInUTC": ""}
    form = "%Y-%m-%dT%H:%M:%S.%fZ"
    texts = [one["recoveryPointExpiryTimeInUTC"] for one in (there, here)]
    then, ours = (datetime.strptime(text, form).replace(tzinfo=UTC) for text in texts)
    assert then - ours == timedelta(seconds=1), "the recorded client kept it until midnight"
