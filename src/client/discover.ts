import { isObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Version } from "../ocpi/versions.ts";
import type { PartnerEndpoint } from "../ports/partners.ts";
import { type CallResult, type ExchangePorts, exchange, type TokenEncoding } from "./exchange.ts";
import { checkUrl, hostOf, type UrlRules } from "./url-rules.ts";

/** Part of a registration at a partner, as the operator is told. */
export type Step = "versions" | "version_details" | "credentials";

/** Why a partner could not be registered with, or called back: the step, and what it answered. */
export interface StepFailure {
  step: Step;
  /** What OCPI calls it: 3001 (`unusable`), 3002 (`no_version`), 3003 (`no_endpoints`). */
  why: "unusable" | "no_version" | "no_endpoints";
  message: string;
  http: number | null;
  code: number | null;
  /** What the partner answered, secrets hidden. */
  answer: string | null;
  /** The request was sent and no answer could be read: it may have been done. */
  uncertain: boolean;
}

/** What is needed to find a partner's endpoints. */
export interface DiscoveryRequest {
  /** Partner id, for the journal. */
  partner: string;
  versionsUrl: string;
  token: string;
  /** Ways to write the token, the likeliest first; a second is tried once when the first is answered by 401. */
  encodings: readonly TokenEncoding[];
  /** The way to try first once the version is known; null: the one that worked for the list of versions. */
  preferred(version: Version): TokenEncoding | null;
  /** The newest version accepted here that the partner has is taken. */
  accepts: readonly Version[];
  /** Hosts beside the versions URL's that may be called. */
  allowHosts: readonly string[];
  rules: UrlRules;
  /** For each request; default 30 s. */
  timeoutMs?: number;
  correlationId?: string | undefined;
}

/** Where a partner is, in one version. */
export interface Discovery {
  version: Version;
  endpoints: PartnerEndpoint[];
  /** The way of writing the token that the partner understood. */
  encoding: TokenEncoding;
  /** All that was listed, and not taken, is in here for people: unreadable or forbidden URLs. */
  ignored: string[];
}

/**
 * GET versions, choice of the newest version in common, GET its details. Nothing is stored.
 * Spec: all version_information_endpoint; credentials, Registration.
 */
export async function discover(
  ports: ExchangePorts,
  request: DiscoveryRequest,
): Promise<Result<Discovery, StepFailure>> {
  const verdict = checkUrl(request.versionsUrl, request.rules);
  if (!verdict.ok) return err(failure("versions", `The versions URL may not be called: ${verdict.message}`));
  const list = await getVersions(ports, request);
  if (!list.ok) return list;
  const { offered, answer, refused } = list.value;
  const version = chooseVersion(request.accepts, [...offered.keys()]);
  if (!version)
    return err({ ...told("versions", noVersion(request.accepts, [...offered.keys()]), answer), why: "no_version" });

  const detailsUrl = URL.parse(offered.get(version.number) ?? "", answer.url ?? request.versionsUrl)?.href ?? "";
  const usual = request.preferred(version);
  const isOpen = usual !== null && request.encodings.includes(usual) && !refused.includes(usual);
  let encoding = isOpen ? usual : list.value.encoding;
  let details = await get(ports, request, "version_details", detailsUrl, encoding);
  if (!details.ok && details.error.http === 401 && encoding !== list.value.encoding) {
    encoding = list.value.encoding;
    details = await get(ports, request, "version_details", detailsUrl, encoding);
  }
  if (!details.ok) return details;
  const data = details.value.data;
  if (!isObject(data) || !Array.isArray(data.endpoints)) {
    return err(told("version_details", "The answer holds no list of endpoints", details.value));
  }
  const { endpoints, ignored } = readEndpoints(data.endpoints, version, detailsUrl, request.rules);
  const missing = missingEndpoints(version, endpoints);
  if (missing !== null) {
    const because = ignored.length === 0 ? "" : `; not taken: ${ignored.join(", ")}`;
    return err({ ...told("version_details", missing + because, details.value), why: "no_endpoints" });
  }
  return ok({ version, endpoints, encoding, ignored });
}

/** The newest of the accepted versions that is offered. Version numbers nobody here knows are passed over. */
export function chooseVersion(accepts: readonly Version[], offered: readonly string[]): Version | undefined {
  return accepts.filter((version) => offered.includes(version.number)).at(-1);
}

/** What is missing to work with a partner, as text; null: nothing. Without one module in common there is nothing to trade. */
export function missingEndpoints(version: Version, endpoints: readonly PartnerEndpoint[]): string | null {
  const names = endpoints.map((endpoint) => endpoint.identifier.toLowerCase());
  if (!names.includes("credentials")) return "There is no credentials endpoint";
  const known = new Set(version.endpoints.filter((row) => row.role !== null).map((row) => row.module));
  if (!names.some((name) => known.has(name))) return `There is no endpoint of ${[...known].join(", ")}`;
  return null;
}

interface VersionList {
  offered: Map<string, string>;
  encoding: TokenEncoding;
  /** Encodings that were answered by 401. */
  refused: TokenEncoding[];
  answer: CallResult;
}

async function getVersions(ports: ExchangePorts, request: DiscoveryRequest): Promise<Result<VersionList, StepFailure>> {
  let last: Result<CallResult, StepFailure> = err(failure("versions", "There is no token encoding to try"));
  for (const url of spellings(request.versionsUrl)) {
    const refused: TokenEncoding[] = [];
    for (const encoding of request.encodings) {
      last = await get(ports, request, "versions", url, encoding);
      if (last.ok) {
        const offered = readVersions(last.value.data);
        if (!offered) return err(told("versions", "The answer holds no list of versions", last.value));
        return ok({ offered, encoding, refused, answer: last.value });
      }
      if (last.error.http !== 401) break;
      refused.push(encoding);
    }
    if (last.ok || last.error.http !== 404) break;
  }
  return last.ok ? err(failure("versions", "No answer")) : last;
}

/** The URL as it was given, then with the slash at its end taken off or put on: people copy it either way. */
function spellings(url: string): string[] {
  if (url.includes("?") || url.includes("#")) return [url];
  return [url, url.endsWith("/") ? url.replace(/\/+$/, "") : `${url}/`];
}

async function get(
  ports: ExchangePorts,
  request: DiscoveryRequest,
  step: Step,
  url: string,
  encoding: TokenEncoding,
): Promise<Result<CallResult, StepFailure>> {
  const verdict = checkUrl(url, request.rules);
  if (!verdict.ok)
    return err(failure(step, `${url === "" ? "A URL that is none" : url} may not be called: ${verdict.message}`));
  const result = await exchange(ports, {
    partner: request.partner,
    module: step,
    method: "GET",
    url,
    token: request.token,
    encoding,
    allowHosts: [hostOf(request.versionsUrl) ?? "", ...request.allowHosts],
    correlationId: request.correlationId,
    timeoutMs: request.timeoutMs,
  });
  // Some platforms leave status_code out of these two answers, or put the list in place of the envelope's data.
  const isReadable =
    result.outcome === "ok" || (result.code === null && result.http === 200 && result.data !== undefined);
  return isReadable ? ok(result) : err(told(step, result.message ?? result.outcome, result));
}

/** URLs by version number, of versions nobody here knows too; null: there is no list. */
function readVersions(data: JsonValue | undefined): Map<string, string> | null {
  if (!Array.isArray(data)) return null;
  const offered = new Map<string, string>();
  for (const entry of data) {
    if (!isObject(entry) || typeof entry.version !== "string" || typeof entry.url !== "string") continue;
    const number = entry.version.trim();
    if (!offered.has(number)) offered.set(number, entry.url.trim());
  }
  return offered;
}

interface Endpoints {
  endpoints: PartnerEndpoint[];
  ignored: string[];
}

// A module may be listed twice, once per interface role; one bad entry does not spoil the others.
function readEndpoints(listed: JsonValue[], version: Version, base: string, rules: UrlRules): Endpoints {
  const found = new Map<string, PartnerEndpoint>();
  const ignored: string[] = [];
  for (const entry of listed) {
    if (!isObject(entry) || typeof entry.identifier !== "string" || typeof entry.url !== "string") continue;
    const identifier = entry.identifier.trim();
    const url = URL.canParse(entry.url) ? entry.url : (URL.parse(entry.url, base)?.href ?? entry.url);
    const verdict = checkUrl(url, rules);
    if (!verdict.ok) {
      ignored.push(`${identifier} (${verdict.message})`);
      continue;
    }
    const said = typeof entry.role === "string" ? entry.role.toUpperCase() : "";
    const role = version.dialect.interfaceRoles && (said === "SENDER" || said === "RECEIVER") ? said : null;
    const key = `${identifier.toLowerCase()} ${identifier.toLowerCase() === "credentials" ? "" : role}`;
    if (!found.has(key)) found.set(key, { identifier, role, url });
  }
  return { endpoints: [...found.values()], ignored };
}

function noVersion(accepts: readonly Version[], offered: readonly string[]): string {
  const names = (list: readonly string[]) => (list.length === 0 ? "none" : list.slice(0, 20).join(", "));
  return `No version in common: offered ${names(offered)}, accepted ${names(accepts.map((version) => version.number))}`;
}

function failure(step: Step, message: string): StepFailure {
  return { step, why: "unusable", message, http: null, code: null, answer: null, uncertain: false };
}

/** A failure with what the partner answered. */
export function told(step: Step, message: string, result: CallResult): StepFailure {
  return {
    step,
    why: "unusable",
    message,
    http: result.http,
    code: result.code,
    answer: result.answer,
    uncertain: false,
  };
}
