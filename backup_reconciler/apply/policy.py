"""Applying actions on backup policies."""

from backup_reconciler.apply.failure import ChangedSince, Failure
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.read_back import read_back
from backup_reconciler.apply.run import Run
from backup_reconciler.azure.codec import policy
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.live import read_policies
from backup_reconciler.plan.action import CreatePolicy, UpdatePolicy
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.policy import PolicySettings

_OF_ANOTHER_KIND = "the vault has a policy of this name that is not one for VMs; nothing was sent"


def create(action: CreatePolicy, run: Run) -> Write:
    """PUT, unless somebody made it meanwhile, then read it back; what came with a new vault is the service's own.

    Where the hourly quota has no read left to look for somebody else's, what this run has read stands.
    """
    before = policy.get_request(action.policy)

    async def prepare() -> bool:
        if action.comes_with_vault or not run.budget.left(before):
            return False
        with run.budget.reserved(before, 1):
            found = await run.arm.find(before)
        if found is not None and not policy.is_for_vms(found.body):
            raise Failure(_OF_ANOTHER_KIND, remedy="declare it under another name")
        if found is not None:
            raise ChangedSince("somebody created it since it was read; nothing was sent")
        return False

    request = policy.put_request(action.policy, action.settings, action.tier, None)

    async def confirm(response: ArmResponse | None) -> None:
        await _read_back(action.policy, request, response, action.vault, run)

    return Write(request, confirm, prepare)


def update(action: UpdatePolicy, run: Run) -> Write:
    """PUT of the live policy with what is declared over it.

    The service answers 202 when VMs are bound to the policy and starts a ConfigureBackup job for each; until those are
    over it refuses other changes of these VMs, so the action is done only then.
    """

    watch = run.watch_vault(action.vault)
    request = policy.put_request(action.policy, action.settings, action.live.tier, action.live.raw)
    known: frozenset[str] = frozenset()

    async def prepare() -> bool:
        nonlocal known
        await _unchanged_since(action, run)
        if action.vms:
            known = await watch.note_jobs()
        return False

    async def confirm(response: ArmResponse | None) -> None:
        if response is not None and response.status == 202:
            await watch.until_jobs_are_over(action.vms, known)
        await _read_back(action.policy, request, response, action.vault, run)

    return Write(request, confirm, prepare)


async def _unchanged_since(action: UpdatePolicy, run: Run) -> None:
    """The PUT carries what was read with what is declared over it: it must not undo what somebody changed meanwhile."""
    now = (await run.arm.send(policy.get_request(action.policy))).body
    if policy.written_part(now) != policy.written_part(action.live.raw):
        raise ChangedSince("somebody changed it since it was read; nothing was sent")


async def _read_back(id_: ArmId, sent: ArmRequest, answer: ArmResponse | None, vault: ArmId, run: Run) -> None:
    """All that was sent must be so, and not only what differed: a PUT replaces the policy whole.

    Where the hourly quota has no read left, the service's own answer to the PUT, which is the policy as stored, counts.
    """
    wished = policy.decode({"id": id_.text, **(sent.body or {})}).settings
    assert wished is not None, "what a manifest states can be told in its words"
    listing = policy.list_request(vault)

    async def read() -> PolicySettings | None:
        if answer is not None and answer.body and not run.budget.left(listing):
            return policy.decode(answer.body).settings
        with run.budget.reserved(listing, run.arm.ledger.pages(listing)):
            found = (await read_policies(run.arm, vault)).get(id_)
        return found.settings if found else None

    await read_back(wished, read, run.arm.clock)
