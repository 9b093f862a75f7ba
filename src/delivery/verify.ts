import { type CallPorts, callPartner } from "../client/request.ts";
import { isObject, type JsonObject } from "../lib/json.ts";
import { versionByNumber } from "../ocpi/versions.ts";
import type { Delivery } from "../ports/evidence.ts";
import type { Partner } from "../ports/partners.ts";
import { fingerprintOf } from "./hash.ts";
import { evidenceOf, explain, verdictOf } from "./outcome.ts";
import { showRow } from "./record.ts";

/** What a partner shows of a record that it was sent. */
export interface Verification {
  /** Whether the partner shows it; null: it did not say. */
  held: boolean | null;
  /** Whether what it shows is what it was sent; null: it shows nothing, or says it in another version by now. */
  same: boolean | null;
  http_status: number | null;
  error: string | null;
  /** What it shows, in its version. */
  object: JsonObject | null;
}

/** Asks a partner for a record where it said that it shows it: one request. Null: it has not said where. */
export async function verifyDelivery(
  ports: CallPorts,
  partner: Partner,
  { module, location, taken }: Delivery,
): Promise<Verification | null> {
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  const row = version && showRow(version, module);
  if (row === undefined || location === undefined) return null;
  const result = await callPartner(ports, partner, { row, url: location });
  const verdict = verdictOf(result);
  const object = verdict === "delivered" && isObject(result.data) ? result.data : null;
  const isAnswer = evidenceOf(result) === "alive" && verdict !== "throttled";
  const isComparable = object !== null && taken?.version === partner.version;
  return {
    held: isAnswer ? object !== null : null,
    same: isComparable ? fingerprintOf(object) === taken.fingerprint : null,
    http_status: result.http,
    error: verdict === "delivered" ? null : explain(result),
    object,
  };
}
