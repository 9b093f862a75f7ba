import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Credentials } from "../model/credentials.ts";
import { describeFaults } from "../ocpi/status.ts";
import type { Version } from "../ocpi/versions.ts";
import { type StepFailure, told } from "./discover.ts";
import { type CallResult, type ExchangePorts, exchange, type TokenEncoding } from "./exchange.ts";
import { hostOf } from "./url-rules.ts";

/** A POST, PUT or DELETE at a partner's credentials endpoint. */
export interface CredentialsCall {
  /** Partner id, for the journal. */
  partner: string;
  version: Version;
  /** Endpoint.url of the partner's credentials module in that version. */
  url: string;
  token: string;
  encoding: TokenEncoding;
  correlationId?: string | undefined;
}

/**
 * Gives the partner our credentials and takes its own. POST registers, PUT updates; with both the partner calls us back
 * with the new token before it answers, so that token must be good already.
 * @param wire our credentials in that version
 * @param role the partner's role, where the version cannot say it
 * Spec: all credentials, Registration and Updating to a newer version.
 */
export async function sendCredentials(
  ports: ExchangePorts,
  call: CredentialsCall & { method: "POST" | "PUT"; wire: JsonObject; role: string | null },
): Promise<Result<Credentials & { token: string }, StepFailure>> {
  const result = await send(ports, call);
  if (result.outcome !== "ok") {
    return err({ ...told("credentials", explain(call, result), result), uncertain: isUncertain(result) });
  }
  const codec = call.version.codecs.Credentials;
  const parsed = codec.parse(result.data);
  if (!parsed.ok) return err(unreadable(describeFaults(parsed.error), result));
  const credentials = codec.up(parsed.value, call.role === null ? {} : { role: call.role });
  const { token } = credentials;
  if (!isToken(token)) return err(unreadable("the token is missing, or has characters no header can carry", result));
  return ok({ ...credentials, token });
}

/** Tells the partner that we end the registration; whatever it answers is only told. */
export async function withdrawCredentials(ports: ExchangePorts, call: CredentialsCall): Promise<CallResult> {
  return send(ports, { ...call, method: "DELETE" });
}

/** Whether a credentials token can stand in a header: printable ASCII without spaces. Spec: 2.2.1 credentials, Credentials. */
export function isToken(token: string | null | undefined): token is string {
  return typeof token === "string" && token.length <= 1024 && /^[\x21-\x7e]+$/.test(token);
}

function send(
  ports: ExchangePorts,
  call: CredentialsCall & { method: string; wire?: JsonObject },
): Promise<CallResult> {
  return exchange(ports, { ...call, module: "credentials", allowHosts: [hostOf(call.url) ?? ""] });
}

function unreadable(message: string, result: CallResult): StepFailure {
  return told("credentials", `The partner's credentials cannot be used: ${message}`, result);
}

/** Whether the partner may have done what it was asked, though we hold no answer: lost, or cut off half-way. */
function isUncertain(result: CallResult): boolean {
  if (result.outcome === "timeout" || result.outcome === "unreachable") return true;
  if (result.code !== null || result.outcome === "not_sent") return false;
  return result.http !== null && (result.http < 300 || result.http === 502 || result.http === 504);
}

function explain(call: { method: string }, result: CallResult): string {
  const code = result.code === null ? "" : `, OCPI ${result.code}`;
  const answered = result.http === null ? "" : ` (HTTP ${result.http}${code})`;
  return `${call.method} credentials: ${result.message ?? result.outcome}${answered}`;
}
