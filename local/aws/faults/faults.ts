import { type ApiFault, type Faults, faultsSchema, type JobFault, type SpreadingMessage } from "./schema.ts";

export type ApiError = ApiFault["errors"][number];

/** One call, as far as faults look at it. */
export interface ApiCall {
  /** Signing name. */
  service: string;
  /** SageMaker operation, undefined for other services. */
  operation?: string;
}

/** Decides which calls and jobs go wrong. Nothing does until told to. */
export class FaultInjector {
  private faults: Faults = faultsSchema.parse({});
  private random: () => number = Math.random;
  private readonly remaining = new Map<ApiFault, number>();
  private refusals = 0;
  private readonly capacityErrorsGiven = new Map<JobFault, number>();

  /** Replaces all faults. Throws a readable error for a body that does not fit the schema. */
  set(body: unknown): Faults {
    this.faults = faultsSchema.parse(body);
    this.random = this.faults.seed === undefined ? Math.random : mulberry32(this.faults.seed);
    this.remaining.clear();
    this.refusals = 0;
    this.capacityErrorsGiven.clear();
    for (const fault of this.faults.api) this.remaining.set(fault, fault.times ?? Number.POSITIVE_INFINITY);
    return this.faults;
  }

  get current(): Faults {
    return this.faults;
  }

  /** The wrong answer for this call, undefined for a right one. */
  forCall(call: ApiCall): ApiError | undefined {
    for (const fault of this.faults.api) {
      const left = this.remaining.get(fault) ?? 0;
      if (left <= 0 || !applies(fault, call) || this.random() >= fault.probability) continue;
      this.remaining.set(fault, left - 1);
      return fault.errors[Math.floor(this.random() * fault.errors.length)];
    }
    return undefined;
  }

  /** What is said of a role of that age in milliseconds, in turn; undefined once it has spread. */
  forRole(age: number): SpreadingMessage | undefined {
    const fault = this.faults.newRoles;
    if (!fault || age >= fault.seconds * 1000) return undefined;
    return fault.messages[this.refusals++ % fault.messages.length];
  }

  /** The first entry that fits the job's name. */
  forJob(name: string): JobFault | undefined {
    return this.faults.jobs.find((fault) => globToRegExp(fault.name).test(name));
  }

  /** Whether this job fails for lack of capacity; counts those that did. */
  takeCapacityError(name: string, purchase: "spot" | "on-demand"): boolean {
    const fault = this.forJob(name);
    if (!fault || (fault.capacityErrorsFor ?? purchase) !== purchase) return false;
    if (typeof fault.capacityErrors === "boolean") return fault.capacityErrors;
    const given = this.capacityErrorsGiven.get(fault) ?? 0;
    if (given >= fault.capacityErrors) return false;
    this.capacityErrorsGiven.set(fault, given + 1);
    return true;
  }
}

function applies(fault: ApiFault, call: ApiCall): boolean {
  if (!fault.services.includes(call.service)) return false;
  return fault.operations === undefined || fault.operations.includes(call.operation ?? "");
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`);
}

/** A small seeded generator of numbers from 0 to 1, good enough for tests that must repeat. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
