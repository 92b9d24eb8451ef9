import { z } from "zod";
import { ask } from "../stack";

/** The project of deploy/, whose stacks serve the models of this project's stacks of the same names. */
const PROJECT = "training-deploy";

const outputs = z.object({
  endpointName: z.string(),
  modelInService: z.object({
    artifact: z.string().optional(),
    image: z.string().optional(),
    trainingJobName: z.string().optional(),
    metrics: z.record(z.string(), z.number()).optional(),
  }),
});

/** A deploy stack and what it serves. */
export interface Service extends z.infer<typeof outputs> {
  stack: string;
}

/**
 * What the deploy stacks of the backend serve: all of them, or those named like the stacks given. A stack that serves nothing is left out.
 * `pulumi`: what enterBackend returned.
 */
export async function servicesOf(pulumi: string, named: string[], asked = ask): Promise<Service[]> {
  const next = "log in with `pulumi login`";
  const listed = await asked<{ name: string }[]>(
    pulumi,
    ["stack", "ls", "--project", PROJECT, "--json"],
    next,
  );
  const wanted = listed.filter(({ name }) => named.length === 0 || named.includes(shortOf(name)));
  const services: Service[] = [];
  for (const { name } of wanted) {
    const read = outputs.safeParse(await asked(pulumi, ["stack", "output", "--json", "--stack", name], next));
    if (read.success) services.push({ stack: shortOf(name), ...read.data });
  }
  return services;
}

/** Of another project's stack the backend tells the full name: `organization/training-deploy/dev`. */
const shortOf = (name: string): string => name.split("/").at(-1) ?? name;
