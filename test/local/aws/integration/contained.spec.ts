import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StopTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { bucket, image, TestAws, until } from "./testAws.ts";

/** Starts processes that leave the job's group and drop its environment: a child, and the child of one that ends at once. */
const strays = [
  "import os, subprocess, sys, time",
  "sleeper = \"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\"",
  "hidden = dict(env={'PATH': '/usr/bin'}, start_new_session=True)",
  "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], stdout=-3, stderr=-3, **hidden)",
  "code = f'import subprocess, sys; print({sleeper}.pid)'",
  "orphan = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, **hidden).stdout.strip()",
];

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

describe("a job on the local AWS is contained", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start({ LOCAL_AWS_STOP_GRACE_SECONDS: "100" });
  });
  after(async () => {
    await aws.remove();
  });

  const stop = (name: string) => aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));
  const said = async (name: string, start: string) =>
    (await aws.logLines(name))
      .filter((line) => line.startsWith(start))
      .map((line) => line.slice(start.length));

  it("installs with pip into its own environment, by whatever name", async () => {
    await aws.createJob(
      "pip",
      [
        "import os, shutil, subprocess, sys, zipfile",
        "wheel = os.path.join(os.environ['TMPDIR'], 'tiny_thing-1.0-py3-none-any.whl')",
        "with zipfile.ZipFile(wheel, 'w') as z:",
        "    z.writestr('tiny_thing.py', 'def main(): print(f\"ran {__file__}\")')",
        "    info = 'tiny_thing-1.0.dist-info/'",
        "    z.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: tiny-thing\\nVersion: 1.0\\n')",
        "    z.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')",
        "    z.writestr(info + 'entry_points.txt', '[console_scripts]\\ntiny-thing = tiny_thing:main\\n')",
        "    z.writestr(info + 'RECORD', '')",
        "minor = f'{sys.version_info.major}.{sys.version_info.minor}'",
        "for name in ['pip', 'pip3', f'pip{minor}', 'python', 'python3', f'python{minor}', 'f2py', 'torchrun']:",
        "    print(f'command {shutil.which(name)}')",
        "subprocess.run(f'pip install --no-index --no-deps {wheel} && tiny-thing', shell=True, check=True)",
        "subprocess.run('f2py -v', shell=True, check=True)",
      ].join("\n"),
    );
    const job = await aws.waitForEnd("pip");
    assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
    const env = path.join(aws.stateDir, "aws/sagemaker/work/pip/env/");
    const commands = await said("pip", "command ");
    assert.equal(commands.length, 8);
    for (const command of commands) assert.ok(command.startsWith(path.join(env, "bin")), command);
    const [ran] = await said("pip", "ran ");
    assert.ok(ran?.startsWith(path.join(env, "lib/python3")), ran);
  });

  it("ends with everything it started, however it ends", async function () {
    if (!existsSync("/proc/self/stat")) this.skip();
    // Not in the log alone: a toolkit that is killed passes on no line that it has not read yet.
    const pidsOf = (name: string) => path.join(aws.stateDir, `${name}.pids`);
    const print = (name: string) =>
      [
        "pids = f'{os.getpid()} {child.pid} {orphan}'",
        `print(pids, file=open(${JSON.stringify(pidsOf(name))}, 'a'))`,
        "print(f'pids {pids}', flush=True)",
      ].join("\n");
    const ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)";
    await aws.createJob("ends", [...strays, print("ends")].join("\n"));
    await aws.createJob(
      "killed",
      [...strays, print("killed"), "os.kill(os.getppid(), 9)", "time.sleep(600)"].join("\n"),
    );
    await aws.setFaults({ jobs: [{ name: "gone", spotInterruptions: 1, interruptOnLine: "pids" }] });
    // Its first run ends by the interruption alone.
    const again = `time.sleep(0 if len(open(${JSON.stringify(pidsOf("gone"))}).readlines()) > 1 else 600)`;
    await aws.createJob("gone", [...strays, ignore, print("gone"), again].join("\n"), {
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 600 },
    });
    const ended = ["ends", "killed", "gone"].map((name) => aws.waitForEnd(name));
    const statuses = (await Promise.all(ended)).map((job) => job.TrainingJobStatus);
    assert.deepEqual(statuses, ["Completed", "Failed", "Completed"]);
    for (const name of ["ends", "killed", "gone"]) {
      const pids = readFileSync(pidsOf(name), "utf8").trim().split(/\s+/).map(Number);
      assert.equal(pids.length, name === "gone" ? 6 : 3);
      assert.deepEqual(pids.filter(isAlive), [], name);
    }
  });

  it("is stopped however early the stop comes", async () => {
    const delays = [0, 50, 150, 300, 500, 800];
    await Promise.all(
      delays.map(async (delay) => {
        const name = `early-${delay}`;
        await aws.createJob(name, "import time\nprint('running', flush=True)\ntime.sleep(600)");
        await until(
          `${name} to train`,
          async () => (await aws.describe(name)).SecondaryStatus === "Training",
        );
        await sleep(delay);
        await stop(name);
        assert.equal((await aws.waitForEnd(name)).TrainingJobStatus, "Stopped"); // the grace period is longer
      }),
    );
  });

  it("gives way to everything else on the machine, whether a script or a command of its own", async () => {
    await aws.createJob("script", "import os; print(f'nice {os.nice(0)}')");
    await aws.createJob("command", "", {
      AlgorithmSpecification: {
        TrainingImage: image,
        TrainingInputMode: "File",
        ContainerEntrypoint: ["python", "-c", "import os; print(f'nice {os.nice(0)}')"],
      },
    });
    const expected = String(Math.min(getPriority() + 5, 19));
    for (const name of ["script", "command"]) {
      const job = await aws.waitForEnd(name);
      assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
      assert.deepEqual(await said(name, "nice "), [expected], name);
    }
  });

  it("fails with a shell's exit code where its command cannot be started, and runs what its arguments alone say", async () => {
    const spec = { TrainingImage: image, TrainingInputMode: "File" } as const;
    const nowhere = { ...spec, ContainerEntrypoint: ["/nowhere/run"] };
    const told = { ...spec, ContainerArguments: ["echo", "told", "$((20+1))"] };
    await aws.createJob("nowhere", "", { AlgorithmSpecification: nowhere });
    await aws.createJob("told", "", { AlgorithmSpecification: told });
    assert.equal((await aws.waitForEnd("nowhere")).FailureReason, "AlgorithmError: , exit code: 127");
    assert.deepEqual(await said("nowhere", "exec: "), ["/nowhere/run: No such file or directory"]);
    assert.equal((await aws.waitForEnd("told")).TrainingJobStatus, "Completed");
    assert.deepEqual(await said("told", "told "), ["21"]);
  });

  it("cannot hold up the service with what it leaves as the reason of its failure", async () => {
    const failure = "f = os.environ['SAGEMAKER_BASE_DIR'] + '/output/failure'";
    for (const [name, leave] of [
      ["pipe", "os.mkfifo(f)"],
      ["device", "os.symlink('/dev/zero', f)"],
    ]) {
      await aws.createJob(name, ["import os", failure, leave, "os._exit(1)"].join("\n"));
      assert.equal((await aws.waitForEnd(name)).FailureReason, "AlgorithmError: , exit code: 1", name);
    }
  });

  it("cannot hold up the service with the expression of a metric", async () => {
    await aws.createJob("regex", "print('loss=' + '1' * 60)\nprint('acc=0.5;')\n".repeat(5), {
      AlgorithmSpecification: {
        TrainingImage: image,
        TrainingInputMode: "File",
        MetricDefinitions: [
          { Name: "nested", Regex: "(([0-9]+)+);" },
          { Name: "looking", Regex: "(?:([0-9]+)+)+;(?=x)" },
          { Name: "acc", Regex: "acc=([0-9.]+)" },
        ],
      },
    });
    const job = await aws.waitForEnd("regex");
    assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
    assert.deepEqual(
      job.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value]),
      [
        ["nested", 5],
        ["acc", 0.5],
      ],
    );
    const notes = await said("regex", "[local SageMaker] metric ");
    assert.equal(notes.length, 3, notes.join("\n"));
    assert.match(notes[2], /^looking: .* the metric is given up: /);
  });

  it("fails for channel data that cannot be files, which is the request's fault", async () => {
    await aws.put("conflict/a", "1");
    await aws.put("conflict/a/b", "2");
    await aws.put(`long/${"n".repeat(300)}`, "3");
    for (const prefix of ["conflict", "long"]) {
      await aws.createJob(prefix, "print(1)", {
        InputDataConfig: [
          {
            ChannelName: "train",
            DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${bucket}/${prefix}/` } },
          },
        ],
      });
      const { FailureReason = "" } = await aws.waitForEnd(prefix);
      assert.match(FailureReason, /^ClientError: Data download failed:Failed to download data. S3 key: s3:/);
    }
  });

  it("has the request's environment, and is told what of it the service sets", async () => {
    await aws.createJob(
      "env",
      "import os; e = os.environ; print(f\"LANG {e['LANG']} {e['TRAINING_JOB_NAME']}\")",
      {
        Environment: { LANG: "C", TRAINING_JOB_NAME: "other", PATH: "/usr/bin" },
      },
    );
    assert.equal((await aws.waitForEnd("env")).TrainingJobStatus, "Completed");
    assert.deepEqual(await said("env", "LANG "), ["C env"]);
    assert.deepEqual(await said("env", "[local SageMaker] Environment: "), [
      "set by the service, not as the request says: TRAINING_JOB_NAME",
    ]);
  });
});
