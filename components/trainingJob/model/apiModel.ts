import generated from "./apiModel.generated.json";

/** One shape of the API, as botocore describes it. */
export interface Shape {
  type: "structure" | "list" | "map" | "string" | "integer" | "long" | "boolean" | "any";
  /** Least length of a string, list or map; least value of a number. */
  min?: number;
  max?: number;
  /** Regular expression that the whole string must match. */
  pattern?: string;
  enum?: string[];
  /** Whether nothing but the enum can ever be right. Those of the API grow, and this table is of one day. */
  closed?: boolean;
  required?: string[];
  /** Structure: name of each member's shape. */
  members?: Record<string, string>;
  /** List: name of the entries' shape. */
  member?: string;
  /** Map: names of the keys' and values' shapes. */
  key?: string;
  value?: string;
}

const shapes = generated.shapes as Record<string, Shape>;

/** Name of the shape of the whole request. */
export const ROOT = generated.root;

/** The API's shape of that name. */
export function apiShape(name: string): Shape {
  return shapes[name];
}

// The API writes HyperParameters; this resource, like the rest of the world, writes hyperparameters.
const IRREGULAR: Record<string, string> = {
  HyperParameters: "hyperparameters",
};

// Read-only members, told by the documentation: answers of DescribeTrainingJob that the request shape shares.
const READ_ONLY = new Set(["SelectedInstanceType", "SelectedInstanceCount"]);

/** The property that stands for a member of the API: `S3Uri` is `s3Uri`, `VolumeSizeInGB` is `volumeSizeInGB`. */
export function propertyOf(member: string): string {
  return IRREGULAR[member] ?? member[0].toLowerCase() + member.slice(1);
}

/** The properties of a structure: property name to member name. */
export function propertiesOf(structure: Shape): Map<string, string> {
  const members = Object.keys(structure.members ?? {}).filter((member) => !READ_ONLY.has(member));
  return new Map(members.map((member) => [propertyOf(member), member]));
}
