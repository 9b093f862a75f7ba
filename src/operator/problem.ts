import type { Fault } from "../ocpi/codec.ts";
import type { Reason } from "../ocpi/status.ts";

/** Why an operator's request was refused: the words of every floor, and a few that only this API knows. */
export type Refusal =
  | Reason
  /** A query parameter, path segment or header that cannot be read; pointers are `/<name>`. */
  | { kind: "bad_request"; faults: Fault[] }
  /** What is asked for was possible until its time was over. */
  | { kind: "gone"; message: string }
  /** A partner did not do its part of a registration; `step` says which part. */
  | { kind: "partner_failed"; step: string; message: string; answer?: unknown };

/**
 * An error as the operator sees it. Spec: RFC 9457; `errors` as in its section 3, an example of validation.
 * `request_id` is the one of the answer's `X-Request-ID`.
 */
export interface Problem {
  /** Relative to the gateway: a place in its documentation. */
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: Fault[];
  /** Of a failed registration: `versions`, `version_details` or `credentials`. */
  step?: string;
  /** Of a failed registration: what the partner answered. */
  partner_answer?: unknown;
  request_id?: string;
}

/** What each kind of refusal is called, and the HTTP status it has: the one map from refusals to this API. */
export const PROBLEMS = {
  malformed: { status: 400, title: "The body is not readable JSON" },
  bad_request: { status: 400, title: "The request has an invalid parameter" },
  invalid: { status: 422, title: "The body is invalid" },
  not_enough_information: { status: 422, title: "More information is needed" },
  unknown_location: { status: 404, title: "Unknown Location" },
  unknown_token: { status: 404, title: "Unknown Token" },
  unknown_object: { status: 404, title: "Not found" },
  unknown_receiver: { status: 404, title: "Unknown receiver" },
  unknown_path: { status: 404, title: "No such resource" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  unauthorized: { status: 401, title: "The operator token is missing or wrong" },
  forbidden: { status: 403, title: "Not allowed" },
  conflict: { status: 409, title: "Conflict" },
  gone: { status: 410, title: "No longer possible" },
  too_large: { status: 413, title: "The body is too large" },
  unsupported_encoding: { status: 415, title: "Unsupported content" },
  rate_limited: { status: 429, title: "Too many requests" },
  ended: { status: 409, title: "The object changes no more" },
  incapable: { status: 409, title: "The EVSE cannot do this" },
  not_representable: { status: 422, title: "The object cannot be expressed in that version" },
  client_api_unusable: { status: 502, title: "The partner's API could not be used" },
  unsupported_version: { status: 502, title: "No OCPI version in common" },
  no_matching_endpoints: { status: 502, title: "The partner lacks an endpoint that is needed" },
  partner_failed: { status: 502, title: "The partner did not complete the step" },
  no_answer: { status: 504, title: "The partner did not answer in time" },
  unavailable: { status: 503, title: "The gateway cannot answer now" },
  internal: { status: 500, title: "The gateway failed" },
} as const satisfies Record<Refusal["kind"] | "internal", { status: number; title: string }>;

/** A refusal as a problem document. */
export function problemOf(refusal: Refusal): Problem {
  const { status, title } = PROBLEMS[refusal.kind];
  const problem: Problem = { type: typeOf(refusal.kind), title, status };
  switch (refusal.kind) {
    case "invalid":
    case "bad_request":
      return { ...problem, detail: summary(refusal.faults), errors: refusal.faults };
    case "unauthorized":
      return { ...problem, detail: "Send the operator token as: Authorization: Bearer <token>" };
    case "method_not_allowed":
      return { ...problem, detail: refusal.message ?? `This resource knows ${refusal.allow.join(", ")}` };
    case "too_large":
      return { ...problem, detail: `At most ${refusal.limit} bytes are read` };
    case "rate_limited":
      return { ...problem, detail: `Try again in ${refusal.retryAfterSeconds} s` };
    case "malformed":
      return { ...problem, detail: refusal.message, errors: [{ pointer: "", message: refusal.message }] };
    case "partner_failed": {
      const answer = refusal.answer === undefined ? {} : { partner_answer: refusal.answer };
      const { step, message } = refusal;
      return { ...problem, detail: message.includes(step) ? message : `${step}: ${message}`, step, ...answer };
    }
    default:
      return { ...problem, detail: refusal.message };
  }
}

/** The answer for a bug: nothing of it is shown, the log has the rest under the request id. */
export function internalProblem(): Problem {
  return {
    type: typeOf("internal"),
    ...PROBLEMS.internal,
    detail: "This is a fault of the gateway; its log tells more under the request id",
  };
}

/** Headers a refusal needs beside its problem document. */
export function problemHeaders(refusal: Refusal): Record<string, string> {
  switch (refusal.kind) {
    case "unauthorized":
      return { "WWW-Authenticate": 'Bearer realm="operator"' };
    case "method_not_allowed":
      return { Allow: refusal.allow.join(", ") };
    case "rate_limited":
      return { "Retry-After": String(refusal.retryAfterSeconds) };
    default:
      return {};
  }
}

function typeOf(kind: keyof typeof PROBLEMS): string {
  return `/docs#problem-${kind.replaceAll("_", "-")}`;
}

function summary(faults: Fault[]): string {
  const [first] = faults;
  if (!first) return "";
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  return `${first.pointer === "" ? "" : `${first.pointer} `}${first.message}${more}`;
}
