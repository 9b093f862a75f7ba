import type { TokenReference } from "../../ocpi/codec.ts";
import type { StoredObject } from "../../ports/objects.ts";
import { columns, type ObjectRow, stored } from "./object-rows.ts";
import { prepare, sql } from "./sql.ts";

/** Types under which a Token may be kept that is named without one. */
const TYPES = ["RFID", "APP_USER", "AD_HOC_USER", "OTHER", "EMAID"];

/**
 * Stored Tokens by their contracts, and by their uids where that is all an older version says. Of several the one that fits best: by uid
 * and type, our own before those of partners, the latest. One call.
 */
export async function findTokens(db: D1Database, wanted: readonly TokenReference[]): Promise<(StoredObject | null)[]> {
  if (wanted.length === 0) return [];
  const list = JSON.stringify(wanted.map(({ contract_id, uid }) => [contract_id.toUpperCase(), uid ?? contract_id]));
  const { results } = await prepare(
    db,
    sql`SELECT j.key AS i, ${columns("none")} FROM json_each(${list}) j CROSS JOIN objects o INDEXED BY objects_contract
        WHERE o.module = 'tokens' AND upper(o.body ->> '$.contract_id') = j.value->>0 AND o.recipient = '' AND o.deleted = 0
      UNION ALL
      SELECT j.key AS i, ${columns("none")} FROM json_each(${list}) j
        CROSS JOIN (SELECT country_code, party_id FROM parties UNION SELECT country_code, party_id FROM partner_roles WHERE role = 'EMSP') p
        CROSS JOIN json_each(${JSON.stringify(TYPES)}) t CROSS JOIN objects o
        WHERE o.module = 'tokens' AND o.country_code = p.country_code AND o.party_id = p.party_id
          AND o.id_key IN (t.value || '/' || (j.value->>1), t.value || '/' || upper(j.value->>1)) AND o.recipient = '' AND o.deleted = 0`,
  ).all<ObjectRow & { i: number }>();
  return wanted.map((reference, index) => {
    const found = results.filter(({ i }) => i === index).map(({ i: _, ...row }) => stored(row as ObjectRow));
    return found.sort((a, b) => rank(b, reference) - rank(a, reference) || b.revision - a.revision)[0] ?? null;
  });
}

/** How well a Token fits what is asked for. */
function rank(token: StoredObject, { contract_id, uid, type }: TokenReference): number {
  const same = (a: unknown, b: string | undefined) => typeof a === "string" && a.toUpperCase() === b?.toUpperCase();
  const { body } = token;
  return (
    (same(body.contract_id, contract_id) ? 8 : 0) +
    (same(body.uid, uid) ? 4 : 0) +
    (same(body.type, type) ? 2 : 0) +
    (token.partner === null ? 1 : 0)
  );
}
