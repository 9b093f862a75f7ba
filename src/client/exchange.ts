import { isObject, type JsonValue, parseJson } from "../lib/json.ts";
import type { Loss } from "../ocpi/codec.ts";
import { messageIdHeaders, type Routing, routingHeaders } from "../ocpi/headers.ts";
import { redactBody, redactSecrets, redactUrl } from "../ocpi/redact.ts";
import type { OutboundOutcome } from "../ports/world.ts";
import type { Ports } from "../ports.ts";

/** Most bytes of a partner's answer that are read, after decompression. */
const MAX_ANSWER_BYTES = 10_000_000;
/** How long a partner may take for an answer, unless the call says otherwise. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** How a credentials token is written in `Authorization`. */
export type TokenEncoding = "raw" | "base64";

/** What came of a request to a partner, from its answer's HTTP status and OCPI code. */
export type CallOutcome =
  /** OCPI 1xxx. */
  | "ok"
  /** Answered, and refused for good: OCPI 2xxx, or HTTP 4xx. */
  | "refused"
  /** HTTP 401 or 403: the token is not, or no longer, accepted. */
  | "unauthorized"
  /** HTTP 429, or 503 that says when to come back. */
  | "throttled"
  /** Answered, but it did not work: OCPI 3xxx or 4xxx, HTTP 5xx, an answer that cannot be read. It may work later. */
  | "failed"
  /** No answer in time: what was asked may have been done. */
  | "timeout"
  /** The connection could not be made, or was lost: in the second case what was asked may have been done. */
  | "unreachable"
  /** Nothing was sent. */
  | "not_sent";

/** What {@link callPartner} and the steps of a registration tell. */
export interface CallResult {
  outcome: CallOutcome;
  /** HTTP status; null: no answer. */
  http: number | null;
  /** OCPI status code; null: no answer, or none that could be read. */
  code: number | null;
  /** `status_message`, or what went wrong on the way; for people. */
  message: string | null;
  /** `data` of the answer, in the partner's version. */
  data: JsonValue | undefined;
  headers: Headers | null;
  /** What the translation of the body lost. */
  losses: Loss[];
  /** How long the partner asked to be left alone. */
  retryAfterMs: number | null;
  /** X-Request-ID that was sent. */
  requestId: string;
  /** URL that was called (after redirects, where there is an answer); null: none was found. */
  url: string | null;
  /** What the partner answered, as the journal has it: secrets hidden, cut. */
  answer: string | null;
}

export type ExchangePorts = Pick<Ports, "clock" | "ids" | "fetcher" | "journal">;

/** One request to a partner, down to the last header but for the token. */
export interface ExchangeRequest {
  /** Partner id, for the journal; null before there is one. */
  partner: string | null;
  module: string;
  method: string;
  url: string;
  /** Clear text. */
  token: string;
  encoding: TokenEncoding;
  allowHosts: string[];
  /** Body in the partner's version. */
  wire?: JsonValue | undefined;
  losses?: Loss[];
  routing?: Routing;
  correlationId?: string | undefined;
  timeoutMs?: number | undefined;
}

/** Sends one request, reads the envelope whatever the HTTP status, and journals the exchange. Never throws. */
export async function exchange(ports: ExchangePorts, request: ExchangeRequest): Promise<CallResult> {
  const { method, url, token, losses = [] } = request;
  const requestId = ports.ids.uuid();
  const correlationId = request.correlationId ?? ports.ids.uuid();
  const body = request.wire === undefined ? undefined : JSON.stringify(request.wire);
  const started = ports.clock.now();
  const outcome = await ports.fetcher.fetch({
    method,
    url,
    headers: {
      Authorization: `Token ${request.encoding === "base64" ? base64(token) : token}`,
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...messageIdHeaders({ requestId, correlationId }),
      ...(request.routing ? routingHeaders(request.routing) : {}),
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
    allowHosts: request.allowHosts,
  });
  const now = ports.clock.now();
  const read = readOutcome(outcome, now);
  const answer = outcome.kind === "answer" ? redactBody(outcome.body, request.module, [token]) : null;
  const message = read.message === null ? null : redactSecrets(read.message, [token]).slice(0, 500);
  ports.journal.record({
    time: started,
    partner: request.partner,
    direction: "out",
    module: request.module,
    method,
    url: redactUrl(url, [token]),
    http_status: read.http,
    ocpi_status: read.code,
    duration_ms: now - started,
    request_id: requestId,
    correlation_id: correlationId,
    error: read.outcome === "ok" ? null : message,
    losses,
    findings: [],
    request_body: redactBody(body, request.module, [token]),
    response_body: answer,
  });
  return { ...read, message, losses, requestId, url: outcome.kind === "answer" ? outcome.url : url, answer };
}

/** A result for a request that was not made. */
export function notSent(message: string, url: string | null = null, losses: Loss[] = []): CallResult {
  const nothing = {
    http: null,
    code: null,
    data: undefined,
    headers: null,
    retryAfterMs: null,
    requestId: "",
    answer: null,
  };
  return { outcome: "not_sent", message, losses, url, ...nothing };
}

type Read = Pick<CallResult, "outcome" | "http" | "code" | "message" | "data" | "headers" | "retryAfterMs">;

function readOutcome(outcome: OutboundOutcome, now: number): Read {
  const nothing = { http: null, code: null, data: undefined, headers: null, retryAfterMs: null };
  switch (outcome.kind) {
    case "timeout":
      return { ...nothing, outcome: "timeout", message: outcome.detail };
    case "network":
      return { ...nothing, outcome: "unreachable", message: outcome.detail };
    case "refused":
      return { ...nothing, outcome: "not_sent", message: outcome.detail };
    case "too_large":
    case "redirect":
      return { ...nothing, outcome: "failed", message: outcome.detail };
    case "answer":
      return readAnswer(outcome.status, outcome.headers, outcome.body, now);
  }
}

// Many platforms answer a refusal with an HTTP error: the OCPI code is read from any HTTP status.
// Spec: 2.2.1 transport_and_format, Response format; status_codes.
function readAnswer(http: number, headers: Headers, body: string, now: number): Read {
  const parsed = parseJson(body);
  const envelope = parsed.ok && isObject(parsed.value) ? parsed.value : null;
  const code = codeOf(envelope?.status_code);
  const said = typeof envelope?.status_message === "string" ? envelope.status_message : null;
  const retryAfterMs = retryAfter(headers.get("retry-after"), now);
  const data = envelope?.data;
  const read = { http, headers, code, data, retryAfterMs };
  if (http === 401 || http === 403) return { ...read, outcome: "unauthorized", message: said ?? `HTTP ${http}` };
  if (http === 429 || (http === 503 && retryAfterMs !== null)) {
    return { ...read, outcome: "throttled", message: said ?? `HTTP ${http}` };
  }
  if (code === null) {
    const message = said ?? (body === "" ? `HTTP ${http} with an empty body` : `HTTP ${http} without an OCPI envelope`);
    return { ...read, outcome: http >= 400 && http < 500 ? "refused" : "failed", message };
  }
  if (code >= 1000 && code < 2000 && http < 400) return { ...read, outcome: "ok", message: said };
  const refused = (code >= 2000 && code < 3000) || (http >= 400 && http < 500);
  return { ...read, outcome: refused ? "refused" : "failed", message: said ?? `OCPI ${code}` };
}

function codeOf(value: unknown): number | null {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  return typeof value === "string" && /^\d{4}$/.test(value) ? Number(value) : null;
}

function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = header.length < 64 ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
