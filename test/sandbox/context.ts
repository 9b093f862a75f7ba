import { createFaults } from "./faults.ts";
import { createOwn, createStore, type Own, type Store } from "./objects.ts";
import type {
  InboundRequest,
  OcpiObject,
  OutboundRequest,
  PartnerOptions,
  PartyRole,
  Peer,
  ReceivedCommand,
  ReceivedResult,
  Settings,
  TokenEncoding,
  Violation,
} from "./types.ts";
import { type Fault, validate } from "./validate.ts";
import { atLeast, type Side, serves, type Version } from "./versions.ts";

/** Everything one partner knows; shared by what serves and what sends, not for tests. */
export interface Context {
  options: PartnerOptions;
  versions: readonly Version[];
  roles: readonly PartyRole[];
  /** `http://host:port`, once it listens. */
  origin: string;
  /** First path segments of every endpoint but the versions URL; changes when endpoints move. */
  base: string;
  peers: Peer[];
  /** Tokens A that were handed out and not used up. */
  invites: Set<string>;
  requests: InboundRequest[];
  sent: OutboundRequest[];
  violations: Violation[];
  commands: ReceivedCommand[];
  results: ReceivedResult[];
  /** response_urls that were handed out: last segment to whether the direct answer was ACCEPTED. */
  awaited: Map<string, { accepted?: boolean }>;
  /** URLs the peer gave for CDRs, by CDR id. */
  cdrUrls: Map<string, string>;
  store: Store;
  settings: Settings;
  faults: ReturnType<typeof createFaults>;
  ownOf(version: Version): Own;
  /** Tells everybody who waits that something happened. */
  changed(): void;
  onChange(listener: () => void): () => void;
}

/** A context as `startPartner` options ask for it. */
export function createContext(options: PartnerOptions): Context {
  const owned = new Map<Version, Own>();
  const listeners = new Set<() => void>();
  return {
    options,
    versions: options.versions ?? [options.version],
    roles: options.roles ?? [{ role: "CPO", country_code: "NL", party_id: "TNM" }],
    origin: "",
    base: "/ocpi",
    peers: [],
    invites: new Set(),
    requests: [],
    sent: [],
    violations: [],
    commands: [],
    results: [],
    awaited: new Map(),
    cdrUrls: new Map(),
    store: createStore(),
    settings: { maxLimit: 50, links: "offset", foreignParties: "accept", bareCommands: false },
    faults: createFaults(),
    ownOf(version) {
      const own = owned.get(version) ?? createOwn(version);
      owned.set(version, own);
      return own;
    },
    changed() {
      for (const listener of [...listeners]) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The connection the partner uses: the newest that is registered. */
export function currentPeer(context: Context): Peer | undefined {
  return context.peers.findLast(({ registered }) => registered);
}

/** Writes faults of one body down as violations. */
export function report(context: Context, request: string, where: Violation["where"], faults: readonly Fault[]): void {
  for (const fault of faults) context.violations.push({ request, where, ...fault });
}

/** Validates a body and writes its faults down; answers whether it was without fault. */
export function judge(
  context: Context,
  request: string,
  where: Violation["where"],
  version: Version,
  type: string,
  value: unknown,
): boolean {
  const partial = type.endsWith("~");
  const faults = validate(version, type.replace(/[~?]$/, ""), value, partial);
  report(context, request, where, faults);
  return faults.length === 0;
}

/** A moment as every version understands it: no fractions. */
export function now(date = new Date()): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** How this partner writes its token for a version. */
export function encodingFor(context: Context, version: Version): TokenEncoding {
  return context.options.tokenEncoding ?? (atLeast(version, "2.2") ? "base64" : "raw");
}

/** The endpoint URL of an own module. */
export function ownUrl(context: Context, version: Version, module: string, side: Side): string {
  const middle = atLeast(version, "2.2") && module !== "credentials" ? `/${side === "SENDER" ? "s" : "r"}` : "";
  const slash = context.options.trailingSlash ? "/" : "";
  return `${context.origin}${context.base}/${version}${middle}/${module}${slash}`;
}

/** The own modules of a version, after what the options leave out. */
export function offered(context: Context, version: Version, module: string, side: Side): boolean {
  if (context.options.modules && !context.options.modules.includes(module)) return false;
  const roles = context.roles.map(({ role }) => role);
  return serves(version, roles, module, side);
}

/** The credentials object this partner sends, carrying `token`. */
export function credentials(context: Context, version: Version, token: string): OcpiObject {
  const url = `${context.origin}/ocpi/versions`;
  const parties = context.roles.map((role) => ({
    ...role,
    business_details: role.business_details ?? { name: `Sandbox ${role.role} ${role.party_id}` },
  }));
  if (!atLeast(version, "2.2")) {
    const [{ country_code, party_id, business_details }] = parties as [(typeof parties)[0]];
    return { token, url, business_details, party_id, country_code };
  }
  const hub = parties.find(({ role }) => role === "HUB");
  if (version !== "2.3.0" || !hub) return { token, url, roles: parties };
  // 2.3.0 has no role HUB: its roles are the parties reached through it, and a hub alone stands there as OTHER.
  const reached = parties.filter((party) => party !== hub);
  const roles = reached.length > 0 ? reached : [{ ...hub, role: "OTHER" }];
  return { token, url, hub_party_id: `${hub.country_code}${hub.party_id}`, roles };
}
