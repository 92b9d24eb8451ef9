// `npm run artifact -- [--out DIR] [--stack NAME]`: fetches the stack's model artifact, and unpacks what is packed.
import { splitS3Uri } from "../components/trainingJob/args/s3Uri.ts";
import { printable } from "../components/trainingJob/state/printable.ts";
import { main } from "../local/main.ts";
import { SetupError } from "../local/setupError.ts";
import { fetchModel } from "./fetchModel";
import { placeOfOut } from "./output";
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
  const { bucket } = splitS3Uri(modelArtifact);
  const allowed = `s3:GetObject on ${modelArtifact}${modelArtifact.endsWith(".tar.gz") ? "" : ` and s3:ListBucket on ${bucket}`}`;
  const files = await onAws(`Fetching ${modelArtifact}`, allowed, () =>
    fetchModel(aws().s3, modelArtifact, out),
  );
  report(`${modelArtifact}\nfetched to ${out}:`);
  for (const file of files) report(`  ${printable(file)}`);
  return 0;
});
