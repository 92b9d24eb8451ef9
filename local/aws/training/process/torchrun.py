"""Stands in for torchrun: the same launcher, run by the job's own Python.

On SageMaker every host has an address; here the hosts of a job share one machine, so the fixed address
algo-1:7777 becomes a loopback port of the job's own.
"""

import os
import sys
from pathlib import Path


def rewritten(arguments: list[str]) -> list[str]:
    """The arguments with the job's own master address and port; those of one host get them added."""
    port = os.environ["LOCAL_MASTER_PORT"]
    result = list(arguments)
    if "--master_addr" not in result:
        return ["--master_addr", "127.0.0.1", "--master_port", port, *result]
    result[result.index("--master_addr") + 1] = "127.0.0.1"
    result[result.index("--master_port") + 1] = port
    return result


def main() -> None:
    """Starts the real launcher; the directory of this file must not be importable by the job."""
    own = str(Path(__file__).parent)
    sys.path[:] = [entry for entry in sys.path if entry != own]
    from torch.distributed.run import main as run

    run(rewritten(sys.argv[1:]))


if __name__ == "__main__":
    main()
