import assert from "node:assert/strict";
import path from "node:path";
import { ensureTrainingPython } from "../../../../../local/python/python.ts";
import { run } from "../../../../../local/run.ts";

const folder = path.resolve(__dirname, "../../../../../local/aws/training/process");
const READ = `
import json, sys
sys.path.insert(0, sys.argv[1])
from torchrun import on_this_machine
names = ("master_addr", "master_port", "local_addr", "rdzv_endpoint", "node_rank", "training_script", "training_script_args")
print(json.dumps([{name: getattr(on_this_machine(case), name) for name in names} for case in json.loads(sys.argv[2])]))
`;

describe("the stand-in for torchrun", function () {
  this.timeout(60_000);
  const spellings: string[][] = [
    [],
    ["--master_addr", "algo-1", "--master_port", "7777"],
    ["--master_addr=algo-1", "--master_port=7777"], // SageMaker SDK v3
    ["--master-addr=algo-1", "--master-port", "7777"],
    ["--master_a", "algo-1", "--master_p=7777"],
    ["--local_addr=algo-2", "--local-addr", "algo-2"],
  ];
  const endpoints: string[][] = [
    ["--rdzv-backend=c10d", "--rdzv-endpoint=algo-1:29400"],
    ["--rdzv_backend", "c10d", "--rdzv_endpoint", "algo-1"],
  ];
  let read: Record<string, unknown>[];
  before(async () => {
    const python = await ensureTrainingPython(() => undefined);
    const cases = [...spellings, ...endpoints].map((options) => [
      ...["--nnodes=2", "--node_rank=1", ...options],
      ...["train.py", "--master_addr=of-the-script"],
    ]);
    const env = { ...process.env, LOCAL_MASTER_PORT: "4321" };
    const done = await run(python, ["-c", READ, folder, JSON.stringify(cases)], { env });
    assert.equal(done.code, 0, done.output);
    read = JSON.parse(done.stdout);
  });

  for (const [index, options] of [...spellings, ...endpoints].entries()) {
    it(`meets on this machine after ${options.join(" ") || "no address"}`, () => {
      assert.deepEqual(read[index], {
        master_addr: "127.0.0.1",
        master_port: 4321,
        local_addr: "127.0.0.1",
        rdzv_endpoint: index < spellings.length ? "" : "127.0.0.1:4321",
        node_rank: 1,
        training_script: "train.py",
        training_script_args: ["--master_addr=of-the-script"],
      });
    });
  }
});
