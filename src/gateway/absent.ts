import type { JsonObject } from "../lib/json.ts";
import { ok } from "../lib/result.ts";
import type { Partner, StoredObject } from "../ports.ts";
import type { Writer } from "./apply.ts";
import { partyKey, refOf, type Target } from "./keys.ts";
import { deleteObject, type ObjectPorts, patchObject } from "./objects.ts";

/** Objects looked at in one go. */
const WINDOW = 500;

/** The name under which a crawl remembers an object it saw. */
export function seenKey(target: Target): string {
  const { country_code, party_id, id_key } = refOf(target);
  return `${partyKey(country_code, party_id)}/${id_key}`;
}

/**
 * After a full crawl that ended well: what of a partner it did not see is no longer valid. Each kind goes the way the
 * standard gives it: a Tariff is deleted, a Token becomes invalid, the EVSEs of a Location become REMOVED (a Location cannot
 * be deleted; without valid EVSEs it has expired). Their `last_updated` stays, so that whatever the partner sends of
 * them later counts. What was received after the crawl began is left alone, for it may have come behind the page it belongs on.
 * @param seen {@link seenKey} of all that was on any page, unreadable objects included
 * @param begun when the crawl began, epoch ms
 * @returns how many objects were changed
 * Spec: 2.2.1 transport_and_format, Pagination; mod_tokens, mod_tariffs, mod_locations.
 */
export async function markAbsent(
  ports: ObjectPorts,
  partner: Partner,
  module: string,
  seen: ReadonlySet<string>,
  begun: number,
): Promise<number> {
  let marked = 0;
  for (let after: number | null = null; ; ) {
    const query = { module, filter: { partner: partner.id }, offset: 0, after, limit: WINDOW, withTotal: false };
    const page = await ports.objects.page({ kind: "operator" }, query);
    if (!page.ok || page.value.rows.length === 0) return marked;
    for (const stored of await ports.objects.bySeq(page.value.rows.map((row) => row.seq))) {
      const key = `${partyKey(stored.country_code, stored.party_id)}/${stored.id_key}`;
      if (seen.has(key) || stored.deleted || stored.received_ms >= begun) continue;
      if (await mark(ports, partner, stored)) marked++;
    }
    if (!page.value.more) return marked;
    after = page.value.rows.at(-1)?.seq ?? null;
  }
}

async function mark(ports: ObjectPorts, partner: Partner, stored: StoredObject): Promise<boolean> {
  const { module, country_code, party_id, id, id_key, origin } = stored;
  const writer: Writer = { actor: { kind: "partner", id: partner.id, epoch: partner.epoch }, partner, origin };
  const type = module === "tokens" ? { type: id_key.slice(0, id_key.indexOf("/")) } : {};
  const target: Target = {
    module,
    country_code,
    party_id,
    id,
    ...type,
    ciIds: refOf({ ...stored, ...type, ciIds: true }).id_key === id_key,
  };
  const done =
    module === "tariffs"
      ? await deleteObject(ports, writer, target)
      : await patchObject(ports, writer, target, (it) => ok(ended(module, it)));
  return done.ok && done.value.outcome === "updated";
}

function ended(module: string, object: JsonObject): JsonObject {
  if (module === "tokens") return { ...object, valid: false };
  const evses = (object.evses ?? []) as JsonObject[];
  return { ...object, evses: evses.map((evse) => ({ ...evse, status: "REMOVED" })) };
}
