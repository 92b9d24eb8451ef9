import { awsApi, awsClients } from "../aws/sdk";
import { awsSession } from "../aws/session";
import type { Clock } from "../engine/clock";
import type { MakeRegion } from "./region";
import { Watcher } from "./watcher";

/** AWS itself, by the clock that its watchers go by. */
export const awsRegion =
  (clock: Clock): MakeRegion =>
  (name, config) => {
    const session = awsSession(config, name);
    const clients = awsClients(session);
    const api = awsApi(clients);
    return {
      name: session.region,
      api,
      watcher: new Watcher(api, clock),
      cancellable: (signal) => awsApi(clients, signal),
    };
  };
