"""What is planned for a proxy: which scripts run where, and what keeps them from it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from backup_reconciler.plan.action import DeleteRunCommand, RunScript
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.plan.outbound.proxy.planning import plan_proxies
from backup_reconciler.plan.outbound.proxy.scope import run_command_scope
from backup_reconciler.plan.outbound.proxy.script import set_proxy, unset_proxy
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.outbound import Proxy
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.run_command import RunCommand
from backup_reconciler.state.snapshot import Snapshot
from backup_reconciler.state.vm import LiveVM
from backup_reconciler.state.vm_status import LiveAgent, VMStatus
from tests.unit.plan.networks import DENY_ALL, group, interface, network, outbound, rule, subnet_id, vm, vm_id

STATED = {"host": "10.1.2.4", "port": 3128}
PROXY = Proxy.model_validate(STATED)
LINUX, WINDOWS = replace(vm("web-01"), os="Linux"), replace(vm("web-02"), os="Windows")
ITSELF = replace(vm("proxy-01"), os="Linux")
NAME = "backup-reconciler-web-proxy"
SCRIPT = set_proxy("Linux", "web", PROXY).text
OPEN = {"web": ("10.1.0.0/16", "")}
UNDO = unset_proxy("Linux", "web").text


def document(**spec: Any) -> Outbound:
    proxy = {**STATED, **spec.pop("proxy", {})}
    return outbound(**{"method": "proxy", "proxy": proxy} | spec)


def found(script: str | None = SCRIPT, state: str = "Succeeded", **view: Any) -> RunCommand:
    return RunCommand(vm_id("web-01").child("runCommands", NAME), "japaneast", script, state, **view)


@dataclass(frozen=True)
class Planned:
    draft: Draft
    opened: list[ArmId]

    @property
    def verbs(self) -> list[str]:
        return [action.verb for action in self.draft.actions.values()]

    @property
    def rules(self) -> list[tuple[str, str]]:
        return [(one.rule.id, one.severity.value) for one in self.draft.findings]

    @property
    def messages(self) -> str:
        return "\n".join(one.message for one in self.draft.findings)


def planned(
    *documents: Outbound,
    vms: tuple[LiveVM, ...] = (LINUX,),
    known: tuple[LiveVM, ...] = (),
    around: Network | None = None,
    live: tuple[RunCommand, ...] = (),
    status: VMStatus | None = None,
) -> Planned:
    """What comes of documents for these VMs."""
    around = around or network()
    around = replace(
        around,
        run_commands={one.id: one for one in live},
        statuses={one.id: status for one in vms} if status else {},
    )
    targets = Targets({"production": vms}, {}, {one.id: one for one in (*vms, *known)})
    draft = Draft(date(2026, 11, 23))
    opened = list(plan_proxies(documents, targets, around, draft))
    return Planned(draft, [opened_for for opened_for, _ in opened])


def script_of(plan: Planned) -> RunScript:
    (action,) = (one for one in plan.draft.actions.values() if isinstance(one, RunScript))
    return action


def test_each_vm_gets_the_script_of_its_system_and_the_proxy_itself_none() -> None:
    plan = planned(
        document(proxy={"vm": ITSELF.id.text}),
        vms=(LINUX, WINDOWS, ITSELF),
        around=network(interfaces=[interface("proxy-01", "web", "10.1.2.4")], subnets=OPEN),
    )
    texts = [one.script for one in plan.draft.actions.values() if isinstance(one, RunScript)]
    assert [text.startswith("#!/bin/sh") for text in texts] == [True, False]
    assert plan.opened == [LINUX.id, WINDOWS.id]
    assert plan.rules == []


def test_a_script_that_ran_and_is_as_declared_is_left_alone() -> None:
    plan = planned(document(), live=(found(),))
    assert (plan.verbs, plan.opened) == ([], [])
    assert [one.reason for one in plan.draft.unchanged] == ["its script ran, and is as declared"]


def test_a_vm_that_two_documents_mean_is_left_to_neither() -> None:
    other = outbound("other", method="proxy", proxy=STATED)
    plan = planned(document(), other, vms=(LINUX, WINDOWS), live=(found(),))
    assert plan.rules == [("proxy-twice", "blocked")] * 2
    assert plan.messages.splitlines()[0] == ("OutboundAccess/other would make web-01 and web-02 use a proxy as well")
    assert plan.verbs == []
    assert len(plan.draft.held_back) == 3, "what ran already is as declared"


ENDINGS = [
    (found(state="Failed"), "failed"),
    (found(state="Failed", execution_state="TimedOut", exit_code=0), "took too long and was broken off"),
    (found(execution_state="Failed", exit_code=2, error="a\nb\n\nc\nd\n"), "failed with exit code 2: b; c; d"),
    (found(state="Failed", execution_state="Failed", message="no agent"), "failed: no agent"),
    (found(state="Failed", execution_state="Canceled"), "was broken off"),
    (found(state="Updating"), "is Updating"),
]


@pytest.mark.parametrize(("live", "ending"), ENDINGS)
def test_a_script_that_did_not_do_well_is_told_and_run_again(live: RunCommand, ending: str) -> None:
    action = script_of(planned(document(), live=(live,)))
    assert [(one.path, one.found) for one in action.changes] == [("result", f"the script in web-01 {ending}")]
    assert action.found == live


def test_a_script_that_set_something_else_is_told_by_what_it_set() -> None:
    before = set_proxy("Linux", "web", PROXY.model_copy(update={"host": "proxy.example.com"}))
    changes = script_of(planned(document(), live=(found(before.text),))).changes
    assert [(one.path, one.found, one.declared) for one in changes] == [("proxy.host", "proxy.example.com", "10.1.2.4")]


def test_a_script_of_another_version_is_told_as_such() -> None:
    rest = SCRIPT.split("\n", 2)[2] + "# what another version did\n"
    older = f"#!/bin/sh\n# {Mark.of('web', {'script': rest})}\n{rest}"
    changes = script_of(planned(document(), live=(found(older),))).changes
    assert [(one.path, one.found) for one in changes] == [("script", "as an earlier run wrote it")]


def test_what_somebody_made_of_a_script_is_not_taken_for_what_it_set() -> None:
    changes = script_of(planned(document(), live=(found(SCRIPT.replace("port=3128", "port=1")),))).changes
    assert [(one.path, one.found) for one in changes] == [
        ("proxy.host", None),
        ("proxy.port", None),
        ("proxy.bypass", None),
        ("script", "changed by somebody"),
    ]


@pytest.mark.parametrize(
    ("script", "whose"),
    [
        ("echo hello", "its script has no mark of ours"),
        (None, "its script has no mark of ours"),
        (
            set_proxy("Linux", "others", PROXY).text,
            "the mark of another document, OutboundAccess/others",
        ),
    ],
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_what_is_not_ours_is_never_written_over_nor_deleted(script: str | None, whose: str, state: str) -> None:
    plan = planned(document(state=state), live=(found(script),))
    assert plan.verbs == []
    assert ("owned-name-taken", "blocked") in plan.rules
    assert whose in plan.messages


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_vm_that_does_not_run_is_left_out_and_told_as_a_difference(state: str) -> None:
    plan = planned(document(state=state), live=(found(UNDO),), status=VMStatus(power="deallocated"))
    wanted = state == "absent"  # what is undone already is deleted, which Azure refuses as well
    assert plan.verbs == []
    assert plan.rules == [("script-power", "blocked")]
    assert plan.draft.findings[0].drift is (DriftState.UNWANTED if wanted else DriftState.DIFFERS)
    assert "the VM is deallocated, so no script can be sent into it" in plan.messages


@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_agent_that_does_not_report_is_warned_of(state: str) -> None:
    silent = VMStatus(power="running", agent=LiveAgent(None))
    plan = planned(document(state=state), live=(found(SCRIPT, "Failed"),), status=silent)
    assert "runScript" in plan.verbs
    assert plan.rules == [("script-agent", "warning")]


def test_nobody_guesses_which_system_a_vm_runs() -> None:
    plan = planned(document(), vms=(vm("web-01"),))
    assert (plan.verbs, plan.rules) == ([], [("script-system", "blocked")])


# ---- the proxy -----------------------------------------------------------------------------------------------------


def test_a_proxy_that_is_not_there_blocks_all_that_would_be_sent_to_it() -> None:
    plan = planned(document(proxy={"vm": vm_id("gone").text}))
    assert plan.verbs == []
    assert plan.rules == [("proxy-vm", "blocked")]
    assert [one.action.label for one in plan.draft.held_back] == [f"script {NAME} in web-01"]


def test_a_proxy_whose_network_is_not_known_is_warned_of() -> None:
    plan = planned(document(proxy={"vm": ITSELF.id.text}), known=(ITSELF,))
    assert (plan.verbs, plan.rules) == (["runScript"], [("proxy-vm", "warning")])


def test_a_host_that_is_not_the_address_of_the_proxy_is_warned_of() -> None:
    around = network(interfaces=[interface("proxy-01", "web", "10.1.1.9")], subnets=OPEN)
    plan = planned(document(proxy={"vm": ITSELF.id.text}), known=(ITSELF,), around=around)
    assert plan.rules == [("proxy-address", "warning")]
    assert "host is 10.1.2.4, and proxy-01 has 10.1.1.9" in plan.messages


def test_vms_that_do_not_get_to_the_proxy_are_named_with_the_rule_that_keeps_them() -> None:
    cards = [interface("web-01", "web", "10.1.1.4"), interface("web-02", "web", "10.1.1.5")]
    around = network(group("nsg-web", DENY_ALL), interfaces=cards)
    plan = planned(document(), vms=(LINUX, WINDOWS), around=around)
    assert plan.rules == [("proxy-reached", "warning")]
    assert plan.messages == (
        "the way to 10.1.2.4 on port 3128 is blocked for web-01 and web-02: "
        "rule Deny_All (priority 1000) of network security group nsg-web"
    )
    assert plan.verbs == ["runScript", "runScript"], "it is for people to say what comes first"
    assert planned(document(proxy={"host": "proxy.example.com"}), around=around).rules == []


def test_rules_around_the_proxy_are_written_where_something_stops_its_traffic() -> None:
    inwards = replace(rule("Deny_In", 500), direction="Inbound")
    hub = group("nsg-web", DENY_ALL, inwards)
    around = network(
        hub, interfaces=[interface("proxy-01", "web", "10.1.2.4"), interface("web-01", "other", "10.1.3.1")],
        subnets={"web": ("10.1.2.0/24", "nsg-web"), "other": ("10.1.3.0/24", "")},
    )  # fmt: skip
    stated = document(proxy={"vm": ITSELF.id.text})
    plan = planned(stated, known=(ITSELF,), around=around)
    written = [one for one in plan.draft.actions.values() if one.verb == "createSecurityRule"]
    assert [(one.rule.direction, one.rule.priority) for one in written] == [("Inbound", 499), ("Outbound", 999)]
    assert plan.opened == [LINUX.id] * 3, "a first backup waits for the script and for both rules"

    alone = planned(stated, vms=(), known=(ITSELF,), around=around)
    assert alone.verbs == ["createSecurityRule"] * 2, "whoever will come from the virtual network"


# ---- taking away ---------------------------------------------------------------------------------------------------


def test_what_was_written_is_undone_and_then_deleted() -> None:
    plan = planned(document(state="absent"), live=(found(),))
    undoing, deleting = plan.draft.actions.values()
    assert isinstance(undoing, RunScript)
    assert isinstance(deleting, DeleteRunCommand)
    assert (undoing.script, undoing.undoes, deleting.depends_on) == (UNDO, True, (undoing.id,))


def test_one_proxy_goes_from_a_vm_before_another_is_set_there() -> None:
    other = outbound("other", method="proxy", proxy=STATED)
    plan = planned(document(state="absent"), other, live=(found(),))
    undoing, _, setting = plan.draft.actions.values()
    assert (undoing.verb, setting.verb, setting.depends_on) == ("runScript", "runScript", (undoing.id,))


def test_what_is_undone_already_is_only_deleted() -> None:
    assert planned(document(state="absent"), live=(found(UNDO),)).verbs == ["deleteRunCommand"]


def test_an_undoing_that_failed_is_run_again() -> None:
    plan = planned(document(state="absent"), live=(found(UNDO, "Failed", error="disk full"),))
    assert plan.verbs == ["runScript", "deleteRunCommand"]
    assert script_of(plan).changes[0].found == "the script in web-01 failed: disk full"


def test_nobody_knows_what_a_changed_script_did_so_it_is_left() -> None:
    plan = planned(document(state="absent"), live=(found(SCRIPT + "rm -rf /tmp/x\n"),))
    assert (plan.verbs, plan.rules) == ([], [("owned-changed", "warning")])


def test_where_nothing_was_written_nothing_is_taken_away() -> None:
    plan = planned(document(state="absent"))
    assert [one.reason for one in plan.draft.unchanged] == ["nothing of it is there"]


@pytest.mark.parametrize("count", [20, 21])
def test_of_many_vms_a_list_tells_what_is_left_and_the_plan_says_so(count: int) -> None:
    many = tuple(replace(LINUX, id=vm_id(f"web-{number}")) for number in range(count))
    plan = planned(document(state="absent"), vms=many)
    assert plan.rules == ([("script-shown", "info")] if count > 20 else [])
    assert [one.reason for one in plan.draft.unchanged] == [f"nothing of it is {'shown' if count > 20 else 'there'}"]


@pytest.mark.parametrize("count", [20, 21])
def test_few_vms_are_asked_what_is_left_in_them(count: int) -> None:
    cards = [interface(f"web-{number}", "web", f"10.1.1.{number}") for number in range(count)]
    vms = {card.vm: vm(card.vm.name) for card in cards if card.vm} | {ITSELF.id: replace(ITSELF, os="Windows")}
    around = network(group("nsg-web"), interfaces=cards, vms=vms)
    spec = {"for": {"subnets": [subnet_id("web").text]}, "state": "absent", "proxy": {"vm": ITSELF.id.text}}
    scope = run_command_scope(Manifests(outbound=(document(**spec),)), Snapshot(network=around))
    assert scope.scripts == {}
    asked = sorted(id_.parent(2).name for id_ in scope.sought)
    assert asked == ([] if count > 20 else sorted(["proxy-01", *(f"web-{number}" for number in range(count))]))


def test_what_no_document_wishes_for_is_told_and_left() -> None:
    others = set_proxy("Linux", "others", PROXY).text
    left = replace(found(others), id=vm_id("web-09").child("runCommands", "backup-reconciler-others-proxy"))
    moved = replace(found(), id=vm_id("web-08").child("runCommands", NAME))
    plan = planned(document(), live=(found(), left, moved))
    assert plan.rules == [("owned-left", "info")] * 2
    assert plan.messages.splitlines() == [
        f"nothing that it declares needs script {NAME} in web-08",
        "it declares no proxy here, and wrote script backup-reconciler-others-proxy in web-09",
    ]
