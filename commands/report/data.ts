import type { Ranking } from "../../components/leaderboard";
import type { Run } from "../compare/parameters";
import type { Confusion } from "./confusion";
import type { Service } from "./services";

/** Everything that the page tells. */
export interface ReportData {
  title: string;
  /** Where the runs were looked for: names of stacks and places of buckets. */
  places: string[];
  /** When the page was made. */
  now: Date;
  /** Whether the runs are of the local AWS: it has no console to link to, and its costs are what AWS would charge. */
  local: boolean;
  /** The best first. */
  runs: Run[];
  ranking?: Ranking;
  /** The first of the runs, where it is one to hand on. */
  best?: Run;
  /** Of the best run; or why there is none. */
  confusion: Confusion | string;
  /** What deploy stacks serve; undefined where no backend was asked. */
  services?: Service[];
}
