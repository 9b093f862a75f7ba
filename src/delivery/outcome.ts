import type { CallResult } from "../client/request.ts";
import type { Evidence } from "./breaker.ts";

/** What came of one request, as the pump understands it. */
export type Verdict =
  /** The partner has it. */
  | "delivered"
  /** The partner does not know the object or its parent (HTTP 404, 2003). */
  | "unknown"
  /** Sent, and no answer that could be read: perhaps done. */
  | "maybe"
  /** The partner will not have it, however often it is sent. */
  | "rejected"
  /** This time it failed, it may work later. */
  | "transient"
  /** The partner cannot be reached, or does not let us in. */
  | "down"
  /** The partner asks for a pause. */
  | "throttled";

/** OCPI code of an unknown Location. Spec: 2.1.1 and later status_codes. */
const UNKNOWN_LOCATION = 2003;
/** A hub does not know the receiver. Spec: 2.2 status_codes, 4xxx. */
const UNKNOWN_RECEIVER = 4001;
/** HTTP statuses that speak of the moment, though they are 4xx. */
const PASSING = [408, 421, 423, 425];
/** HTTP statuses of something in front of a partner that is not there. */
const ABSENT = [502, 503, 504];

/** The verdict on an answer, or on its absence. */
export function verdictOf(result: CallResult): Verdict {
  switch (result.outcome) {
    case "ok":
      return "delivered";
    case "refused":
      if (result.http !== null && PASSING.includes(result.http)) return "transient";
      return result.http === 404 || result.code === UNKNOWN_LOCATION ? "unknown" : "rejected";
    case "throttled":
      return "throttled";
    case "unauthorized":
    case "unreachable":
    // Nothing left the house: no token, a host we may not go to. Not the object's fault, and an operator can mend it.
    case "not_sent":
      return "down";
    case "timeout":
      return "maybe";
    case "failed":
      if (result.code === UNKNOWN_RECEIVER) return "rejected";
      if (result.http !== null && ABSENT.includes(result.http)) return "down";
      return result.http !== null && result.http < 300 && result.code === null ? "maybe" : "transient";
  }
}

/** What an answer, or its absence, says about the partner itself. */
export function evidenceOf(result: CallResult): Evidence {
  switch (verdictOf(result)) {
    case "delivered":
    case "unknown":
    case "rejected":
    case "throttled":
      return "alive";
    case "transient":
      return "failing";
    case "maybe":
      return result.http === null ? "down" : "failing";
    case "down":
      return "down";
  }
}

/** One line for the operator: what the partner answered, or how it did not. */
export function explain(result: CallResult): string {
  const told = [
    result.http === null ? null : `HTTP ${result.http}`,
    result.code === null ? null : `OCPI ${result.code}`,
  ];
  const head = told.filter((part) => part !== null).join(", ") || result.outcome;
  return result.message ? `${head}: ${result.message}`.slice(0, 500) : head;
}
