/** What a resource type declares about itself; check.ts, diff.ts and refresh.ts do the rest from these declarations. */

import type { Aws } from "./aws.ts";
import type { Failure } from "./findings.ts";
import type { Values } from "./values.ts";

/**
 * How a property is validated and compared.
 * - `json`: a JSON document, as text or as an object; compared by meaning
 * - `map`: string to string, compared exactly
 * - `asset`: a Pulumi asset or archive, compared by its hash
 * - `block`: an object or a list of objects, of which AWS may report more than was asked for
 */
export type Kind = "string" | "number" | "boolean" | "json" | "map" | "asset" | "block";

/** One input property of a resource type. */
export interface Input {
  readonly kind: Kind;
  readonly required?: boolean;
  /** Set by check when the program gives no value. */
  readonly default?: unknown;
  /** AWS decides when the program gives no value: leaving it out, or a change of what AWS decided, is no difference. */
  readonly computed?: boolean;
  /** Whether a change needs a new resource; a function decides from the old and the new value. */
  readonly replaces?: boolean | ((old: unknown, next: unknown) => boolean);
  /** AWS keeps its own when the program leaves the block out: that is no difference either, but the preview knows the value. */
  readonly keptWhenLeftOut?: boolean;
  /** Only kept in the state (`forceDestroy`, a source file, ...): AWS cannot report it. */
  readonly stateOnly?: boolean;
  /** What the outputs say where there is no value: null unless given here. Many of the real provider's are "" or []. */
  readonly unset?: unknown;
  /** An input of the real provider that is not served here: reported as `unset`, and refused when a program gives it. */
  readonly unserved?: boolean;
  /** The longest value that check lets pass, in characters, and what it must look like. */
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** Of a `json` input: reported with `Version` before the other keys. Otherwise all keys are sorted. */
  readonly versionFirst?: boolean;
}

/** An input of the real provider that cannot be set here. AWS decides what it reports, or it reports `unset`. */
export function unserved(unset: unknown = null, more: Partial<Input> = {}): Input {
  return { kind: "block", computed: true, stateOnly: true, unserved: true, unset, ...more };
}

/** A property which gets a name of its own when the program gives none: `<resource name>-<7 hex digits>`. */
export interface AutoName {
  readonly property: string;
  /** The longest name that the real provider makes, in characters. A name that the program gives has limits of its own. */
  readonly maxLength?: number;
  readonly lowercase?: boolean;
  /** Use the resource name as it is, without the random suffix. */
  readonly plain?: boolean;
  /** The property from which the program may have the name made instead, when the resource is created. */
  readonly prefix?: string;
}

/** What an update has to do. */
export interface Change<I> {
  readonly olds: I;
  readonly news: I;
  /** Whether the property changed. Everything counts as changed when an earlier create stopped half way. */
  changed(...properties: (keyof I)[]): boolean;
}

/** A resource type: `I` are its checked inputs. */
export interface ResourceType<I = Values> {
  /** Type token, as in @pulumi/aws. */
  readonly token: string;
  readonly inputs: Readonly<Record<keyof I & string, Input>>;
  /** Outputs that only AWS can tell: unknown while a create is previewed. */
  readonly outputs: readonly string[];
  /** A replacement is created after the old one is deleted, whatever it is called. */
  readonly deleteBeforeReplace?: boolean;
  /** The real one is built on Terraform's plugin framework, which leaves out what has no value where others say null. */
  readonly framework?: boolean;
  /** Outputs that a change of the given inputs makes unknown while an update is previewed. */
  readonly volatile?: { readonly outputs: readonly string[]; readonly on: readonly (keyof I)[] };
  readonly autoName?: AutoName;
  /** Global types (IAM) have no `region` property. */
  readonly global?: boolean;
  /** Rules across properties, over and above the declarations. */
  check?(inputs: Partial<I>): Failure[];
  /** Makes the resource with one call and returns its id. What is still to set is set by `configure`. */
  create(aws: Aws, inputs: I): Promise<string>;
  /** What the creating call could not set. When it fails, the resource stays in the state, and the next `up` goes on here. */
  configure?(aws: Aws, id: string, inputs: I): Promise<void>;
  /** All properties as they are in AWS, inputs and outputs; undefined when the resource is gone. `state`: as last recorded. */
  read(aws: Aws, id: string, state: Partial<I>): Promise<Values | undefined>;
  update?(aws: Aws, id: string, change: Change<I>): Promise<void>;
  /** Deletes the resource; that it is gone already is no error. */
  delete(aws: Aws, id: string, state: I): Promise<void>;
}

/** Types the functions of a resource type by its inputs, and forgets them for the registry. */
export function defineResource<I extends object>(type: ResourceType<I>): ResourceType {
  return type as unknown as ResourceType;
}

const regionInput: Input = { kind: "string", computed: true, replaces: true };

/** The resource's tags and the provider's default tags together: check fills them in. */
const allTagsInput: Input = { kind: "map", computed: true, unset: {} };

/** The declared inputs by name, with those of every type: `region` where there are regions, `tagsAll` where there are tags. */
export function inputsOf(type: ResourceType): Record<string, Input> {
  return {
    ...type.inputs,
    ...(isTagged(type) && { tagsAll: allTagsInput }),
    ...(!type.global && { region: regionInput }),
  };
}

/** Whether the resource type has tags. */
export function isTagged(type: ResourceType): boolean {
  return "tags" in type.inputs;
}
