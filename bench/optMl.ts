import { checkOptMl } from "../local/aws/training/process/optMl.ts";

/** Whether jobs can have /opt/ml on this machine, which ModelTrainer's own scripts need. */
export function canHaveOptMl(): boolean {
  try {
    checkOptMl();
    return true;
  } catch {
    return false; // no Linux, no mount namespaces, or no right to make /opt/ml
  }
}
