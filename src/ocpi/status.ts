import type { Fault } from "./codec.ts";

/**
 * Why something was not done, as a value. Every floor above speaks of refusals in these words; what they become
 * on the wire is decided here for OCPI and in `src/operator/problem.ts` for the operator API, each in one switch.
 */
export type Reason =
  /** The body is not JSON, or no JSON may be read from it (depth, encoding). */
  | { kind: "malformed"; message: string }
  /** Well-formed but wrong: missing or mistyped fields, id in URL unlike id in body, bad query. */
  | { kind: "invalid"; faults: Fault[] }
  /** More is needed to answer, e.g. authorize without LocationReferences. */
  | { kind: "not_enough_information"; message: string }
  | { kind: "unknown_location"; message: string }
  | { kind: "unknown_token"; message: string }
  /** The object does not exist for this caller; a foreign one looks exactly the same. */
  | { kind: "unknown_object"; message: string }
  /** The resource path itself does not exist. */
  | { kind: "unknown_path"; message: string }
  | { kind: "method_not_allowed"; allow: string[]; message?: string }
  | { kind: "unauthorized" }
  | { kind: "forbidden"; message: string }
  | { kind: "conflict"; message: string }
  | { kind: "too_large"; limit: number }
  | { kind: "unsupported_encoding"; message: string }
  | { kind: "rate_limited"; retryAfterSeconds: number }
  /** OCPI-to names a party that is not reached through us. */
  | { kind: "unknown_receiver"; message: string }
  /** A partner that had to be asked did not answer in time. */
  | { kind: "no_answer"; message: string }
  /** The object has come to its end and changes no more, or cannot become what is asked for. */
  | { kind: "ended"; message: string }
  /** The EVSE cannot do what is asked of it. */
  | { kind: "incapable"; message: string }
  /** The object cannot be said in the caller's version at all. */
  | { kind: "not_representable"; message: string }
  /** The caller's own API could not be used (call-back during registration failed). */
  | { kind: "client_api_unusable"; message: string }
  | { kind: "unsupported_version"; message: string }
  | { kind: "no_matching_endpoints"; message: string }
  /** The gateway, or what it stands on, cannot answer now. */
  | { kind: "unavailable"; message: string };

/** What a {@link Reason} is on an OCPI answer: HTTP status, OCPI status code, and the text of `status_message`. */
export interface OcpiStatus {
  http: number;
  code: number;
  message: string;
}

/** OCPI status code of a successful answer. Spec: all status_codes, 1xxx. */
export const SUCCESS = 1000;

/**
 * The one map from refusals to OCPI. An HTTP error is used only where the standard asks for one; all else that
 * reached the OCPI layer is HTTP 200 with a 2xxx or 3xxx code.
 * Spec: 2.2.1 status_codes; transport_and_format, "The client is authenticated".
 */
export function ocpiStatus(reason: Reason): OcpiStatus {
  switch (reason.kind) {
    case "malformed":
      return { http: 400, code: 2001, message: reason.message };
    case "invalid":
      return { http: 200, code: 2001, message: describeFaults(reason.faults) };
    case "not_enough_information":
      return { http: 200, code: 2002, message: reason.message };
    case "unknown_location":
      return { http: 200, code: 2003, message: reason.message };
    case "unknown_token":
      return { http: 404, code: 2004, message: reason.message };
    case "unknown_object":
    case "unknown_path":
      return { http: 404, code: 2000, message: reason.message };
    case "method_not_allowed":
      return { http: 405, code: 2000, message: reason.message ?? `Allowed: ${reason.allow.join(", ")}` };
    case "unauthorized":
      return { http: 401, code: 2000, message: "Missing or unknown credentials token" };
    case "forbidden":
      return { http: 200, code: 2001, message: reason.message };
    case "conflict":
      return { http: 200, code: 2001, message: reason.message };
    case "too_large":
      return { http: 413, code: 2001, message: `The body is larger than ${reason.limit} bytes` };
    case "unsupported_encoding":
      return { http: 415, code: 2001, message: reason.message };
    case "rate_limited":
      return { http: 429, code: 2000, message: `Too many requests; try again in ${reason.retryAfterSeconds} s` };
    case "ended":
      return { http: 200, code: 2000, message: reason.message };
    case "incapable":
      return { http: 404, code: 2001, message: reason.message };
    case "not_representable":
      return { http: 404, code: 2000, message: reason.message };
    case "client_api_unusable":
      return { http: 200, code: 3001, message: reason.message };
    case "unsupported_version":
      return { http: 200, code: 3002, message: reason.message };
    case "no_matching_endpoints":
      return { http: 200, code: 3003, message: reason.message };
    case "unknown_receiver":
      return { http: 200, code: 4001, message: reason.message };
    case "no_answer":
      return { http: 200, code: 4002, message: reason.message };
    case "unavailable":
      return { http: 503, code: 3000, message: reason.message };
  }
}

/** Faults as one line: the JSON Pointer of each and what is wrong there, the first ten spelled out. */
export function describeFaults(faults: Fault[]): string {
  const told = faults.slice(0, 10).map(({ pointer, message }) => `${pointer || "/"}: ${message}`);
  const more = faults.length - told.length;
  return told.join("; ") + (more > 0 ? `; and ${more} more` : "");
}
