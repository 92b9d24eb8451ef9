import { createRequire } from "node:module";
import type { Server, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PolicyPack, type PolicyPackArgs } from "@pulumi/policy";
import { settingsOf } from "./settings";

/** What the engine sends to configure the pack: the content of the configuration file over the defaults of the rules. */
interface ConfigureCall {
  request: {
    getPolicyconfigMap(): {
      entries(): Iterable<[string, { getProperties(): { toJavaScript(): object } | undefined }]>;
    };
  };
}

/**
 * Starts a policy pack that refuses a configuration with rules or settings it does not have, before it looks at any
 * resource. The engine checks the values of settings and lets unknown names pass, and the policy SDK shows a rule no
 * more than its own settings: only the call in which the engine configures the pack has all of it.
 */
export function startPack(name: string, args: PolicyPackArgs): void {
  const { Server: SdkServer } = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js") as {
    Server: { prototype: Server };
  };
  const { addService } = SdkServer.prototype;
  SdkServer.prototype.addService = function (service: ServiceDefinition, handlers) {
    return addService.call(this, service, { ...handlers, configure: checked(handlers.configure, args) });
  };
  try {
    new PolicyPack(name, args);
  } finally {
    SdkServer.prototype.addService = addService;
  }
}

type Handler = UntypedServiceImplementation[string];

function checked(configure: Handler | undefined, { policies }: PolicyPackArgs): Handler {
  return (call: unknown, callback: (error: Error) => void) => {
    try {
      settingsOf(policies, configuration(call as ConfigureCall));
    } catch (error) {
      callback(error as Error);
      return;
    }
    (configure as (...args: unknown[]) => void)(call, callback);
  };
}

/** The configuration as in a file, without the levels, which the engine has checked. */
function configuration({ request }: ConfigureCall): Record<string, object> {
  const entries = [...request.getPolicyconfigMap().entries()];
  return Object.fromEntries(
    entries.map(([rule, config]) => [rule, config.getProperties()?.toJavaScript() ?? {}]),
  );
}
