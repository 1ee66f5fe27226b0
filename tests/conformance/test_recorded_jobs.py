"""Jobs as the service itself told them."""

from backup_reconciler.azure.codec import job
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
