"""A deterministic simulator of whole lives of an estate.

The planner, the executor, the reading, the road to ARM and the SDK's pipeline are the real ones. What they talk to is
the core of the sandbox in the same process, on an event loop whose time is virtual. From one seed comes a scenario: a
world, versions of manifests, runs of one or two operators, changes made by hand, and what goes wrong. While it is
played everything that reaches the service is written down; then the invariants are asked.

    python -m tests.simulation --seeds 1000       many scenarios
    python -m tests.simulation --seed 42          one of them, with a log
"""
