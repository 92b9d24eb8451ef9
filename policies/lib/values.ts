import { Ajv } from "ajv";
import type { CheckValues } from "./settings";

const ajv = new Ajv({ allErrors: true, strict: false });

/** Says which settings have a value that the rule's JSON schema does not take, as the engine does for a pack. */
export const checkValues: CheckValues = ({ properties, required = [] }, config) => {
  ajv.validate({ type: "object", properties, required }, config);
  return (ajv.errors ?? []).map(({ instancePath, message, params }) => {
    const setting = instancePath.slice(1).replaceAll("/", ".");
    const allowed = params.allowedValues === undefined ? "" : `: ${params.allowedValues.join(", ")}`;
    return `${setting} ${message}${allowed}`.trim();
  });
};
