import type { CallResult } from "../client/request.ts";
import { isSeen } from "../gateway/entitlement.ts";
import { isObject, type JsonObject } from "../lib/json.ts";
import type { Loss } from "../ocpi/codec.ts";
import type { Endpoint } from "../ocpi/endpoints.ts";
import { findEndpoint } from "../ocpi/urls.ts";
import type { Version } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Desk } from "./desk.ts";
import { pushRows } from "./feed.ts";
import { fingerprintOf } from "./hash.ts";
import { type Answer, answerOf, call, NOTHING, type Sent, tellLosses, translate } from "./push.ts";
import type { References } from "./references.ts";
import type { Row, Told } from "./state.ts";

// Records: each is told once, by POST, and again until the partner has answered. A receiver that follows the standard takes the same
// CDR twice as once; so that it is the same, what was said is kept until then and said again to the letter.

/** HTTP status that says of a POST that there is such a thing already. */
const CONFLICT = 409;
/** Stands for the fingerprint of what a partner shows and we do not remember. */
const HELD = "held";

/** Tells the partner one record; see {@link push}. */
export async function pushRecord(
  desk: Desk,
  row: Row,
  object: StoredObject | null,
  references: References,
): Promise<Sent> {
  const rest = { losses: row.losses, held: row.held, evses: null };
  const [endpoint] = pushRows(desk.version).get(row.module) ?? [];
  const seen = desk.modules.find(({ module }) => module === row.module)?.visibility;
  const isAnswered = row.held !== null && row.held.head !== "";
  if (object === null || endpoint === undefined || seen === undefined || isAnswered) return { ...NOTHING, ...rest };
  if (!isSeen(seen, object)) return { ...NOTHING, ...rest };

  const told = desk.store.told(row.n);
  const looked = told?.location == null ? null : await lookUp(desk, object, told.location);
  if (looked !== null && looked.verdict !== "unknown" && looked.verdict !== "rejected") {
    const id = row.held?.id ?? object.id;
    const head = looked.verdict === "delivered" ? (told?.taken ?? HELD) : "";
    return { ...looked, ...rest, held: { id, head, lastUpdated: "" } };
  }
  const said = again(desk, told) ?? translate(desk, object, endpoint, references, true);
  if (said.refused) return { ...NOTHING, ...rest, verdict: "rejected", error: `Not sayable: ${said.refused.reason}` };
  const losses = await tellLosses(desk, row, object, said.losses);
  const posted = await post(desk, row, object, endpoint, said);
  const { verdict } = posted.answer;
  const requests = posted.answer.requests + (looked?.requests ?? 0);
  // Its endpoint does not know it: no reason to think that it is taken another time.
  const final = verdict === "unknown" ? { ...posted.answer, verdict: "rejected" as const } : posted.answer;
  return { ...final, requests, losses, held: posted.held, evses: null };
}

interface Said {
  wire: JsonObject;
  losses: Loss[];
  refused?: undefined;
}

/** What was said before, in the words of then; null: nothing, or in a version that is not spoken any more. */
function again({ version }: Desk, told: Told | null): Said | null {
  if (told?.said == null || told.version !== version.number) return null;
  return JSON.parse(told.said) as Said;
}

async function post(desk: Desk, row: Row, object: StoredObject, endpoint: Endpoint, { wire, losses }: Said) {
  const { store, version } = desk;
  const id = String(wire.id ?? object.id);
  const text = JSON.stringify({ wire, losses });
  const before = store.told(row.n);
  const location = before?.location ?? null;
  // It may have it: an answer was lost, or it was told before.
  const mayHave = before !== null && (before.said !== null || before.taken !== null);
  const taken = fingerprintOf(wire);
  store.tell(row.n, { version: version.number, said: text, location, taken: before?.taken ?? null });
  store.sending(row, id, null);
  const result = await call(desk, object, endpoint, { wire, losses });
  const given = answerOf(result);
  const isTaken = given.verdict === "delivered" || isCreated(result) || (mayHave && isKnown(result));
  const answer: Answer = isTaken ? { ...given, verdict: "delivered", evidence: "alive", error: null } : given;
  const isAnswered = isTaken || given.verdict === "rejected" || given.verdict === "unknown";
  if (isAnswered) {
    // The words stay until the answer is settled: should that fail, they are said again to the letter.
    const at = locationOf(result) ?? location;
    store.tell(row.n, { version: version.number, said: text, location: at, taken: isTaken ? taken : null });
  }
  const held = { id, head: isTaken ? taken : "", lastUpdated: "" };
  return { answer, held };
}

/** Whether the CDR was taken, though the envelope around that is missing. Spec: 2.2.1 mod_cdrs, POST Method, Response Headers. */
const isCreated = (result: CallResult): boolean =>
  result.http === 201 && result.code === null && locationOf(result) !== null;

/** Says of a thing that it is there. */
const THERE =
  /\balready (exists?|existing|known|there|present|received|registered|stored|processed)\b|\bduplicated?\b/i;
/** Says something else of it, or of something else. */
const ELSE = /\b(another|different|other|differs?|not|no|never|unknown|invalid)\b|n't\b/i;

/**
 * Whether a refusal says that the partner has it already: after a POST whose answer was lost, that is the answer. In doubt it does not: what is
 * refused can be seen and sent again, what counts as told is not looked at any more.
 */
export function isKnown({ outcome, http, message }: Pick<CallResult, "outcome" | "http" | "message">): boolean {
  if (outcome !== "refused" || ELSE.test(message ?? "")) return false;
  return http === CONFLICT || THERE.test(message ?? "");
}

/** The URL the partner has for it. Relative ones, as in 2.1.1's own example, are of the URL it was posted to. */
function locationOf({ headers, url }: CallResult): string | null {
  const text = headers?.get("location")?.trim();
  if (!text) return null;
  return URL.parse(text, url ?? undefined)?.href ?? null;
}

/** The row by which a version shows a record; undefined: it does not. */
export const showRow = (version: Version, module: string): Endpoint | undefined =>
  findEndpoint(version.endpoints, { module, role: "RECEIVER", operation: "getCdr" });

/** Asks for the CDR where the partner said it shows it; null: that is no place we may ask. */
async function lookUp(desk: Desk, object: StoredObject, location: string): Promise<Answer | null> {
  const row = showRow(desk.version, object.module);
  if (row === undefined) return null;
  const result = await call(desk, object, row, { url: location });
  if (result.outcome === "not_sent") return null;
  const answer = answerOf(result);
  if (answer.verdict !== "delivered" || isObject(result.data)) return answer;
  return { ...answer, verdict: "unknown", error: "The partner shows no CDR there" };
}
