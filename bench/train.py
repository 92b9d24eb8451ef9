"""Images per second of train.py and minimal.py beside the plain loop, interleaved; or the accuracy that both reach.

python bench/train.py speed|accuracy IMAGES, in an environment with torch and MONAI; IMAGES holds train/ and val/.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLAIN = "bench/plain_loop.py"
SCRIPTS = (PLAIN, "train/train.py", "train/minimal.py")
BATCH_SIZE = 32
FASTER, ACCURACY = 1.5, 0.95

# Runs the script that follows and says how long its steps took, but for the first two, which warm up.
TIMED = """
import json, os, runpy, sys, time
import torch
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
done, step = [], torch.optim.Adam.step
def timed(self, *args, **kwargs):
    result = step(self, *args, **kwargs)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    done.append((time.perf_counter(), time.process_time()))
    return result
torch.optim.Adam.step = timed
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
passed = [(last - first) / (len(done) - 2) for first, last in zip(done[1], done[-1])]
device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
print("timed", json.dumps([f"{device}, torch {torch.__version__}", torch.get_num_threads(), *passed]))
"""


def run(script: str, images: Path, *arguments: str, timed: bool = False) -> str:
    """What the script prints, run as in a job."""
    with tempfile.TemporaryDirectory() as base:
        model = Path(base, "model")
        model.mkdir()
        places = {"SM_MODEL_DIR": model, "SAGEMAKER_BASE_DIR": base}
        places |= {f"SM_CHANNEL_{name.upper()}": images / name for name in ("train", "val")}
        env = os.environ | {name: str(value) for name, value in places.items()}
        call = [*(["-c", TIMED] if timed else []), str(ROOT / script), "--batch_size", str(BATCH_SIZE), *arguments]
        ended = subprocess.run([sys.executable, *call], env=env, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        sys.exit(f"{script} failed:\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def part_of(images: Path, folder: Path, steps: int) -> Path:
    """As many training images as the steps need, and few to validate."""
    for channel, number in (("train", steps * BATCH_SIZE), ("val", 12)):
        classes = sorted((images / channel).iterdir())
        for place in range(number):
            files = sorted(classes[place % len(classes)].iterdir())
            target = folder / channel / files[0].parent.name
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(files[place // len(classes)], target)
    return folder


def speed(images: Path, rounds: int, steps: int, as_json: bool) -> bool:
    """Medians over the rounds; a neighbour on the machine changes seconds more than seconds of CPU."""
    seen = {script: [] for script in SCRIPTS}
    with tempfile.TemporaryDirectory() as folder:
        part = part_of(images, Path(folder), steps)
        for number in range(rounds):
            for script in SCRIPTS:
                output = run(script, part, "--epochs", "1", timed=True)
                device, threads, wall, cpu = json.loads(output.splitlines()[-1].removeprefix("timed "))
                seen[script].append((BATCH_SIZE / wall, BATCH_SIZE / cpu))
                figures = f"{BATCH_SIZE / wall:6.1f} images/s {BATCH_SIZE / cpu:6.1f} per CPU second"
                print(
                    f"round {number + 1} {script:20}{figures} {threads} thread(s), load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
    plain, *others = [[statistics.median(column) for column in zip(*seen[script], strict=True)] for script in SCRIPTS]
    print(f"{PLAIN:20}{plain[0]:6.1f} images/s {plain[1]:6.1f} per CPU second")
    for script, (wall, cpu) in zip(SCRIPTS[1:], others, strict=True):
        ratios = f"{wall / plain[0]:.2f} and {cpu / plain[1]:.2f} times the plain loop"
        print(f"{script:20}{wall:6.1f} images/s {cpu:6.1f} per CPU second: {ratios}")
    if as_json:
        walls = [plain[0], *(wall for wall, _ in others)]
        names = ("script", "imagesPerSecond", "ofPlain")
        rows = [(script, wall, wall / plain[0]) for script, wall in zip(SCRIPTS, walls, strict=True)]
        speeds = [dict(zip(names, row, strict=True)) for row in rows]
        print(json.dumps({"device": device, "speeds": speeds}))
    return all(wall / plain[0] >= FASTER for wall, _ in others)


def accuracy(images: Path, epochs: int) -> bool:
    reached = []
    for seed in range(3):
        for script in SCRIPTS:
            started = time.perf_counter()
            output = run(script, images, "--epochs", str(epochs), "--lr", "1e-3", "--seed", str(seed))
            value = float(output.split("val_accuracy=")[-1].split()[0])
            print(
                f"seed {seed} {script:20} val_accuracy {value:.4f}, {time.perf_counter() - started:.0f} s", flush=True
            )
            reached += [value] if script != PLAIN else []
    return min(reached) >= ACCURACY


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("speed", "accuracy"))
    parser.add_argument("images", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="the speeds as JSON in the last line")
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    if args.what == "speed":
        good = speed(args.images, args.rounds, args.steps, args.json)
    else:
        good = accuracy(args.images, args.epochs)
    if not args.json:
        print("ok" if good else f"TOO LITTLE: {FASTER} times the plain loop and an accuracy of {ACCURACY} are wanted")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
