// `npm run predict -- IMAGE... [--json] [--stack NAME]`: asks the deployed model. An image is a file, or s3://BUCKET/KEY.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { invoke, runtimeClient } from "../components/rollout/api";
import { contentTypeOf } from "../components/rollout/smoke";
import { splitS3Uri } from "../components/trainingJob/args/s3Uri.ts";
import { main } from "../local/main.ts";
import { SetupError } from "../local/setupError.ts";
import { DEPLOY } from "../local/stack.ts";
import { type Asked, readAnswer, tableOf } from "./predictions";
import { chooseStack, enterBackend, isLocal, onAws, stackCommand } from "./stack.ts";

main(async (report) => {
  const { values, positionals: files } = stackCommand({ json: { type: "boolean", default: false } });
  if (files.length === 0) throw new SetupError("usage: npm run predict -- IMAGE... [--json] [--stack STACK]");
  const pulumi = await enterBackend(isLocal(values.stack), report);
  const { name, outputs, aws } = await chooseStack(pulumi, values.stack, DEPLOY);
  const { endpointName } = outputs;
  if (typeof endpointName !== "string") {
    const first = isLocal(name) ? "npm run deploy" : `npm run deploy -- --stack ${name}`;
    throw new SetupError(`The stack ${name} serves no model yet: run \`${first}\` first.`);
  }
  const { s3, session } = aws();
  const client = runtimeClient(session);
  const permissions = `sagemaker:InvokeEndpoint on ${endpointName}`;
  const asked: Asked[] = [];
  for (const file of files) {
    const body = await contentOf(file, s3);
    const answer = await onAws(`Asking ${endpointName}`, permissions, () =>
      invoke(client, endpointName, body, contentTypeOf(file)),
    );
    asked.push({ file, ...readAnswer(answer) });
  }
  process.stdout.write(`${values.json ? JSON.stringify(asked, null, 2) : tableOf(asked)}\n`);
  for (const { file, error } of asked) if (error) report(`${file}: ${error}`);
  return asked.some(({ error }) => error !== undefined) ? 1 : 0;
});

async function contentOf(file: string, s3: S3Client): Promise<Uint8Array> {
  if (file.startsWith("s3://")) {
    const { bucket: Bucket, key: Key } = splitS3Uri(file);
    const { Body } = await onAws(`Fetching ${file}`, `s3:GetObject on ${file}`, () =>
      s3.send(new GetObjectCommand({ Bucket, Key })),
    );
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }
  try {
    // From where npm was called, not from the project.
    return await readFile(path.resolve(process.env.INIT_CWD ?? ".", file));
  } catch (error) {
    throw new SetupError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
