import assert from "node:assert/strict";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { definingChanges } from "../../../../components/trainingJob/identity/changes";
import { definitionOf } from "../../../../components/trainingJob/identity/definition";
import { type Inputs, inputsWith, UNKNOWN } from "./cases/builders";
import { validCompute } from "./cases/validCompute";
import { validData } from "./cases/validData";
import { validOther } from "./cases/validOther";
import { validScript } from "./cases/validScript";

const JUNK = [7, "x", true, null, UNKNOWN, [], [null], [7], [[]], {}, { a: 1 }];

describe("checkInputs with junk in any place", () => {
  for (const [title, change] of [...validCompute, ...validData, ...validScript, ...validOther]) {
    it(title, () => {
      const base = inputsWith(change);
      const { inputs } = checkInputs(base);
      for (const path of pathsIn(base)) {
        for (const junk of JUNK) {
          const checked = checkInputs(replaced(base, path, structuredClone(junk)) as Inputs);
          definitionOf(checked.inputs);
          definingChanges(inputs, checked.inputs);
          for (const { property, reason } of checked.failures) {
            assert.ok(property && reason, path.join("."));
            assert.doesNotMatch(
              property + reason,
              /undefined|\[object/,
              `${path.join(".")} = ${JSON.stringify(junk)}`,
            );
          }
        }
      }
    });
  }
});

type Path = (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value).slice(0, 3) : [];
  return inner.flatMap(([key, each]) => [[...path, key], ...pathsIn(each, [...path, key])]);
}

function replaced(target: unknown, [key, ...rest]: Path, value: unknown): unknown {
  const copy = (Array.isArray(target) ? [...target] : { ...(target as Inputs) }) as Inputs;
  copy[key] = rest.length === 0 ? value : replaced(copy[key], rest, value);
  return copy;
}
