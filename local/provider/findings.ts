/** What check and diff say of a property. */

/** A property that check refuses, and why. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

export type ChangeKind = "add" | "delete" | "update";

export interface PropertyChange {
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}
