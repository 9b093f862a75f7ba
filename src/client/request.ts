import type { JsonObject, JsonValue } from "../lib/json.ts";
import type { Codec, DownContext, Loss } from "../ocpi/codec.ts";
import type { Endpoint, InterfaceRole } from "../ocpi/endpoints.ts";
import { isRouted, type PartyRef, type Routing } from "../ocpi/headers.ts";
import { hasInterface } from "../ocpi/interfaces.ts";
import { joinUrl, pathOf } from "../ocpi/urls.ts";
import { codecOf as codecNamed, newest, type Version, versionByNumber } from "../ocpi/versions.ts";
import type { Partner, PartnerEndpoint } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { type CallResult, exchange, notSent } from "./exchange.ts";
import { hostOf } from "./url-rules.ts";

export type { CallOutcome, CallResult } from "./exchange.ts";

/** One request to a registered partner: a row of the endpoint table, and what fills it. */
export interface Call {
  /** Row of the partner's interface: of its RECEIVER when we push, of its SENDER when we ask. */
  row: Endpoint;
  /** Path parameters of the row, plain. */
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** Model object of the row's kind, brought down to the partner's version here. */
  body?: JsonObject;
  context?: Partial<DownContext>;
  /** Or the body as it is sent, already in the partner's version, with the losses of getting there. */
  wire?: JsonValue;
  losses?: Loss[];
  /** Routing headers, where the version has them. Absent: our first party, and the partner's first, whose roles fit the module. */
  from?: PartyRef;
  to?: PartyRef;
  /** Absent: a new one. */
  correlationId?: string;
  /** Default 30 s. */
  timeoutMs?: number;
  /** A URL the partner named (`Link`, `response_url`, a CDR's URL): called verbatim instead of endpoint and path. */
  url?: string;
}

export type CallPorts = Pick<Ports, "clock" | "ids" | "secrets" | "fetcher" | "journal" | "parties">;

/**
 * Sends one request to a partner: URL from the endpoint it told us and the row's path, its token in the encoding it
 * understands, the body in its version. Never throws: whatever came of it is in the result and in the journal.
 */
export async function callPartner(ports: CallPorts, partner: Partner, call: Call): Promise<CallResult> {
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  if (!version) return notSent("The partner has not registered");
  const target = targetOf(partner, call);
  if (!target.ok) return notSent(target.message);
  const body = bodyOf(version, call);
  if (!body.ok) return notSent(body.message, target.url);
  const token = await tokenOf(ports, partner);
  if (token === null)
    return notSent("There is no token for the partner, or it cannot be opened with this MASTER_KEY", target.url);
  const routing = version.dialect.routingHeaders ? await routingOf(ports, partner, call) : null;
  return exchange(ports, {
    partner: partner.id,
    module: call.row.module,
    method: call.row.method,
    url: target.url,
    token,
    encoding: partner.token_encoding,
    allowHosts: allowedHosts(partner),
    wire: body.wire,
    losses: body.losses,
    ...(routing === null ? {} : { routing }),
    correlationId: call.correlationId,
    timeoutMs: call.timeoutMs,
  });
}

/**
 * Hosts (`name`, or `name:port` when not the default) the gateway may call for this partner: of its versions URL, of its endpoints,
 * and those the operator added. Contract: OCPI side.
 */
export function allowedHosts(partner: Pick<Partner, "versions_url" | "endpoints" | "settings">): string[] {
  const urls = [partner.versions_url, ...partner.endpoints.map((endpoint) => endpoint.url)];
  const own = urls.map(hostOf).filter((host) => host !== null);
  return [...new Set([...own, ...(partner.settings.allow_hosts ?? []).map((host) => host.toLowerCase())])];
}

/** Where a partner has an interface of a module; null: it has none. Below 2.2 an endpoint has no role and is for both. */
export function endpointOf(
  partner: Pick<Partner, "endpoints">,
  module: string,
  role: InterfaceRole | null,
): PartnerEndpoint | null {
  const named = partner.endpoints.filter((endpoint) => endpoint.identifier.toLowerCase() === module.toLowerCase());
  return named.find((endpoint) => role === null || !endpoint.role || endpoint.role === role) ?? null;
}

type Target = { ok: true; url: string } | { ok: false; message: string };

function targetOf(partner: Partner, call: Call): Target {
  const query = new URLSearchParams(call.query).toString();
  const withQuery = (url: string) => (query === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${query}`);
  if (call.url !== undefined) return { ok: true, url: withQuery(call.url) };
  const { module, role } = call.row;
  const endpoint = endpointOf(partner, module, role);
  if (!endpoint)
    return { ok: false, message: `The partner has no ${[module, role].filter(Boolean).join(" ")} endpoint` };
  try {
    return { ok: true, url: withQuery(joinUrl(endpoint.url, pathOf(call.row, call.params ?? {}))) };
  } catch (error) {
    // An id such as `..` cannot be written in a URL at all.
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

type Body = { ok: true; wire: JsonValue | undefined; losses: Loss[] } | { ok: false; message: string };

function bodyOf(version: Version, call: Call): Body {
  if (call.body === undefined) return { ok: true, wire: call.wire, losses: call.losses ?? [] };
  const codec = codecNamed(version, call.row.kind) as Codec | undefined;
  if (!codec) return { ok: false, message: `The partner's version has no ${call.row.kind}` };
  const down = codec.down(call.body as Parameters<Codec["down"]>[0], { origin: newest.number, ...call.context });
  if (down.refused) {
    return {
      ok: false,
      message: `It cannot be said in the partner's version: ${down.refused.pointer || "/"} ${down.refused.reason}`,
    };
  }
  return { ok: true, wire: down.wire, losses: down.losses };
}

/** The token we present to a partner, in clear; null: none, or sealed with another key. */
export async function tokenOf(ports: Pick<Ports, "secrets">, partner: Partner): Promise<string | null> {
  if (partner.outbound_token === null) return null;
  return ports.secrets.open(partner.outbound_token, partner.id).catch(() => null);
}

/** Who the request is from and to; null on modules that are never routed. Spec: 2.2.1 transport_and_format, Message Routing Headers. */
async function routingOf(ports: Pick<Ports, "parties">, partner: Partner, call: Call): Promise<Routing | null> {
  const { module, role } = call.row;
  if (role === null || !isRouted(call.row)) return null;
  const theirs = partner.roles.find((it) => hasInterface([it.role], module, role)) ?? partner.roles[0];
  return { to: call.to ?? refTo(theirs), from: call.from ?? refTo(await speakerOf(ports, partner, module, role)) };
}

async function speakerOf(ports: Pick<Ports, "parties">, partner: Partner, module: string, role: InterfaceRole) {
  const shared = partner.settings.share?.parties;
  const all = await ports.parties.list();
  const parties = all.filter((it) => !shared || shared.includes(`${it.country_code}*${it.party_id}`));
  const opposite = role === "SENDER" ? "RECEIVER" : "SENDER";
  return parties.find((it) => hasInterface(it.roles, module, opposite)) ?? parties[0];
}

function refTo(party: PartyRef | undefined): PartyRef | null {
  return party ? { country_code: party.country_code, party_id: party.party_id } : null;
}
