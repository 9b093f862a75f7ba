import type { JsonValue } from "../lib/json.ts";
import type { Fault, Loss } from "../ocpi/codec.ts";
import { type EnvelopeHead, envelopeText } from "../ocpi/envelope.ts";
import { ocpiStatus, type Reason, SUCCESS } from "../ocpi/status.ts";

/** What is answered to a request, before it becomes a Response. */
export interface Answer {
  http: number;
  head: EnvelopeHead;
  /** JSON text; undefined where the answer carries none. */
  data?: string;
  headers?: Record<string, string>;
  /** What translation could not carry, for the journal. */
  losses?: Loss[];
  /** What was wrong with an accepted body, for the journal. */
  findings?: Fault[];
}

/** Success: 200, or 201 when something was created. */
export function success(data?: JsonValue, more: Omit<Answer, "http" | "head" | "data"> = {}): Answer {
  return successText(data === undefined ? undefined : JSON.stringify(data), more);
}

/** Success with `data` that is JSON text already. */
export function successText(data: string | undefined, more: Omit<Answer, "http" | "head" | "data"> = {}): Answer {
  const answer: Answer = { http: 200, head: { code: SUCCESS, message: "Success" }, ...more };
  if (data !== undefined) answer.data = data;
  return answer;
}

/** Success of a PUT, PATCH or DELETE: no `data`, for the standard names none. Spec: 2.2.1 status_codes (201). */
export function acknowledged(created: boolean, findings: Fault[] = []): Answer {
  return { http: created ? 201 : 200, head: { code: SUCCESS, message: "Success" }, findings };
}

/** A refusal. */
export function refused(reason: Reason): Answer {
  const { http, code, message } = ocpiStatus(reason);
  return { http, head: { code, message }, headers: refusalHeaders(reason) };
}

/** Headers that HTTP asks for with some refusals. Spec: RFC 9110, sections 10.2.1, 10.2.3, 11.6.1. */
function refusalHeaders(reason: Reason): Record<string, string> {
  switch (reason.kind) {
    case "unauthorized":
      return { "WWW-Authenticate": "Token" };
    case "method_not_allowed":
      return { Allow: reason.allow.join(", ") };
    case "rate_limited":
      return { "Retry-After": String(reason.retryAfterSeconds) };
    case "unavailable":
      return { "Retry-After": "60" };
    default:
      return {};
  }
}

/** The text of an answer's body. */
export function answerText(answer: Answer, timestamp: string): string {
  return envelopeText(answer.head, answer.data, timestamp);
}
