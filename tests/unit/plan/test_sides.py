"""Both sides of what is declared and what was found, as digests that two reports are told apart by."""

from dataclasses import replace
from typing import Any

from backup_reconciler.azure.codec import policy, vault
from backup_reconciler.plan.sides.outbound import sides_of_outbound
from backup_reconciler.plan.sides.side import NONE, Sides, digest
from backup_reconciler.plan.sides.sides import sides_of
from backup_reconciler.plan.sides.words import found_vault
from backup_reconciler.report.model.since import Origin, origin_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests, Place, Source
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.network.firewall import AzureFirewall, FirewallRule, RuleCollection
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.run_command import RunCommand
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests.conftest import SUBSCRIPTION, daily_policy
from tests.unit.plan.networks import RG, group, group_id, rule, vm_id

VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
WHERE = {"subscription": SUBSCRIPTION, "resourceGroup": "rg-backup", "location": "japaneast"}
RULE = "SecurityRule/s/rg/nsg-web/backup-reconciler-web-storage"
SCRIPT = "RunCommand/s/rg/web-01/backup-reconciler-web-proxy"
FIREWALL = ArmId(f"{RG}/Microsoft.Network/azureFirewalls/fw")


def declared(kind: str, handle: str, spec: Any, line: int = 1) -> Declaration[Any]:
    return Declaration(kind, handle, spec, Source({(): Place("all.yaml", line, 1)}))


# ---- digests -------------------------------------------------------------------------------------------------------


def test_a_digest_knows_neither_the_case_of_ids_nor_an_order() -> None:
    assert digest({"a": ["/Subscriptions/S", "x"], "b": 1}) == digest({"b": 1, "a": ("x", "/subscriptions/s")})
    assert digest({"a": "Prod"}) != digest({"a": "prod"}), "the value of a tag has a case"
    assert digest({"a": "/subscriptions/s"}) != digest({"a": "/subscriptions/t"})


def test_what_only_some_runs_ask_a_vault_for_is_no_part_of_its_digest() -> None:
    live = vault.decode({"id": VAULT, "location": "japaneast", "properties": {}, "tags": {"Owner": "me"}})
    closer = replace(
        live,
        settings=live.settings.model_copy(update={"redundancy": "GeoRedundant", "tags": {"OWNER": "me"}}),
        told_apart=frozenset({"redundancy", "crossRegionRestore"}),
    )
    assert found_vault(live) == found_vault(closer)


# ---- what a vault holds --------------------------------------------------------------------------------------------


def manifests(line: int = 1, **spec: Any) -> Manifests:
    stated = {"vaults": ("rsv",), "schedule": {"frequency": "Daily", "time": "23:00"}, **spec}
    return Manifests(
        vaults=(declared("Vault", "rsv", VaultSpec.model_validate(WHERE), line),),
        policies=(declared("BackupPolicy", "daily", BackupPolicySpec.model_validate(stated), line),),
    )


def holding(days: int | None, state: str = "Succeeded") -> Snapshot:
    live = vault.decode({"id": VAULT, "location": "japaneast", "properties": {"provisioningState": state}})
    found = policy.decode({"id": f"{VAULT}/backupPolicies/Daily", "properties": daily_policy(days or 1)})
    return Snapshot({live.id: VaultContents(live, {found.id: found} if days else {})})


POLICY = f"Policy/{SUBSCRIPTION}/rg-backup/rsv/daily"


def origin(before: tuple[Manifests, Snapshot], after: tuple[Manifests, Snapshot]) -> Origin:
    then, now = (sides_of(*each, ()) for each in (before, after))
    return origin_of(POLICY, then, now)


def test_who_changed_a_policy() -> None:
    start = (manifests(), holding(30))
    assert origin(start, (manifests(line=7), holding(30))) is Origin.AS_BEFORE, "a place is no change"
    assert origin(start, (manifests(), holding(45))) is Origin.AZURE
    assert origin(start, (manifests(), holding(None))) is Origin.AZURE, "it was deleted"
    assert origin(start, (manifests(instantRestoreDays=3), holding(30))) is Origin.GIT
    assert origin(start, (manifests(instantRestoreDays=3), holding(45))) is Origin.BOTH
    assert origin(start, (manifests(), holding(None, "Deleting"))) is Origin.UNKNOWN, "it cannot be asked any more"
    assert origin(start, (Manifests(), Snapshot())) is Origin.GIT, "nobody declares it any more"
    assert origin((Manifests(), Snapshot()), start) is Origin.GIT, "nobody declared it before"


def test_what_no_manifest_can_tell_of_a_policy_is_not_guessed() -> None:
    found = holding(30)
    (contents,) = found.vaults.values()
    (live,) = contents.policies.values()
    odd = replace(contents, policies={live.id: replace(live, settings=None)})
    assert sides_of(manifests(), replace(found, vaults={contents.vault.id: odd}), ())[POLICY].found is None


def test_a_vault_that_is_not_there_holds_nothing() -> None:
    sides = sides_of(manifests(), Snapshot(), ())
    assert sides[POLICY].found == sides[f"Vault/{SUBSCRIPTION}/rg-backup/rsv"].found == NONE


# ---- networks ------------------------------------------------------------------------------------------------------


def outbound(method: str = "nsg", handle: str = "web", **block: Any) -> Declaration[Any]:
    target = {"networkSecurityGroups": (group_id("nsg-web").text,)} if method == "nsg" else {"assignments": ("a",)}
    spec = OutboundAccessSpec.model_validate({"for": target, "method": method, method: block})
    return declared("OutboundAccess", handle, spec)


def sides(network: Network, *documents: Declaration[Any], selected: str = "x") -> dict[str, Sides]:
    selections = {"VMAssignment/A": Sides(selected, None)}
    return dict(sides_of_outbound(Manifests(outbound=documents), network, selections, (RULE, SCRIPT, "Vault/s/rg/v")))


def test_a_security_rule_is_told_with_those_that_go_out_beside_it() -> None:
    document = outbound(destinations=("Storage",))
    closed = Network(security_groups={group_id("nsg-web"): group("nsg-web", rule("Deny", 1000))})
    inbound = replace(rule("Deny_In", 900), direction="Inbound")
    as_well = Network(security_groups={group_id("nsg-web"): group("nsg-web", rule("deny", 1000), inbound)})
    before, after = sides(closed, document), sides(as_well, document)
    assert before[RULE] == after[RULE]
    assert before[RULE].selected_by == ("OutboundAccess/web",)
    assert sides(Network(), document)[RULE].found == NONE
    moved = Network(security_groups={group_id("nsg-web"): group("nsg-web", rule("Deny", 1001))})
    assert origin_of(RULE, before, sides(moved, document)) is Origin.AZURE
    assert origin_of(RULE, before, sides(closed, outbound(destinations=("AzureBackup",)))) is Origin.GIT
    assert sides(closed, outbound(handle="db"))[RULE] == Sides(NONE, before[RULE].found), "no document names it so"


def test_a_script_is_told_by_its_text_and_its_success_and_its_document_by_whom_it_means() -> None:
    id_ = vm_id("web-01").child("runCommands", "backup-reconciler-web-proxy")
    document = outbound("proxy", host="10.0.0.4", port=3128)
    ran = RunCommand(id_, "japaneast", "true", "Succeeded")

    def told(command: RunCommand, selected: str = "x") -> dict[str, Sides]:
        return sides(Network(run_commands={id_: command}), document, selected=selected)

    assert origin_of(SCRIPT, told(ran), told(replace(ran, execution_state="Succeeded"))) is Origin.AS_BEFORE
    assert origin_of(SCRIPT, told(ran), told(replace(ran, provisioning_state="Failed"))) is Origin.AZURE
    assert origin_of(SCRIPT, told(ran), told(ran, selected="y")) is Origin.GIT, "the assignment selects others"
    assert origin_of(SCRIPT, told(ran), told(replace(ran, script=None))) is Origin.UNKNOWN


def test_a_firewall_is_told_with_all_that_it_has_and_all_documents_that_mean_it() -> None:
    theirs = RuleCollection("Updates", "application", 900, allows=True, rules=(FirewallRule("one", sources=("*",)),))
    live = AzureFirewall(FIREWALL, "japaneast", frozenset(), collections=(theirs,))
    document = outbound("firewall", azureFirewall=FIREWALL.text)
    before = sides(Network(firewalls={FIREWALL: live}), document)
    address = "AzureFirewall/s/rg/fw"
    assert before["OutboundAccess/web"].found == before[address].found
    changed = Network(firewalls={FIREWALL: replace(live, collections=(replace(theirs, priority=901),))})
    assert origin_of(address, before, sides(changed, document)) is Origin.AZURE
    again = sides(
        Network(firewalls={FIREWALL: live}), document, outbound("firewall", "db", azureFirewall=FIREWALL.text)
    )
    assert origin_of(address, before, again) is Origin.GIT
    assert sides(Network(), document)[address].found == NONE
