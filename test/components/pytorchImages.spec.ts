import assert from "node:assert/strict";
import { pythonFor } from "../../components/pytorchImages";

describe("the PyTorch images that AWS publishes", () => {
  for (const [framework, python] of Object.entries({
    "1.8.1": "py36",
    "1.13.1": "py39",
    "2.1.0": "py310",
    "2.4.0": "py311",
    "2.6.0": "py312",
    "2.10.0": "py313",
  })) {
    it(`have ${python} with PyTorch ${framework}, and nothing else`, () => {
      assert.deepEqual(pythonFor(framework), { python });
      assert.deepEqual(pythonFor(framework, python), { python });
      assert.match(refusal(framework, "py27"), new RegExp(`has ${python}, not py27`));
    });
  }

  it("may be newer than this list, with the Python that is named", () => {
    assert.deepEqual(pythonFor("2.11.0", "py313"), { python: "py313" });
    assert.match(refusal("2.11.0"), /name its pythonVersion/);
  });

  it("do not have versions in between, however new they sound", () => {
    assert.match(refusal("2.4.1"), /no training image of PyTorch 2\.4\.1; there is 2\.4\.0$/);
    assert.match(refusal("2.0"), /there is 2\.0\.0, 2\.0\.1$/);
    assert.match(refusal("latest"), /there is .*2\.10\.0$/);
    assert.match(refusal("2.4.1", "py311"), /no training image/);
  });
});

function refusal(framework: string, python?: string): string {
  const found = pythonFor(framework, python);
  return "refused" in found ? found.refused : assert.fail(`${framework} is taken, with ${found.python}`);
}
