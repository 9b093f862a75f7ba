import type { JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { HOP, MAX_HOPS, type MessageIds, type Routing, readMessageIds } from "../ocpi/headers.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Ports } from "../ports.ts";
import { type Answer, refused, success } from "./answer.ts";
import { admit, authenticate, type Caller, type CallerCache } from "./authenticate.ts";
import { parseBody, readBody } from "./body.ts";
import type { ModuleExchange, Refusal } from "./exchange.ts";
import { createGuard, type Guard, type Limiter, WAIT_SECONDS } from "./guard.ts";
import { operations } from "./operations.ts";
import { record } from "./record.ts";
import { respond } from "./respond.ts";
import { match, type Route } from "./router.ts";
import { readParties } from "./routing.ts";

/** What is learned of a request on its way, for the answer and for the journal; what is not yet known is null. */
export interface Passage {
  request: Request;
  url: URL;
  base: string;
  startedAt: number;
  ids: MessageIds;
  route: Route | null;
  caller: Caller | null;
  routing: Routing | null;
  /** Body as it came, when it was read. */
  text: string | null;
}

/**
 * The inbound side of OCPI, one for an isolate: it remembers who is behind a token. Whatever happens is answered with an
 * envelope; a bug is logged with its stack, answered 3000 and never shown.
 */
export function createServer(options: { limiter: Limiter }): (ports: Ports, request: Request) => Promise<Response> {
  const cache: CallerCache = new Map();
  const guard = createGuard(options.limiter);
  return async (ports, request) => {
    const passage = enter(ports, request);
    let answer: Answer;
    try {
      answer = await pass(ports, passage, cache, guard);
    } catch (bug) {
      const stack = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
      ports.log.write("error", "A bug in an OCPI request", {
        stack,
        request_id: passage.ids.requestId,
        module: passage.route?.row.module ?? null,
        operation: passage.route?.row.operation ?? null,
        partner: passage.caller?.partner.id ?? null,
      });
      answer = { http: 500, head: { code: 3000, message: "Internal error" } };
    }
    const { response, body } = respond(passage, answer, ports.clock.now());
    if (answer.http !== 429) record(ports, passage, answer, body);
    return response;
  };
}

function enter(ports: Ports, request: Request): Passage {
  const url = new URL(request.url);
  return {
    request,
    url,
    base: ports.config.publicUrl ?? url.origin,
    startedAt: ports.clock.now(),
    ids: readMessageIds(request.headers, () => ports.ids.uuid()),
    route: null,
    caller: null,
    routing: null,
    text: null,
  };
}

/** The way of a request: route, authenticate, limits, decode, operate. */
async function pass(ports: Ports, passage: Passage, cache: CallerCache, guard: Guard): Promise<Answer> {
  const { request, url } = passage;
  const found = match(request.method, url.pathname);
  if (found.kind === "unknown_path")
    return anonymous(passage, guard, { kind: "unknown_path", message: "No such path" });
  if (found.kind === "method_not_allowed") {
    if (request.method === "OPTIONS") return success(undefined, { headers: { Allow: found.allow.join(", ") } });
    return anonymous(passage, guard, { kind: "method_not_allowed", allow: found.allow });
  }
  passage.route = found.route;
  const { row } = found.route;
  // Operations on objects check the caller's epoch in their own statement; the others must not trust what is remembered.
  const usable = row.role === null ? null : cache;
  const authorization = request.headers.get("Authorization");
  const isKnown = authorization !== null && usable?.has(authorization);
  if (!isKnown && guard.isClosed(addressOf(request), passage.startedAt)) return refused(tooMany);

  let answer = await attempt(ports, passage, usable);
  if (!answer.ok && authorization !== null && (await isStale(ports, passage, answer.error, usable))) {
    cache.delete(authorization);
    answer = await attempt(ports, passage, usable);
  }
  if (answer.ok) return answer.value;
  const reason: Reason = answer.error === "stale" ? { kind: "unauthorized" } : answer.error;
  return reason.kind === "unauthorized" ? anonymous(passage, guard, reason) : refused(reason);
}

/**
 * Whether a refusal may be due to a partner that has changed since it was remembered: a statement said so, or it was
 * decided from the partner alone, without a statement that would have noticed.
 */
async function isStale(
  ports: Ports,
  { caller }: Passage,
  refusal: Refusal,
  cache: CallerCache | null,
): Promise<boolean> {
  if (refusal === "stale") return true;
  if (cache === null || caller === null || !["unknown_path", "unknown_object", "invalid"].includes(refusal.kind))
    return false;
  const current = await ports.partners.get(caller.partner.id);
  return current?.epoch !== caller.partner.epoch;
}

const tooMany: Reason = { kind: "rate_limited", retryAfterSeconds: WAIT_SECONDS };

/** Where a request came from, as the platform tells; null where it does not. */
function addressOf(request: Request): string | null {
  return request.headers.get("CF-Connecting-IP");
}

/** An answer to somebody we do not know, who is counted. */
async function anonymous({ request, startedAt }: Passage, guard: Guard, reason: Reason): Promise<Answer> {
  return refused((await guard.admits(addressOf(request), startedAt)) ? reason : tooMany);
}

async function attempt(ports: Ports, passage: Passage, cache: CallerCache | null): Promise<Result<Answer, Refusal>> {
  const { request, route } = passage;
  if (route === null) throw new Error("A request without a route");
  const known = await authenticate(ports, request.headers.get("Authorization"), cache);
  if (!known.ok) return known;
  passage.caller = known.value;
  const refusal = admit(known.value, route.row.role === null);
  if (refusal !== null) return err(refusal);

  if (Number(request.headers.get(HOP) ?? 0) > MAX_HOPS) {
    return err({ kind: "forbidden", message: "This message went through too many gateways" });
  }
  const parties = await readParties(ports, request.headers, route, known.value.partner);
  if (!parties.ok) return parties;
  passage.routing = parties.value;

  const body = await decode(ports, passage, route);
  if (!body.ok) return body;
  const { url, base, ids, startedAt: now } = passage;
  const exchange = { route, caller: known.value, url, base, ids, routing: parties.value, body: body.value, now };
  // Only the list of versions belongs to no version, and it does not look at it.
  return operations[route.row.operation](ports, exchange as ModuleExchange);
}

/** Modules whose bodies are never large: no object of anybody's is in them. Contract: OCPI side. */
const SMALL = new Set(["commands", "chargingprofiles"]);
const isSmall = ({ role, module }: Route["row"]): boolean => role === null || SMALL.has(module);

async function decode(ports: Ports, passage: Passage, { row }: Route): Promise<Result<JsonValue | undefined, Reason>> {
  if (row.request === "none") return ok(undefined);
  if (passage.text === null) {
    const { objects, small } = ports.config.bodyLimits;
    const read = await readBody(passage.request, isSmall(row) ? small : objects);
    if (!read.ok) return read;
    passage.text = read.value;
  }
  if (row.request === "optional" && passage.text.trim() === "") return ok(undefined);
  return parseBody(passage.text);
}
