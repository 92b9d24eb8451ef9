// `npm run artifact -- [--out DIR] [--stack NAME]`: fetches the stack's model artifact and unpacks it.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import * as tar from "tar";
import { chooseStack, onAws, stackArguments } from "./chosenStack.ts";
import { main } from "./main.ts";
import { SetupError } from "./setupError.ts";

main(async (report) => {
  const values = stackArguments({ out: { type: "string", default: "model" } });
  const { name, outputs, clients } = await chooseStack(values.stack, report);
  const { modelArtifact } = outputs;
  if (typeof modelArtifact !== "string") {
    const first = name === "local" ? "npm start" : `pulumi up --stack ${name}`;
    throw new SetupError(`The stack ${name} has no model artifact yet: run \`${first}\` first.`);
  }
  // From where npm was called, not from the project.
  const out = path.resolve(process.env.INIT_CWD ?? ".", values.out);
  await mkdir(out, { recursive: true });
  const { host: Bucket, pathname } = new URL(modelArtifact);
  const Key = decodeURIComponent(pathname.slice(1));
  const { GetObjectCommand } = clients.s3();
  const { Body } = await onAws(`Fetching ${modelArtifact}`, `s3:GetObject on ${modelArtifact}`, () =>
    clients.s3Client().send(new GetObjectCommand({ Bucket, Key })),
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
