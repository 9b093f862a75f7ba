import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { partyStore } from "../../../src/cloudflare/d1/parties.ts";
import { partnerStore } from "../../../src/cloudflare/d1/partners.ts";
import { partnerStoreCases } from "../../support/partner-store-cases.ts";

const clock = { now: () => Date.parse("2026-05-01T10:00:00Z") };

async function empty(): Promise<void> {
  const tables = ["partners", "partner_roles", "credentials_tokens", "parties", "objects", "counts"];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
}

partnerStoreCases(async (time) => {
  await empty();
  return { partners: partnerStore(env.DB, time), parties: partyStore(env.DB, time) };
});

describe("own parties", () => {
  const parties = partyStore(env.DB, clock);
  beforeEach(empty);
  const party = { country_code: "NL", party_id: "TNM", roles: ["CPO"], business_details: { name: "Us" } };

  test("are created, updated, left unchanged, and listed in creation order", async () => {
    expect(await parties.put(party)).toBe("created");
    expect(await parties.put({ ...party, country_code: "BE" })).toBe("created");
    expect(await parties.put(party)).toBe("unchanged");
    expect(await parties.put({ ...party, roles: ["CPO", "EMSP"] })).toBe("updated");
    expect(await parties.list()).toEqual([
      { ...party, roles: ["CPO", "EMSP"] },
      { ...party, country_code: "BE" },
    ]);
  });

  test("cannot be removed while they own objects", async () => {
    await parties.put(party);
    await env.DB.prepare("INSERT INTO counts VALUES ('locations', 'NL', 'TNM', '', '', '*', 1)").run();
    const columns =
      "module, country_code, party_id, id_key, id, recipient, partner, origin, audience, body, last_updated, updated_ms, received_ms, changed_ms, revision, deleted";
    await env.DB.prepare(
      `INSERT INTO objects (${columns}) VALUES ('locations', 'NL', 'TNM', 'L', 'L', '', '', '2.3.0', '*', '{}', '', 0, 0, 0, 1, 0)`,
    ).run();
    expect(await parties.remove("NL", "TNM")).toBe("owns");
    await env.DB.prepare("UPDATE objects SET deleted = 1").run();
    expect(await parties.remove("NL", "TNM")).toBe("removed");
    expect(await parties.remove("NL", "TNM")).toBe("absent");
  });
});
