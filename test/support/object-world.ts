import { env } from "cloudflare:workers";
import { objectStore } from "../../src/cloudflare/d1/objects.ts";
import type { ObjectPorts } from "../../src/gateway/objects.ts";
import type { Writer } from "../../src/ports/objects.ts";
import type { Partner, PartnerRole, PartnerStatus, Party } from "../../src/ports/partners.ts";
import { countedDb } from "./counted-db.ts";

/** A clock that stands where it is put. */
export const clock = { ms: Date.parse("2026-05-01T12:00:00Z"), now: (): number => clock.ms };

const counted = countedDb(env.DB);
/** Calls of D1 since it was last asked. */
export const calls = counted.calls;
/** The store over the real D1, its calls counted. */
export const objects = objectStore(counted.db, clock);
/** Modules of which the feed was told to have moved. */
export const notified: string[] = [];
const running: Promise<unknown>[] = [];

/** What use cases of objects need, over the real D1. */
export const ports: ObjectPorts = {
  clock,
  objects,
  feed: {
    notify: async (modules) => {
      notified.push(...modules);
    },
  },
  background: {
    run: (work) => {
      running.push(work);
    },
  },
};

/** Waits for what was left running behind answers. */
export const settled = (): Promise<unknown> => Promise.all(running.splice(0));

export const operator: Writer = { actor: { kind: "operator" }, partner: null, origin: "2.3.0" };

/** Makes a party ours. */
export async function addParty(countryCode: string, partyId: string, roles: string[] = ["CPO"]): Promise<Party> {
  await env.DB.prepare("INSERT INTO parties VALUES (?, ?, ?, '{}', 0, 0)")
    .bind(countryCode, partyId, JSON.stringify(roles))
    .run();
  return { country_code: countryCode, party_id: partyId, roles, business_details: { name: partyId } };
}

/** Registers a partner that speaks for parties (`CPO NL TNM`), straight in the tables. */
export async function addPartner(id: string, ...roles: string[]): Promise<Partner> {
  const parsed: PartnerRole[] = roles.map((text) => {
    const [role = "", country_code = "", party_id = ""] = text.split(" ");
    return { role, country_code, party_id };
  });
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO partners (id, name, status, roles, endpoints, token_encoding, allow, settings, epoch, created_at)
       VALUES (?1, ?1, 'REGISTERED', ?2, '[]', 'base64', '{}', '{}', 1, 0)`,
    ).bind(id, JSON.stringify(parsed)),
    ...parsed.map(({ role, country_code, party_id }) =>
      env.DB.prepare("INSERT INTO partner_roles VALUES (?, ?, ?, ?)").bind(role, country_code, party_id, id),
    ),
  ]);
  return {
    id,
    name: id,
    status: "REGISTERED",
    side: null,
    version: "2.2.1",
    versions_url: null,
    roles: parsed,
    endpoints: [],
    token_encoding: "base64",
    outbound_token: null,
    allow: {},
    settings: { token_encoding: "auto", push: true, retry: true, initial: "none" },
    epoch: 1,
    created_at: 0,
    last_seen_at: null,
  };
}

/** Changes a partner so that whoever was authenticated before is not any more. */
export async function setStatus(partner: Partner, status: PartnerStatus): Promise<void> {
  await env.DB.prepare("UPDATE partners SET status = ?, epoch = epoch + 1 WHERE id = ?").bind(status, partner.id).run();
}

/** A partner as a writer in version 2.2.1. */
export const writerOf = (partner: Partner): Writer => ({
  actor: { kind: "partner", id: partner.id, epoch: partner.epoch },
  partner,
  origin: "2.2.1",
});

/** Rows of a query. */
export async function rows<T>(query: string, ...params: unknown[]): Promise<T[]> {
  return (
    await env.DB.prepare(query)
      .bind(...params)
      .all<T>()
  ).results;
}

/** What `counts` must say: counted. */
const COUNTED = `SELECT module, country_code, party_id, recipient, partner, audience, count(*) AS n FROM objects
  WHERE deleted = 0 GROUP BY 1, 2, 3, 4, 5, 6`;
const KEPT = "SELECT module, country_code, party_id, recipient, partner, audience, n FROM counts WHERE n <> 0";

/** Combinations in which the kept counts are not what counting gives; none when all is well. */
export const wrongCounts = (): Promise<unknown[]> =>
  rows(`SELECT * FROM (${COUNTED} EXCEPT ${KEPT}) UNION ALL SELECT * FROM (${KEPT} EXCEPT ${COUNTED})`);
