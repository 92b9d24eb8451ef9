import { createRequire } from "node:module";
import type { Server, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PolicyPack, type PolicyPackArgs } from "@pulumi/policy";
import { grouped } from "./grouped";
import { settingsOf } from "./settings";

/** What the engine sends to configure the pack: the content of the configuration file over the defaults of the rules. */
interface ConfigureCall {
  request: {
    getPolicyconfigMap(): {
      entries(): Iterable<[string, RuleConfiguration]>;
    };
  };
}

interface RuleConfiguration {
  getProperties(): { toJavaScript(): object } | undefined;
  /** A number of the protocol; 0 is advisory. */
  getEnforcementlevel(): number;
}

/**
 * Starts a policy pack that refuses a configuration with rules or settings it does not have, before it looks at any
 * resource. The engine checks the values of settings and lets unknown names pass, and the policy SDK shows a rule no
 * more than its own settings: only the call in which the engine configures the pack has all of it. The same call says
 * which rules only warn; they are grouped.
 */
export function startPack(name: string, args: PolicyPackArgs): void {
  const { Server: SdkServer } = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js") as {
    Server: { prototype: Server };
  };
  const advisory = new Set<string>();
  const policies = args.policies.map((policy) => grouped(policy, () => advisory.has(policy.name)));
  const { addService } = SdkServer.prototype;
  SdkServer.prototype.addService = function (service: ServiceDefinition, handlers) {
    return addService.call(this, service, {
      ...handlers,
      configure: checked(handlers.configure, args, advisory),
    });
  };
  try {
    new PolicyPack(name, { ...args, policies });
  } finally {
    SdkServer.prototype.addService = addService;
  }
}

type Handler = UntypedServiceImplementation[string];

function checked(
  configure: Handler | undefined,
  { policies }: PolicyPackArgs,
  advisory: Set<string>,
): Handler {
  return (call: unknown, callback: (error: Error) => void) => {
    const entries = [...(call as ConfigureCall).request.getPolicyconfigMap().entries()];
    try {
      settingsOf(policies, configuration(entries));
    } catch (error) {
      callback(error as Error);
      return;
    }
    advisory.clear();
    for (const [rule, config] of entries) if (config.getEnforcementlevel() === 0) advisory.add(rule);
    (configure as (...args: unknown[]) => void)(call, callback);
  };
}

/** The configuration as in a file, without the levels, which the engine has checked. */
function configuration(entries: [string, RuleConfiguration][]): Record<string, object> {
  return Object.fromEntries(
    entries.map(([rule, config]) => [rule, config.getProperties()?.toJavaScript() ?? {}]),
  );
}
