// `npm run artifact -- [--out DIR] [--stack NAME]`: fetches the stack's model artifact and unpacks it.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import * as tar from "tar";
import { splitS3Uri } from "../components/trainingJob/args/s3Uri.ts";
import { main } from "../local/main.ts";
import { SetupError } from "../local/setupError.ts";
import { chooseStack, enterBackend, isLocal, onAws, stackArguments } from "./stack.ts";

main(async (report) => {
  const values = stackArguments({ out: { type: "string", default: "model" } });
  const pulumi = await enterBackend(isLocal(values.stack), report);
  const { name, outputs, aws } = await chooseStack(pulumi, values.stack);
  const { modelArtifact, gate } = outputs;
  if (typeof modelArtifact !== "string") {
    const { reason } = (gate ?? {}) as { reason?: string };
    if (reason) throw new SetupError(`The stack ${name} has no model that passed its gate yet. ${reason}`);
    const first = isLocal(name) ? "npm start" : `pulumi up --stack ${name}`;
    throw new SetupError(`The stack ${name} has no model artifact yet: run \`${first}\` first.`);
  }
  // From where npm was called, not from the project.
  const out = path.resolve(process.env.INIT_CWD ?? ".", values.out);
  await mkdir(out, { recursive: true });
  const { bucket: Bucket, key: Key } = splitS3Uri(modelArtifact);
  const { Body } = await onAws(`Fetching ${modelArtifact}`, `s3:GetObject on ${modelArtifact}`, () =>
    aws().s3.send(new GetObjectCommand({ Bucket, Key })),
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
