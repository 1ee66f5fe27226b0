"""One target under atheris: `python -m tests.fuzz.led TARGET MINUTES FOLDER`.

The package is imported under its eye, so that inputs which reach new code are kept and spoiled further. Half of them it
spoils in its own way, byte by byte, and half in that of `mutation`, which knows what YAML and JSON say.
"""

import logging
import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["backup_reconciler", "yaml"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.mutation import mutated

_LONGEST = 2**16
"""Bytes of one input, if the examples are not longer; what is larger is `pathological`."""


def main(name: str, minutes: float, folder: Path) -> None:
    """Fuzz until the time is over or something is found; ends the process, as libFuzzer does."""
    target = TARGETS[name]
    corpus, finds = folder / name / "corpus", folder / name / "finds"
    for each in (corpus, finds):
        each.mkdir(parents=True, exist_ok=True)
    examples = target.examples()
    for number, example in enumerate(examples):
        (corpus / f"example-{number}").write_bytes(example)

    def mutator(data: bytes, longest: int, seed: int) -> bytes:
        rng = Random(seed)
        return (mutated(data, target.language, rng) if rng.random() < 0.5 else atheris.Mutate(data, longest))[:longest]

    longest = max(_LONGEST, *(2 * len(example) for example in examples))
    limits = [f"-max_total_time={round(minutes * 60)}", f"-max_len={longest}", "-rss_limit_mb=1024", "-timeout=10"]
    flags = [*limits, f"-artifact_prefix={finds}/", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *flags, str(corpus)], target.read, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
