import { z } from "zod";
import { DEPLOY } from "../../local/stack.ts";
import { ask } from "../stack";

/** A state holds null for what there is none of, NaN included. */
const text = z.string().optional().catch(undefined);
const outputs = z.object({
  endpointName: z.string(),
  modelInService: z.object({
    artifact: text,
    image: text,
    trainingJobName: text,
    metrics: z.record(z.string(), z.unknown()).transform(numbersOf).optional().catch(undefined),
  }),
});

function numbersOf(values: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** A deploy stack and what it serves. */
export interface Service extends z.infer<typeof outputs> {
  stack: string;
}

/**
 * What the stacks of deploy/ serve, each the model of the training stack of its name: all that the backend has, or those named. A stack that
 * serves nothing is left out.
 * `pulumi`: what enterBackend returned.
 */
export async function servicesOf(pulumi: string, named: string[], asked = ask): Promise<Service[]> {
  const next = "log in with `pulumi login`";
  const askDeploy = <T>(...args: string[]) => asked<T>(pulumi, args, next, DEPLOY.dir);
  const listed = await askDeploy<{ name: string }[]>("stack", "ls", "--json");
  const wanted = listed.filter(({ name }) => named.length === 0 || named.includes(name));
  const services: Service[] = [];
  for (const { name } of wanted) {
    const read = outputs.safeParse(await askDeploy("stack", "output", "--json", "--stack", name));
    if (read.success) services.push({ stack: name, ...read.data });
  }
  return services;
}
