import { randomUUID } from "node:crypto";
import { type Context, currentPeer, encodingFor, judge, report } from "./context.ts";
import { dress } from "./faults.ts";
import { encodeToken, judgeAnswerHeaders, routingHeaders } from "./headers.ts";
import { findOperation } from "./operations.ts";
import type { Answer, Headers, PartyId, Peer } from "./types.ts";
import { atLeast, CONFIGURATION_MODULES, type RoleName, type Side, serves, type Version } from "./versions.ts";
import { exchange } from "./wire.ts";

/** What a request to the peer may carry besides its body. */
export interface CallOptions {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  /** Replace or add headers; an undefined one is taken out. */
  headers?: Record<string, string | undefined>;
  /** Another token than the one of the connection. */
  token?: string;
  /** The addressed party; null leaves the header out (open routing). */
  to?: PartyId | null;
  from?: PartyId;
}

/** A call with all that is needed to send it and to judge its answer. */
export interface Call extends CallOptions {
  method: string;
  url: string;
  version: Version;
  module: string;
  /** The side of the module at the peer, for the choice of parties. */
  side?: Side;
  /** Type of `data` in a good answer; `-` for none. */
  answerType?: string;
  bodyType?: string;
}

/** The endpoint of a peer's module; throws when the peer does not list it. */
export function endpointOf(peer: Peer, module: string, side: Side): string {
  const found = peer.endpoints.find(
    ({ identifier, role }) =>
      identifier === module && (module === "credentials" || !atLeast(peer.version, "2.2") || role === side),
  );
  if (!found) throw new Error(`the peer lists no ${module} ${side} in ${peer.version}`);
  return found.url;
}

/** A path appended to an endpoint URL with exactly one slash between; segments are given decoded. */
export function join(url: string, segments: readonly string[]): string {
  return [url.replace(/\/$/, ""), ...segments.map(encodeURIComponent)].join("/");
}

function withQuery(url: string, query: CallOptions["query"] = {}): string {
  const parsed = new URL(url);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parsed.searchParams.set(name, String(value));
  }
  return Object.keys(query).length > 0 ? parsed.href : url;
}

/** The party of a list that serves a side of a module; the first when none is known to. */
function partyFor(parties: readonly (PartyId & { role?: string })[], version: Version, module: string, side: Side) {
  const fits = parties.find(({ role }) => role && serves(version, [role as RoleName], module, side));
  return fits ?? parties[0];
}

function judgeAnswer(context: Context, label: string, call: Call, sent: Headers, answer: Answer): void {
  judgeAnswerHeaders(context, label, call.version, call.module, sent, answer);
  const wrong = (pointer: string, message: string) =>
    report(context, label, "answer", [{ pointer, rule: "envelope", message }]);
  let envelope: unknown;
  try {
    envelope = JSON.parse(answer.raw);
  } catch {
    envelope = undefined;
  }
  if (typeof envelope !== "object" || envelope === null) {
    wrong("", `HTTP ${answer.http} without a JSON object`);
    return;
  }
  const { status_code, status_message, timestamp, data } = envelope as Record<string, unknown>;
  if (!Number.isInteger(status_code)) wrong("/status_code", "not an integer");
  if (status_message !== undefined && typeof status_message !== "string") wrong("/status_message", "not a string");
  judge(context, label, "answer", call.version, "Stamp", { timestamp });
  const good = Number(status_code) >= 1000 && Number(status_code) < 2000;
  if (good && call.answerType && call.answerType !== "-") {
    judge(context, label, "answer", call.version, call.answerType, data);
  }
}

/**
 * Sends a request to a peer with the headers of its version and judges the answer.
 * Rejects when there is no answer at all; any answer, a refusal too, is a result.
 */
export async function callPeer(context: Context, peer: Peer, call: Call): Promise<Answer> {
  const { version, module, method } = call;
  const headers: Record<string, string | undefined> = {
    accept: "application/json",
    authorization: `Token ${encodeToken(call.token ?? peer.tokenOut, encodingFor(context, version))}`,
  };
  if (call.body !== undefined) headers["content-type"] = "application/json";
  if (atLeast(version, "2.2")) {
    headers["x-request-id"] = randomUUID();
    headers["x-correlation-id"] = randomUUID();
    if (!CONFIGURATION_MODULES.includes(module)) {
      const side = call.side ?? "RECEIVER";
      const own = call.from ?? partyFor(context.roles, version, module, side === "SENDER" ? "RECEIVER" : "SENDER");
      const to = call.to === null ? undefined : (call.to ?? partyFor(peer.roles, version, module, side));
      Object.assign(headers, routingHeaders(own, to));
    }
  }
  for (const [name, value] of Object.entries(call.headers ?? {})) headers[name.toLowerCase()] = value;
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const sent: Headers = Object.fromEntries(given);
  const dressing = context.faults.dressing(module, method);
  const body = dress(dressing, version, call.bodyType?.replace(/[~?]$/, "") ?? "", call.body, context.faults.draw);
  const url = withQuery(call.url, call.query);
  const answer = await exchange(context, method, url, sent, body);
  judgeAnswer(context, `${method} ${url}`, call, sent, answer);
  return answer;
}

/** The connection in use; throws when there is none. */
export function connected(context: Context): Peer {
  const peer = currentPeer(context);
  if (!peer) throw new Error("this partner is not registered with anybody");
  return peer;
}

/**
 * Sends a request to a module of the connected peer, at the endpoint its version details named.
 *
 * @param side which interface of the peer; without meaning for 2.0 and 2.1.1
 * @param path segments after the endpoint URL, or one string with slashes, not encoded
 */
export function requestModule(
  context: Context,
  module: string,
  side: Side,
  method: string,
  path: string | readonly string[],
  options: CallOptions = {},
): Promise<Answer> {
  const peer = connected(context);
  const segments = typeof path === "string" ? path.split("/").filter(Boolean) : path;
  const match = findOperation(peer.version, module, side, method, segments);
  const operation = "operation" in match ? match.operation : undefined;
  const bodyType = operation?.body === "Command" ? segments[0] : operation?.body;
  return callPeer(context, peer, {
    ...options,
    method,
    url: join(endpointOf(peer, module, side), segments),
    version: peer.version,
    module,
    side,
    answerType: operation?.answer,
    bodyType,
  });
}
