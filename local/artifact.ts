// `npm run artifact -- --out DIR`: fetches the stack's model artifact and unpacks it.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as tar from "tar";
import { main } from "./main.ts";
import { stackOutputs } from "./pulumi.ts";
import { SetupError } from "./setupError.ts";
import { ensureLocalStack } from "./stack.ts";

main(async (report) => {
  const { values } = parseArgs({ options: { out: { type: "string", default: "model" } } });
  const stack = await ensureLocalStack(report);
  const { modelArtifact } = await stackOutputs(stack);
  if (typeof modelArtifact !== "string") {
    throw new SetupError("The local stack has no model artifact yet: run `npm start` first.");
  }
  // From where npm was called, not from the project.
  const out = path.resolve(process.env.INIT_CWD ?? ".", values.out);
  await mkdir(out, { recursive: true });
  const { host: Bucket, pathname } = new URL(modelArtifact);
  const client = new S3Client({
    endpoint: stack.aws.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: stack.aws.credentials,
  });
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket, Key: decodeURIComponent(pathname.slice(1)) }),
  );
  const files: string[] = [];
  await pipeline(
    Body as NodeJS.ReadableStream,
    tar.extract({ cwd: out, onReadEntry: (entry) => files.push(entry.path) }),
  );
  report(`${modelArtifact}\nunpacked to ${out}:`);
  for (const file of files.sort()) report(`  ${file}`);
  return 0;
});
