"""Laws of scopes and roles: what lies above contains, and granting more never takes away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.sandbox.core.authorization.roles import allowed
from backup_reconciler.sandbox.core.estate import Access, Role
from backup_reconciler.sandbox.core.wire.scope import ancestors, lies_in

PAIRS = st.lists(st.tuples(st.sampled_from(["subscriptions", "resourceGroups", "vaults"]), st.text("aB", min_size=1)))
SCOPES = PAIRS.map(lambda pairs: "/" + "/".join(f"{kind}/{name}" for kind, name in pairs)).filter(lambda s: s != "/")
WORDS = st.lists(st.sampled_from(["*", "a", "A", "read", "write"]), min_size=1, max_size=3).map("/".join)
ROLES = st.builds(Role, st.lists(WORDS, max_size=2), st.lists(WORDS, max_size=1), st.lists(SCOPES, max_size=2))


@given(SCOPES)
def test_a_scope_lies_in_itself_and_in_all_above_it(scope):
    above = list(ancestors(scope))
    assert above[-1] == scope.lower()
    assert all(lies_in(scope, outer) for outer in [*above, "/", scope.upper()])
    assert not any(lies_in(outer, scope) for outer in above[:-1])


@given(st.lists(ROLES, max_size=3), ROLES, WORDS.filter(lambda word: "*" not in word), SCOPES)
def test_another_role_never_takes_away(roles, another, action, scope):
    before = allowed(Access(roles), action, scope)
    assert allowed(Access([*roles, another]), action, scope) or not before


@given(st.lists(ROLES, max_size=3), WORDS.filter(lambda word: "*" not in word), SCOPES, SCOPES)
def test_what_is_allowed_at_a_scope_is_allowed_inside_it(roles, action, scope, below):
    if allowed(Access(roles), action, scope):
        assert allowed(Access(roles), action.upper(), f"{scope}{below}")
