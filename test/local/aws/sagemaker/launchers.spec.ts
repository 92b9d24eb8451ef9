import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { checkDrivers, checkLauncher } from "../../../../local/aws/sagemaker/launchers.ts";
import type { TrainingJobRequest } from "../../../../local/aws/sagemaker/record.ts";
import { validRequest } from "./support.ts";

const command = (...words: string[]) =>
  validRequest({
    AlgorithmSpecification: {
      TrainingImage: "x/pytorch-training:2.4.0",
      TrainingInputMode: "File",
      ContainerEntrypoint: words.slice(0, 1),
      ContainerArguments: words.slice(1),
    },
  });
const channel = (ChannelName: string) =>
  validRequest({
    InputDataConfig: [
      { ChannelName, DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://b/drivers/" } } },
    ],
  });

describe("the launcher of a job", () => {
  const needing: [string, TrainingJobRequest, RegExp][] = [
    [
      "ModelTrainer's drivers",
      channel("sm_drivers"),
      /the channel sm_drivers \(of ModelTrainer or @remote\) name/,
    ],
    ["a remote function", channel("sagemaker_remote_function_bootstrap"), /@remote/],
    [
      "a command for a shell",
      command("/bin/sh", "-c", "chmod +x /opt/ml/code/run && /opt/ml/code/run"),
      /command names/,
    ],
    ["a command that begins with a path", command("sh", "-c", "/opt/ml/a /opt/ml/b"), /command names/],
    ["an option with a path", command("python", "a.py", "--out=/opt/ml/model"), /--out=\/opt\/ml\/model/],
  ];
  for (const [what, request, message] of needing) {
    it(`is refused without /opt/ml, with the setting that makes it: ${what}`, () => {
      const refusal = new RegExp(`${message.source}.* LOCAL_AWS_OPT_ML=true`);
      assert.throws(() => checkLauncher(request, { optMl: false }), {
        code: "ValidationException",
        message: refusal,
      });
      checkLauncher(request, { optMl: true });
    });
  }

  it("is taken where no path but a whole word is below /opt/ml", () => {
    checkLauncher(command("/opt/ml/code/run", "--in", "/opt/ml/input/data/train", "/opt/mlx"), {
      optMl: false,
    });
    checkLauncher(channel("code"), { optMl: false });
  });

  it("is refused over MPI, however it is asked for", async () => {
    for (const value of ["true", '"true"']) {
      const request = validRequest({ HyperParameters: { sagemaker_mpi_enabled: value } });
      assert.throws(() => checkLauncher(request, { optMl: true }), /Use sagemaker_torch_distributed_enabled/);
    }
    checkLauncher(validRequest({ HyperParameters: { sagemaker_mpi_enabled: "false" } }), { optMl: true });
    await assert.rejects(
      checkDrivers(scripts("python sm_drivers/distributed_drivers/mpi_driver.py"), channel("sm_drivers")),
      /cannot run ModelTrainer's MPI: .* Use Torchrun\(\)/,
    );
    await checkDrivers(
      scripts("python sm_drivers/distributed_drivers/torchrun_driver.py"),
      channel("sm_drivers"),
    );
    await checkDrivers(scripts(undefined), channel("sm_drivers"));
  });
});

/** An S3 whose every object has that text, or is not there. */
function scripts(text: string | undefined): S3Client {
  const s3 = new S3Client({ region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
  s3.config.requestHandler = {
    handle: async (request: { path: string }) => {
      assert.match(request.path, /\/drivers\/sm_train\.sh$/);
      const body = text ?? "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>";
      return {
        response: { statusCode: text === undefined ? 404 : 200, headers: {}, body: Readable.from([body]) },
      };
    },
  } as never;
  return s3;
}
