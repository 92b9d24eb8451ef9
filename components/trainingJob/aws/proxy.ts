import type { Agent, AgentOptions } from "node:https";
import { BlockList, isIP } from "node:net";

/** Proxies as the AWS provider takes them: the configuration first, then the environment. */
export interface Proxies {
  http?: string;
  https?: string;
  /** Hosts that are called directly, separated by commas. */
  no?: string;
}

/** The proxies that are in force. A proxy for http alone serves https too, as with the AWS provider. */
export function proxiesOf(settings: { httpProxy?: string; httpsProxy?: string; noProxy?: string }): Proxies {
  const environment = (name: string) => process.env[name] || process.env[name.toLowerCase()];
  const proxies = {
    http: settings.httpProxy ?? environment("HTTP_PROXY"),
    https: settings.httpsProxy ?? environment("HTTPS_PROXY") ?? settings.httpProxy,
    no: settings.noProxy || environment("NO_PROXY"),
  };
  return { ...proxies, http: proxyUrl(proxies.http), https: proxyUrl(proxies.https) };
}

function proxyUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = /^[a-z0-9+.-]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url)) throw new Error(`The proxy ${withoutPassword(text)} is not a URL.`);
  if (!/^https?:/i.test(url)) {
    const [scheme] = url.split(":");
    throw new Error(`A proxy that speaks ${scheme} cannot be followed: give one with http:// or https://.`);
  }
  return url;
}

const withoutPassword = (text: string): string => text.replace(/^.*@/, "***@");

/** The proxy by which to call a URL, or none. This machine is never called by one. */
export function proxyFor(url: URL, { http, https, no }: Proxies): string | undefined {
  const proxy = url.protocol === "https:" ? https : http;
  return proxy && !isLoopback(hostOf(url)) && !isExcepted(url, no) ? proxy : undefined;
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
const familyOf = (host: string) => (isIP(host) === 6 ? ("ipv6" as const) : ("ipv4" as const));

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

const isLoopback = (host: string): boolean =>
  host === "localhost" || (isIP(host) !== 0 && LOOPBACK.check(host, familyOf(host)));

/**
 * Entries are "*", an address, a range such as 10.0.0.0/8, a domain with those below it, or ".domain" for those below alone; each but
 * a range may end in a port. That is how Go, and so the AWS provider, reads NO_PROXY.
 */
function isExcepted(url: URL, no = ""): boolean {
  const host = hostOf(url);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const entries = no.split(",").map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => {
    if (entry === "*") return true;
    const [, address, bits] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
    if (address) return isInRange(host, address, Number(bits));
    const [, name, only] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
    if (!name || (only && only !== port)) return false;
    const domain = name.replace(/^\*?\./, ".");
    return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
  });
}

function isInRange(host: string, address: string, bits: number): boolean {
  if (isIP(host) === 0 || isIP(host) !== isIP(address) || bits > (isIP(host) === 6 ? 128 : 32)) return false;
  const range = new BlockList();
  range.addSubnet(address, bits, familyOf(address));
  return range.check(host, familyOf(host));
}

/** An agent that calls each host by its proxy, or directly. `tls` are the settings of the connections to AWS. */
export function proxyAgent(proxies: Proxies, tls: AgentOptions): Agent {
  const { Agent: AgentBase } = require("agent-base") as typeof import("agent-base");
  const options = { keepAlive: true, ...tls };
  const agents = new Map<string, InstanceType<typeof AgentBase>>();
  const through = (proxy: string, secure: boolean) => {
    const { HttpsProxyAgent } = require("https-proxy-agent") as typeof import("https-proxy-agent");
    const { HttpProxyAgent } = require("http-proxy-agent") as typeof import("http-proxy-agent");
    return secure ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options);
  };
  const http = require("node:http") as typeof import("node:http");
  const https = require("node:https") as typeof import("node:https");
  const direct = { http: new http.Agent(options), https: new https.Agent(options) };

  class ByHost extends AgentBase {
    async connect(_request: unknown, to: { secureEndpoint: boolean; host?: string; port?: number }) {
      const scheme = to.secureEndpoint ? "https" : "http";
      const host = isIP(to.host ?? "") === 6 ? `[${to.host}]` : to.host;
      const proxy = proxyFor(new URL(`${scheme}://${host}:${to.port}`), proxies);
      if (!proxy) return direct[scheme];
      const agent = agents.get(scheme) ?? through(proxy, to.secureEndpoint);
      agents.set(scheme, agent);
      return agent;
    }
  }
  return new ByHost(options) as unknown as Agent;
}
