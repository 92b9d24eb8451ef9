"""Whole runs of train.py on a few tiny images: one uninterrupted run, and others compared with it."""

import io
import json
import shutil
import tempfile
import unittest
import warnings
from base64 import b64encode
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from PIL import Image

import support
from checkpoint import parse_checkpoint, read_checkpoint
from data import list_channel
from model_checks import confusion_of, load_model, load_serving_code, npy
from network import build_network
from support import CLASSES, SIZE, command, epochs_in, final_accuracy, finish, make_channel, read_metrics, start

ROOT = Path(tempfile.mkdtemp(prefix="train-test-"))
EPOCHS = 3
whole_output = ""


def setUpModule():
    """The uninterrupted run: 48 images, 3 epochs of 6 steps."""
    global whole_output
    unittest.addModuleCleanup(shutil.rmtree, ROOT)
    make_channel(ROOT / "train", 8)
    make_channel(ROOT / "val", 3, seed=1)
    # One more, so that two processes get shares of different size.
    shutil.copy(ROOT / "val/a/0.png", ROOT / "val/a/3.png")
    code, whole_output = finish(start(arguments("whole")))
    assert code == 0, whole_output


def arguments(name: str, epochs: int = EPOCHS) -> list[str]:
    """Arguments of a run with a model and a checkpoint folder of its own."""
    folders = ("--model_dir", str(ROOT / name / "model"), "--checkpoint_dir", str(ROOT / name / "checkpoints"))
    return command(ROOT, *folders, "--epochs", str(epochs))


class Uninterrupted(unittest.TestCase):
    def test_prints_one_line_per_epoch_with_every_metric(self):
        lines = [line for line in whole_output.splitlines() if line.startswith("epoch=")]
        number = r"[0-9]+\.[0-9]+"
        for epoch, line in enumerate(lines, start=1):
            pattern = rf"epoch={epoch} train_loss={number} val_loss={number} val_accuracy={number} images_per_second="
            self.assertRegex(line, pattern + number + "$")
        self.assertEqual(len(lines), EPOCHS)

    def test_the_closing_line_is_the_metrics_file_and_the_saved_model(self):
        metrics = read_metrics(ROOT / "whole/model")
        self.assertEqual(final_accuracy(whole_output), metrics["val_accuracy"])
        self.assertEqual(whole_output.splitlines()[-1].split()[0], "final")
        confusion = confusion_of(ROOT, load_model(ROOT / "whole/model"))
        self.assertEqual(metrics["confusion_matrix"], confusion)
        correct = sum(confusion[label][label] for label in range(6))
        self.assertEqual((metrics["val_correct"], metrics["val_images"]), (correct, 19))
        self.assertEqual(metrics["val_accuracy"], round(correct / 19, 6))

    def test_keeps_the_best_epoch(self):
        accuracies = [float(line.split("val_accuracy=")[1].split()[0]) for line in whole_output.splitlines()[2:-1]]
        metrics = read_metrics(ROOT / "whole/model")
        self.assertEqual(round(metrics["val_accuracy"], 4), max(accuracies))
        self.assertEqual(accuracies[metrics["best_epoch"] - 1], max(accuracies))
        self.assertEqual(metrics["epochs"], EPOCHS)

    def test_the_model_directory_is_complete(self):
        model = ROOT / "whole/model"
        files = sorted(path.relative_to(model).as_posix() for path in model.rglob("*") if path.is_file())
        code = ["errors.py", "images.py", "inference.py", "network.py", "requirements.txt"]
        self.assertEqual(files, ["classes.json", *(f"code/{name}" for name in code), "metrics.json", "model.pth"])
        self.assertEqual(json.loads((model / "classes.json").read_text()), {"classes": CLASSES, "image_size": SIZE})

    def test_serving_gives_what_training_measured(self):
        served, network = load_serving_code(ROOT / "whole/model"), load_model(ROOT / "whole/model")
        model = served.model_fn(str(ROOT / "whole/model"))
        files = [ROOT / f"val/{name}/0.png" for name in CLASSES]
        body = json.dumps({"images": [b64encode(file.read_bytes()).decode() for file in files]})
        answers = json.loads(
            served.output_fn(served.predict_fn(served.input_fn(body, "application/json"), model), "*/*")[0]
        )
        channel = list_channel(ROOT / "val", "val", SIZE)
        for file, answer in zip(files, answers, strict=True):
            tensor = next(channel[index][0] for index, (path, _) in enumerate(channel.items) if path == file)
            with torch.no_grad():
                expected = network(tensor.unsqueeze(0)).softmax(dim=1)[0]
            self.assertEqual(answer["label"], CLASSES[expected.argmax().item()])
            for name, value in zip(CLASSES, expected.tolist(), strict=True):
                self.assertAlmostEqual(answer["probabilities"][name], value, places=4)
        (single,) = served.predict_fn(served.input_fn(files[0].read_bytes(), "image/png"), model)
        self.assertEqual(single["label"], answers[0]["label"])

    def test_serving_computes_in_full_precision_as_validation_does(self):
        torch.backends.cudnn.allow_tf32 = True  # torch's default
        load_serving_code(ROOT / "whole/model").model_fn(str(ROOT / "whole/model"))
        self.assertFalse(torch.backends.cudnn.allow_tf32)

    def test_serving_takes_and_gives_arrays(self):
        served = load_serving_code(ROOT / "whole/model")
        model = served.model_fn(str(ROOT / "whole/model"))
        pixels = [np.array(Image.open(ROOT / f"val/{name}/0.png")) for name in CLASSES]
        from_files = served.predict_fn([(ROOT / f"val/{name}/0.png").read_bytes() for name in CLASSES], model)
        for array, expected in ((np.stack(pixels), from_files), (pixels[0], from_files[:1])):
            answer, kind = served.output_fn(
                served.predict_fn(served.input_fn(npy(array), "application/x-npy"), model),
                "application/x-npy, */*;q=0.1",
            )
            self.assertEqual(kind, "application/x-npy")
            rows = [list(each["probabilities"].values()) for each in expected]
            np.testing.assert_allclose(np.load(io.BytesIO(answer)), rows, atol=1e-5)

    def test_serving_answers_a_wrong_request_with_its_status(self):
        served = load_serving_code(ROOT / "whole/model")
        model = served.model_fn(str(ROOT / "whole/model"))
        huge = io.BytesIO()
        Image.new("1", (6000, 6000)).save(huge, "png")
        image = (ROOT / "val/a/0.png").read_bytes()
        npz = io.BytesIO()
        np.savez(npz, image=np.zeros((4, 4)))
        for body, kind, status in [
            (b"{}", "application/json", 400),
            (b"[", "application/json", 400),
            (b'{"images": [1]}', "application/json", 400),
            (b'{"images": ["data:image/png;base64,AA"]}', "application/json", 400),
            (b"no array", "application/x-npy", 400),
            (b"[" * 100_000, "application/json", 400),
            (json.dumps({"images": [""] * 257}), "application/json", 400),
            (npy(np.full((4, 4), np.nan)), "application/x-npy", 400),
            (npy(np.zeros((0, 4))), "application/x-npy", 400),
            (npy(np.zeros((4, 4), complex)), "application/x-npy", 400),
            (npy(np.zeros((1, 1, 4, 4))), "application/x-npy", 400),
            (npy(np.zeros((257, 1, 1))), "application/x-npy", 400),
            (npy(np.float32(1)), "application/x-npy", 400),
            (npy(np.array([{}])), "application/x-npy", 400),
            (npz.getvalue(), "application/x-npy", 400),
            (image[:100], "image/png", 400),
            (huge.getvalue(), "image/png", 400),
            (b"x", "text/csv", 415),
            (b"x", None, 415),
        ]:
            with (
                self.subTest(kind=kind, status=status),
                warnings.catch_warnings(),
                self.assertRaises(served.BaseInferenceToolkitError) as caught,
            ):
                warnings.simplefilter("ignore")
                served.predict_fn(served.input_fn(body, kind), model)
            self.assertEqual(caught.exception.status_code, status)
        with self.assertRaises(served.BaseInferenceToolkitError) as caught:
            served.output_fn([], "text/csv")
        self.assertEqual(caught.exception.status_code, 406)

    def test_serving_answers_in_the_type_that_it_names(self):
        served = load_serving_code(ROOT / "whole/model")
        for accept in ("Application/JSON", "text/html, */*;q=0.8", "application/json;q=1", None, ""):
            self.assertEqual(served.output_fn([], accept), ("[]", "application/json"))


class Interrupted(unittest.TestCase):
    def assert_same_model(self, name: str):
        expected = torch.load(ROOT / "whole/model/model.pth", weights_only=True)
        for key, value in torch.load(ROOT / name / "model/model.pth", weights_only=True).items():
            self.assertTrue(torch.equal(value, expected[key]), f"{key} differs from the uninterrupted run")
        self.assertEqual(read_metrics(ROOT / name / "model"), read_metrics(ROOT / "whole/model"))

    def test_killed_and_started_again_it_ends_as_if_nothing_had_happened(self):
        process = start(arguments("killed"))
        first = support.wait_for(process, "epoch=1 ")
        process.kill()
        first += finish(process)[1]
        shutil.rmtree(ROOT / "killed/model")  # a new instance starts without it
        code, second = finish(start(arguments("killed")))
        self.assertEqual(code, 0, second)
        done = support.done_before(first, second, EPOCHS)
        self.assertIn(f"resumed after epoch {done} of {EPOCHS}", second)
        self.assert_same_model("killed")

    def test_a_finished_training_is_not_trained_again(self):
        shutil.copytree(ROOT / "whole/checkpoints", ROOT / "again/checkpoints")
        code, output = support.run_here(arguments("again"))
        self.assertEqual((code, epochs_in(output)), (0, []))
        self.assertEqual(final_accuracy(output), final_accuracy(whole_output))
        self.assert_same_model("again")

    def test_stopped_early_and_gone_on_with_elsewhere_it_ends_as_if_nothing_had_happened(self):
        for epoch, start_from in ((1, None), (2, "part-1"), (EPOCHS, "part-2")):
            part = [*arguments(f"part-{epoch}"), "--stop_after_epoch", str(epoch)]
            before = ["--start_from", str(ROOT / start_from / "checkpoints")] if start_from else []
            code, output = support.run_here([*part, *before])
            self.assertEqual((code, epochs_in(output)), (0, [epoch]), output)
            self.assertEqual(read_metrics(ROOT / f"part-{epoch}/model")["epochs"], epoch)
        self.assertEqual(final_accuracy(output), final_accuracy(whole_output))
        self.assert_same_model(f"part-{EPOCHS}")
        # Its own checkpoint is newer than the one that it began with.
        code, output = support.run_here([*part, *before])
        self.assertEqual((code, epochs_in(output)), (0, []), output)
        # And what is further than the training is to go is no result of it.
        code, output = support.run_here([*part, "--stop_after_epoch", "2"])
        self.assertEqual(code, 1)
        self.assertIn("is of epoch 3, and the training stops after epoch 2", output)

    def test_a_checkpoint_to_begin_with_that_is_not_there_is_no_beginning(self):
        code, output = support.run_here([*arguments("nowhere"), "--start_from", str(ROOT / "none")])
        self.assertEqual(code, 1)
        self.assertRegex(output, "ValueError: no checkpoint is in .*/none, which this training is to begin with")

    def test_a_checkpoint_of_a_machine_without_fp16_goes_on_with_it(self):
        shutil.copytree(ROOT / "whole/checkpoints", ROOT / "elsewhere/checkpoints")
        with mock.patch("trainer.pick_precision", return_value=torch.float16):
            code, output = support.run_here(arguments("elsewhere"))
        self.assertEqual((code, final_accuracy(output)), (0, final_accuracy(whole_output)))

    def test_weights_that_the_last_step_broke_are_no_model(self):
        code, output = support.run_here([*arguments("broken", 1), "--lr", "1e30", "--batch_size", "48"])
        self.assertEqual(code, 1)
        self.assertIn("ValueError: the loss is not finite in epoch 1, validation: lower lr", output)
        self.assertFalse((ROOT / "broken/model").exists())

    def test_a_loss_that_is_not_finite_fails_the_run(self):
        code, output = support.run_here([*arguments("diverged"), "--lr", "1e30"])
        self.assertEqual(code, 1)
        self.assertRegex(output, r"ValueError: the loss is not finite in epoch 1, step \d: lower lr \(it is 1e\+30\)")


class TwoProcesses(unittest.TestCase):
    """The same script twice with a gloo group."""

    def run_pair(self, name: str, epochs: int, *extra: str, prepare: str = "") -> str:
        processes = []
        for rank in (0, 1):
            # Only the first host has the checkpoint, and only it writes.
            own = [*arguments(name if rank == 0 else f"{name}-other", epochs), *extra]
            place = support.place(rank, ROOT / f"{name}.meeting")
            processes.append(support.start_prepared(prepare, "train.py", own, **place))
        results = [finish(process) for process in processes]
        self.assertEqual([code for code, _ in results], [0, 0], results)
        self.assertEqual(support.said(results[1][1]), [])
        self.assertFalse((ROOT / f"{name}-other").exists())
        return results[0][1]

    def test_measure_the_same_model_as_one_process_does(self):
        shutil.copytree(ROOT / "whole/checkpoints", ROOT / "measured/checkpoints")
        output = self.run_pair("measured", EPOCHS)
        self.assertEqual(epochs_in(output), [])
        self.assertEqual(final_accuracy(output), final_accuracy(whole_output))
        mine, theirs = read_metrics(ROOT / "whole/model"), read_metrics(ROOT / "measured/model")
        self.assertEqual(theirs["confusion_matrix"], mine["confusion_matrix"])

    def test_train_one_model(self):
        output = self.run_pair("pair", 2)
        self.assertEqual(epochs_in(output), [1, 2])
        self.assertIn("processes=2", output)
        metrics = read_metrics(ROOT / "pair/model")
        self.assertEqual(metrics["val_images"], 19)
        self.assertEqual(metrics["confusion_matrix"], confusion_of(ROOT, load_model(ROOT / "pair/model")))
        # After an interruption in the second epoch.
        (ROOT / "resumed/checkpoints").mkdir(parents=True)
        shutil.copy(ROOT / "pair/checkpoints/epoch-000001.pt", ROOT / "resumed/checkpoints")
        self.assertEqual(epochs_in(self.run_pair("resumed", 2)), [2])
        before, after = (last_checkpoint(name) for name in ("pair", "resumed"))
        self.assertEqual(support.largest_difference(before, after), 0)

    def test_train_what_one_process_trains(self):
        prepare = support.FROZEN
        code, output = finish(support.start_prepared(prepare, "train.py", arguments("one", 1)))
        self.assertEqual(code, 0, output)
        self.run_pair("two", 1, "--batch_size", "4", prepare=prepare)
        one, two = last_checkpoint("one"), last_checkpoint("two")
        torch.manual_seed(0)
        moved = support.largest_difference(one, build_network(6).state_dict())
        self.assertLess(support.largest_difference(one, two), moved / 1000)


def last_checkpoint(name: str) -> dict[str, torch.Tensor]:
    """The weights after the last epoch, which need not be the best."""
    return parse_checkpoint(read_checkpoint(ROOT / name / "checkpoints")).model


if __name__ == "__main__":
    unittest.main()
