import assert from "node:assert/strict";
import path from "node:path";
import { cacheDirFrom } from "../../local/cacheDir.mjs";
import { projectDir, stateDirFrom } from "../../local/paths.ts";

describe("paths", () => {
  it("keeps the cache where XDG says, and elsewhere on request", () => {
    const name = "pulumi-sagemaker-training";
    assert.equal(cacheDirFrom({}, "/home/x"), `/home/x/.cache/${name}`);
    assert.equal(cacheDirFrom({ XDG_CACHE_HOME: "/xdg" }, "/home/x"), `/xdg/${name}`);
    assert.equal(cacheDirFrom({ XDG_CACHE_HOME: "relative" }, "/home/x"), `/home/x/.cache/${name}`);
    assert.equal(cacheDirFrom({ XDG_CACHE_HOME: "/xdg", TRAINING_CACHE_DIR: "/own" }, "/home/x"), "/own");
  });

  it("keeps the state in the checkout, and elsewhere on request", () => {
    assert.equal(stateDirFrom({}), path.join(projectDir, ".local"));
    assert.equal(stateDirFrom({ TRAINING_STATE_DIR: "/state" }), "/state");
  });
});
