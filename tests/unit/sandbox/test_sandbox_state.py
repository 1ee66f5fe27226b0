"""What a box keeps between two runs."""

from __future__ import annotations

import json

import pytest

from backup_reconciler.sandbox import WorldError
from backup_reconciler.sandbox.state import load_state, locked, new_state, save_state, state_path
from backup_reconciler.sandbox.world_file import parse_world


@pytest.fixture
def world_file(tmp_path):
    return tmp_path / "quick.world.yaml"


def lived_in(service):
    """A service that has seen something of everything."""
    service.protect("a")
    service.ask("POST", f"{service.item('a')}/backup", {"properties": {"objectType": "IaasVMBackupRequest"}})
    service.later(1000)
    service.put(service.item("broken"), service.configure("broken"), 202)
    service.protect("b")
    service.ask("DELETE", service.item("b"))
    service.put(service.vault("new"), {"location": "japaneast", "sku": {"name": "Standard"}}, 201)
    service.put(
        f"{service.group}/providers/Microsoft.Authorization/locks/l", {"properties": {"level": "ReadOnly"}}, 201
    )
    service.ask("DELETE", f"{service.group}/providers/Microsoft.Authorization/locks/l")
    lock = f"{service.vault('rsv2')}/providers/Microsoft.Authorization/locks/l"
    service.put(lock, {"properties": {"level": "CanNotDelete"}}, 201)
    script = {"location": "japaneast", "properties": {"source": {"script": "echo"}}}
    service.put(f"{service.vm('a')}/runCommands/c", script, 201)
    service.ask("POST", f"{service.vm('a')}/runCommand", {"commandId": "RunShellScript", "script": ["echo"]})
    service.ask("POST", f"{service.vm('b')}/deallocate")
    service.state.clock = service.now
    return service


def test_it_comes_back_as_it_was(open_service, world, world_file):
    more = {
        "graphLagSeconds": 60,
        "faults": [{"path": "*/protectedItems/*", "status": 500, "times": 1, "skip": 30}],
        "access": [{"actions": ["*"], "notActions": ["x"]}],
        "azurePolicies": [{"name": "p", "requiredTags": ["owner"], "effect": "Audit"}],
    }
    service = lived_in(open_service(**more))
    described = parse_world(world(**more))
    save_state(world_file, described, service.state)
    back = load_state(world_file, described)
    assert back.estate == service.state.estate
    assert back.clock == service.state.clock
    assert back.rng.getstate() == service.state.rng.getstate()
    first = state_path(world_file).read_text()
    save_state(world_file, described, back)
    assert state_path(world_file).read_text() == first


def test_and_goes_on_as_if_it_had_never_stopped(open_service, world, world_file):
    service = lived_in(open_service())
    described = parse_world(world())
    save_state(world_file, described, service.state)
    other = type(service)(load_state(world_file, described), service.now)
    for one in (service, other):
        one.later(3600)
    for path in (
        f"{service.vault()}/backupProtectedItems",
        f"{service.vault()}/backupJobs",
        service.vault("new"),
        service.vm("b"),
    ):
        assert service.ask("GET", path) == other.ask("GET", path)


def test_it_lies_beside_the_world(world_file):
    assert state_path(world_file) == world_file.parent / ".sandbox" / "quick.json"


def test_without_a_saved_state_the_world_is_new(world, world_file):
    described = parse_world(world())
    assert load_state(world_file, described).estate == new_state(described).estate


def test_a_changed_world_is_refused(world, world_file):
    described = parse_world(world())
    save_state(world_file, described, new_state(described))
    with pytest.raises(WorldError, match=r"has changed since its state was saved .* start over with --fresh"):
        load_state(world_file, parse_world(world(seed=2)))


@pytest.mark.parametrize("spoil", ["not json", "[]", '{"formatVersion": 0}', None])
def test_a_spoiled_state_is_refused(world, world_file, spoil):
    described = parse_world(world())
    save_state(world_file, described, new_state(described))
    path = state_path(world_file)
    path.write_text(spoil or json.dumps({**json.loads(path.read_text()), "estate": {"settings": 5}}))
    with pytest.raises(WorldError, match="cannot be read; start over with --fresh"):
        load_state(world_file, described)


def test_one_user_at_a_time(world_file):
    refused = pytest.raises(WorldError, match="another process has this sandbox open")
    with locked(world_file), refused, locked(world_file):
        pass
    with locked(world_file):
        pass


def test_a_place_where_nothing_can_be_kept(tmp_path):
    (tmp_path / ".sandbox").write_text("a file where the folder should be")
    with pytest.raises(WorldError, match="cannot keep its state"), locked(tmp_path / "x.world.yaml"):
        pass


def test_a_network_comes_back_as_it_was(open_group, world_file):
    told = {
        "networkSecurityGroups": {"nsg": {}},
        "virtualNetworks": {"net": {"subnets": {"web": {"addressPrefix": "10.0.0.0/24"}}}},
        "virtualMachines": {
            "a": {"location": "japaneast", "nics": [{"subnet": "net/web"}]},
            "b": {"location": "japaneast", "createdAt": "2027-01-01T00:00:00Z", "nics": [{"subnet": "net/web"}]},
            "c": {"location": "japaneast"},
        },
    }
    service = open_group(**told)
    service.put(service.network("networkSecurityGroups/cNSG"), {"location": "japaneast"}, 200)
    service.ask("DELETE", service.network("networkSecurityGroups/nsg"))
    described = parse_world(
        {"kind": "World", "subscriptions": {service.subscription: {"resourceGroups": {"rg": {**told}}}}}
    )
    save_state(world_file, described, service.state)
    assert load_state(world_file, described).estate == service.state.estate
