"""What VMs reach of all that backups can need of their networks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import AddressValueError, IPv4Address
from itertools import chain, product
from typing import Literal, get_args

from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.network.verdict import Access, Barrier, Verdict, Verdicts
from backup_reconciler.plan.outbound.destinations import ports_of, tags_in
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.need import need_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.outbound import OutboundMethod, Traffic
from backup_reconciler.spec.service_tag import SERVICE_TAGS
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness
from backup_reconciler.state.snapshot import Snapshot

_HTTPS = 443
Obstacle = Literal["security rule", "route", "subnet", "firewall", "unseen"]
_TAKEN_AWAY: Mapping[OutboundMethod, frozenset[Obstacle]] = {
    "nsg": frozenset({"security rule"}),
    "firewall": frozenset({"firewall"}),
    "proxy": frozenset(get_args(Obstacle)),
}
"""What each method of outbound access helps against; no rule gives a way out where there is none."""

Alternative = Sequence[tuple[str, int]]
"""Destinations with their ports that are enough together."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around VMs, of which it depends what they reach and whether they have to."""

    network: Network = field(default_factory=Network)
    unread: Mapping[str, NotRead] = field(default_factory=dict)
    """Networks that could not be read, by subscription."""
    errors: Mapping[ArmId, str] = field(default_factory=dict)
    """Azure's codes of last backups that failed, as far as jobs tell them."""
    documents: Mapping[ArmId, Sequence[Outbound]] = field(default_factory=dict)
    """The outbound access that is declared for each VM."""
    opened: frozenset[ArmId] = frozenset()
    """The VMs whose way out is opened by what is planned."""

    @classmethod
    def of(cls, manifests: Manifests, snapshot: Snapshot, plan: Plan, readiness: Readiness) -> "Surroundings":
        known = snapshot.network or Network()
        told = [errors for errors in readiness.last_errors.values() if not isinstance(errors, NotRead)]
        return cls(
            network=known.joined(readiness.network),
            unread=readiness.unread_networks,
            errors={vm: error for errors in told for vm, error in errors.items()},
            documents=_documents(manifests, snapshot, known),
            opened=plan.opened,
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """What one VM reaches."""

    candidate: Candidate
    seen: bool
    """Whether its network could be looked at."""
    verdicts: tuple[Verdict, ...]
    """On all that was judged."""
    lacking: tuple[Verdict, ...]
    """Those of them that stand in the way of its backups; empty where others are enough."""
    need: str
    """Why its backups are known to go over its network, in words; empty where they usually do not."""
    documents: Sequence[Outbound] = ()
    """The outbound access that is declared for it."""
    opened: bool = False
    """Whether what is planned changes its way out."""

    @property
    def proven(self) -> bool:
        """Whether its last backup went well, so that what cannot be seen did not stand in its way."""
        item = self.candidate.item
        return item is not None and item.last_backup is not None and not item.last_backup_failed

    def opened_by(self, kind: Obstacle) -> Outbound | None:
        """What is declared and planned to be carried out, and takes away obstacles of this kind."""
        helping = (one for one in self.documents if kind in _TAKEN_AWAY[one.spec.method])
        return next(helping, None) if self.opened else None

    def after(self) -> "Reach":
        """The same once what is planned is carried out, as far as that takes away what stands in the way."""
        left = [replace(one, barriers=tuple(self._staying(one))) for one in self.lacking]
        unseen = None if self.opened_by("unseen") else Access.UNKNOWN
        return replace(self, lacking=tuple(one for one in left if one.barriers or one.access is unseen))

    def _staying(self, verdict: Verdict) -> Iterator[Barrier]:
        return (barrier for barrier in verdict.barriers if not self.opened_by(barrier.kind))


def reaches(candidates: Iterable[Candidate], around: Surroundings) -> list[Reach]:
    """What each of these VMs reaches."""
    verdicts = Verdicts(around.network)
    return [_reach(one, around, verdicts) for one in candidates]


def _reach(candidate: Candidate, around: Surroundings, verdicts: Verdicts) -> Reach:
    documents, opened = around.documents.get(candidate.vm.id, ()), candidate.vm.id in around.opened
    path = Path.of(candidate.vm.id, around.network)
    in_use = [one for one in documents if not (one.spec.proxy and opened)]
    judged = [
        tuple(verdicts.of(path, destination, port) for destination, port in alternative)
        for alternative in _alternatives(candidate, in_use)
        if path is not None
    ]
    enough = any(all(one.access is Access.ALLOWED for one in together) for together in judged)
    return Reach(
        candidate,
        seen=path is not None,
        verdicts=tuple(chain.from_iterable(judged)),
        lacking=tuple(one for one in judged[0] if one.access is not Access.ALLOWED) if judged and not enough else (),
        need=need_of(candidate, around.errors, documents),
        documents=documents,
        opened=opened,
    )


def _alternatives(candidate: Candidate, documents: Sequence[Outbound]) -> Iterator[Alternative]:
    """What is enough for backups, each by itself, that first which is declared.

    A proxy that the VM uses already reaches all else for it; where it has a name, only the VM knows its address.
    """
    region = candidate.vm.location
    for document in documents:
        if (proxy := document.spec.proxy) is not None:
            yield [(proxy.host, proxy.port)] if _is_address(proxy.host) else []
        elif (traffic := _by_disk_kind(document)) is not None:
            tags, ports = [tag for _, tag in tags_in(region, traffic)], ports_of(traffic, {candidate.vm.disk_kind})
            if tags:
                yield list(product(tags, ports))
    yield [(f"{tag}.{region}" if tag == "Storage" else tag, _HTTPS) for tag in SERVICE_TAGS]


def _by_disk_kind(document: Outbound) -> Traffic | None:
    """The traffic of a document that asks for the ports which the service named in 2019."""
    firewall = document.spec.firewall
    traffic = firewall.network_rule if firewall else document.spec.security_rules()
    return traffic if traffic and traffic.port == "byDiskKind" else None


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def _documents(manifests: Manifests, snapshot: Snapshot, network: Network) -> Mapping[ArmId, Sequence[Outbound]]:
    present = [one for one in manifests.outbound if one.spec.state == "present"]
    found: dict[ArmId, list[Outbound]] = defaultdict(list)
    if present:
        targets = Targets.of(manifests, snapshot, network)
        for document in present:
            for vm in targets.vms_of(document):
                if not _is_proxy(vm.id, document):
                    found[vm.id].append(document)
    return found


def _is_proxy(vm: ArmId, document: Outbound) -> bool:
    """Whether a VM is the proxy of a document, which does not go through itself."""
    proxy = document.spec.proxy
    return proxy is not None and proxy.vm is not None and ArmId(proxy.vm) == vm
