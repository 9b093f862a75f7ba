import type { CallResult } from "../client/exchange.ts";
import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { DEFAULT_TIMEOUT } from "../model/commands.ts";
import type { Codec } from "../ocpi/codec.ts";
import { codecOf, type Version } from "../ocpi/versions.ts";
import type { CommandEvent } from "../ports/commands.ts";
import type { CommandKind } from "./command-types.ts";

// What a partner's answer to a command means. Pure.
//
// | what came                                        | event                     |
// | ------------------------------------------------ | ------------------------- |
// | OCPI 1xxx with a response                        | response                  |
// | OCPI 2xxx or 3xxx with a response that refuses   | response                  |
// | OCPI 2xxx or 3xxx with ACCEPTED, or without data | failure                   |
// | OCPI 1xxx without a response that can be read    | failure                   |
// | HTTP error, not OCPI, no answer, not sent        | failure                   |

/** The event an answer is. */
export function answerEvent(version: Version, kind: CommandKind, call: CallResult): CommandEvent {
  const response = responseIn(version, kind, call.data);
  const isOk = call.outcome === "ok";
  if (response !== null && (isOk || (call.code !== null && response.result !== "ACCEPTED"))) {
    const timeout = typeof response.timeout === "number" ? response.timeout : DEFAULT_TIMEOUT;
    return { kind: "response", response, timeout_s: timeout };
  }
  const message = isOk ? `The answer holds no ${kind.response}` : (call.message ?? call.outcome);
  return { kind: "failure", error: { message, http_status: call.http, ocpi_status: call.code } };
}

/** The response in `data`. All that must be right is its result: a timeout that is missing or a text, or an odd message, is forgiven. */
function responseIn(version: Version, kind: CommandKind, data: JsonValue | undefined): JsonObject | null {
  const codec = codecOf(version, kind.response) as Codec | undefined;
  if (codec === undefined || data === undefined || data === null) return null;
  const spoken = typeof data === "string" ? { result: data } : data;
  const { result, timeout } = isObject(spoken) ? spoken : {};
  const seconds = typeof timeout === "string" || typeof timeout === "number" ? Math.round(Number(timeout)) : Number.NaN;
  const least = { result: result ?? null, timeout: Number.isFinite(seconds) ? seconds : DEFAULT_TIMEOUT };
  for (const wire of [data, isObject(spoken) ? { timeout: DEFAULT_TIMEOUT, ...spoken } : null, least]) {
    const parsed = codec.parse(wire);
    if (parsed.ok) return codec.up(parsed.value, {}) as JsonObject;
  }
  return null;
}
