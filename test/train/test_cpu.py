"""What makes a CPU faster changes neither the weights' names nor, but for rounding, what is computed."""

import copy
import ctypes
import subprocess
import sys
import unittest
from unittest import mock

import torch
from torch.nn.functional import linear

import support
from cpu import PointwiseConv2d, keep_memory, speed_up
from network import build_network

# Frees and takes 20 blocks of 8 MB again and again, and prints how many pages the kernel had to clear for that.
REUSES = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import torch
from cpu import keep_memory
if sys.argv[2] == "kept":
    keep_memory()
def step():
    blocks = [torch.ones(2_000_000) for _ in range(20)]
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
step()
before = faults()
for _ in range(5):
    step()
print(faults() - before)
"""


class SpeedUpTest(unittest.TestCase):
    @mock.patch("cpu.IS_INTEL", True)
    def test_computes_the_same(self):
        torch.manual_seed(0)
        plain = build_network(6).double().to(memory_format=torch.channels_last)
        fast = copy.deepcopy(plain)
        speed_up(fast)
        self.assertEqual(list(plain.state_dict()), list(fast.state_dict()))
        images = torch.rand(4, 1, 64, 64, dtype=torch.float64).to(memory_format=torch.channels_last)
        for network in (plain, fast):
            network(images).square().sum().backward()
        for (name, weight), other in zip(plain.named_parameters(), fast.parameters(), strict=True):
            torch.testing.assert_close(other.grad, weight.grad, rtol=1e-6, atol=1e-8, msg=name)
            self.assertEqual(other.grad.stride(), other.stride(), f"{name}: several processes would copy it")

    def test_computes_products_where_they_are_faster(self):
        for is_intel, dtype, product in [
            (True, torch.float32, True),
            (True, torch.bfloat16, True),
            (False, torch.float32, False),
            (False, torch.bfloat16, True),
        ]:
            one = torch.nn.Conv2d(4, 2, 1).to(dtype)
            speed_up(torch.nn.ModuleList([one]))
            with mock.patch("cpu.IS_INTEL", is_intel), mock.patch("cpu.functional.linear", wraps=linear) as called:
                one(torch.rand(2, 4, 5, 3).to(dtype))
            self.assertEqual(called.called, product, (is_intel, dtype))

    @mock.patch("cpu.IS_INTEL", True)
    def test_takes_no_other_convolution(self):
        convolution = torch.nn.Conv2d
        others = [
            convolution(4, 4, 3),
            convolution(4, 4, 1, stride=2),
            convolution(4, 4, 1, padding=1),
            convolution(4, 4, 1, groups=2),
        ]
        one = convolution(4, 2, 1)  # with a bias
        images = torch.rand(2, 4, 5, 3)
        expected = one(images)
        speed_up(torch.nn.ModuleList([*others, one]))
        self.assertEqual([type(each) for each in [*others, one]], [convolution] * 4 + [PointwiseConv2d])
        torch.testing.assert_close(one(images), expected)

    @unittest.skipUnless(hasattr(ctypes.CDLL(None), "mallopt"), "needs glibc")
    def test_freed_memory_is_used_again(self):
        train = str(support.TRAIN_DIR)

        def faults(how: str) -> int:
            call = [sys.executable, "-c", REUSES, train, how]
            return int(subprocess.run(call, check=True, capture_output=True, text=True).stdout)

        self.assertLess(faults("kept"), faults("given back") / 3)

    def test_goes_without_where_the_c_library_has_no_such_setting(self):
        with mock.patch("ctypes.CDLL", return_value=object()):
            keep_memory()


if __name__ == "__main__":
    unittest.main()
