// `npm run artifact -- [--out DIR] [--stack NAME]`: fetches the stack's model artifact and unpacks it.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { splitS3Uri } from "../components/trainingJob/args/s3Uri.ts";
import { printable } from "../components/trainingJob/state/printable.ts";
import { main } from "../local/main.ts";
import { SetupError } from "../local/setupError.ts";
import { placeOfOut, unpack } from "./output";
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
  const out = placeOfOut(values.out);
  const { bucket: Bucket, key: Key } = splitS3Uri(modelArtifact);
  const { Body } = await onAws(`Fetching ${modelArtifact}`, `s3:GetObject on ${modelArtifact}`, () =>
    aws().s3.send(new GetObjectCommand({ Bucket, Key })),
  );
  const files = await unpack(Body as NodeJS.ReadableStream, out);
  report(`${modelArtifact}\nunpacked to ${out}:`);
  for (const file of files) report(`  ${printable(file)}`);
  return 0;
});
