import assert from "node:assert/strict";
import { phases } from "../../bench/parts/freshMachine";

/** Of a run of `npm start`, with the seconds after which each came. */
const said = `
0 Installing the npm packages from package-lock.json (about a minute) ...
21 Installing the npm packages: done in 21 s
23 Building the Pulumi CLI 3.259.0 with Go (2 to 3 minutes on 2 cores, once per machine) ...
53 Still at it: Building the Pulumi CLI 3.259.0 with Go (30 s); Making the training images (4.0 s)
57 Making the training images: done in 8.5 s
60 Training images in s3://training-data/brain-slices: 1452 sent, 0 removed, in 2.9 s
150 Building the Pulumi CLI 3.259.0 with Go: done in 2 min 7 s
151 Previewing update (local):
160 Updating (local):
230 Model artifact  s3://training-local/densenet121/model.tar.gz`
  .trim()
  .split("\n")
  .map((text) => ({ at: Number.parseInt(text, 10), line: text.slice(text.indexOf(" ") + 1) }));

describe("the bench of a fresh machine", () => {
  it("names what each phase took", () => {
    assert.deepEqual(
      phases(said).map(({ what, value }) => [what, value]),
      [
        ["to the first artifact", 230],
        ["Installing the npm packages", 21],
        ["Making the training images", 8.5],
        ["Training images in s3://training-data/brain-slices", 2.9],
        ["Building the Pulumi CLI 3.259.0 with Go", 127],
        ["preview, with the guardrails", 9],
        ["update, to the artifact", 70],
      ],
    );
  });

  it("has no figure for what was not said, which the bench refuses", () => {
    const [whole] = phases(said.slice(0, -1));
    assert.ok(Number.isNaN(whole?.value));
  });
});
