import { formatSeconds, formatTime } from "../lib/time.ts";
import type { Dialect } from "./dialect.ts";

/** What every OCPI answer says besides its `data`. */
export interface EnvelopeHead {
  /** OCPI status code, 1000 for success. */
  code: number;
  /** Told to a person; left out when there is nothing to add. */
  message?: string | undefined;
}

/**
 * The body of an answer. `data` is JSON text, so that a stored object or a page of them is sent without being parsed;
 * undefined where the standard names none, and then it is left out.
 * Spec: 2.2.1 transport_and_format, Response format.
 */
export function envelopeText(head: EnvelopeHead, data: string | undefined, timestamp: string): string {
  const message = head.message === undefined ? "" : `,"status_message":${JSON.stringify(head.message)}`;
  const content = data === undefined ? "" : `"data":${data},`;
  return `{${content}"status_code":${head.code}${message},"timestamp":"${timestamp}"}`;
}

/** The time of an answer as the caller's version writes times. `dialect` undefined: no version is known, all read this. */
export function timestampOf(now: number, dialect: Pick<Dialect, "fractions"> | undefined): string {
  return dialect?.fractions ? formatTime(now) : formatSeconds(now);
}
