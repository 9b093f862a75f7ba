import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, token } from "../delivery/objects.ts";

// We are a hub: a CDR goes on from the CPO that posted it to the eMSP that owns its token.

const world = useWorld();
let emsp: Connection;
let stranger: Connection;

beforeAll(async () => {
  await call(world, "PUT", "/parties/NL/HUB", { roles: ["HUB"], business_details: { name: "Hub" } });
  emsp = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/EMS" });
  stranger = await world.connect({ version: "2.3.0", role: "EMSP", party: "DE/STR" });
  const theirs = { ...token("T1", 1), country_code: "DE", party_id: "EMS", contract_id: "DE-EMS-C1" };
  expect(await emsp.partner.push("tokens", theirs)).toMatchObject({ status_code: 1000 });
});

function cdrOf({ version, party }: Connection, id: string): OcpiObject {
  const used = { uid: "T1", type: "RFID", contract_id: "DE-EMS-C1" };
  const cdr_token = atLeast(version, "2.2.1") ? { country_code: "DE", party_id: "EMS", ...used } : used;
  const { country_code, party_id } = party;
  const named = atLeast(version, "2.2") ? { cdr_token } : { auth_id: "DE-EMS-C1" };
  return example(version, "cdrs", { country_code, party_id, id, ...named });
}

describe.each(VERSIONS)("posted by a CPO of %s", (version: Version) => {
  test("it reaches the owner of the token, and nobody else", async () => {
    const n = VERSIONS.indexOf(version);
    const cpo = await world.connect({ version, role: "CPO", party: `BE/C0${n}` });
    const cdr = cdrOf(cpo, `R-${n}`);
    expect(await cpo.partner.push("cdrs", cdr)).toMatchObject({ http: 201, status_code: 1000 });
    const received = await emsp.partner.waitFor(() => emsp.partner.store.cdrs.get(`BE/C0${n}/R-${n}`), 15_000);
    expect(received).toMatchObject({ id: `R-${n}`, cdr_token: { country_code: "DE", party_id: "EMS", uid: "T1" } });
    if (version === emsp.version) expect(received).toEqual(cdr);
    if (atLeast(version, "2.2")) expect(received.signed_data).toEqual(cdr.signed_data);
    const [request] = emsp.partner.requests
      .filter(({ method, module }) => method === "POST" && module === "cdrs")
      .slice(-1);
    expect(request?.headers).toMatchObject({ "ocpi-to-party-id": "EMS", "ocpi-from-party-id": "HUB" });
    expect((await emsp.partner.pull("cdrs")).map(({ id }) => id)).toContain(`R-${n}`);
    expect(await stranger.partner.pull("cdrs")).toEqual([]);
    expect(stranger.partner.store.cdrs.size).toBe(0);
    expect(violationsOf(emsp).filter(({ rule }) => rule !== "length")).toEqual([]);
  });
});

describe.each(VERSIONS.filter((version) => version !== "2.2.1"))("for an eMSP of %s", (version: Version) => {
  test("it and the credit for it are said in its version", async () => {
    const n = VERSIONS.indexOf(version);
    const provider = { country_code: "DE", party_id: `K0${n}` };
    const contract = `DE-K0${n}-C1`;
    const reader = await world.connect({ version, role: "EMSP", party: `DE/K0${n}` });
    const cpo = await world.connect({ version: "2.2.1", role: "CPO", party: `BE/K0${n}` });
    const used = { uid: `K${n}`, type: "RFID" };
    const named = { [atLeast(version, "2.2") ? "contract_id" : "auth_id"]: contract };
    await reader.partner.push("tokens", example(version, "tokens", { ...provider, ...used, ...named }), {
      owner: provider,
    });
    const cdr_token = { ...provider, ...used, contract_id: contract };
    const owner = { country_code: "BE", party_id: `K0${n}` };
    const cdr = example("2.2.1", "cdrs", { ...owner, id: `O-${n}`, cdr_token });
    const { excl_vat } = cdr.total_cost as { excl_vat: number };
    const back = { credit: true, credit_reference_id: `O-${n}`, total_cost: { excl_vat: -excl_vat } };
    for (const each of [cdr, { ...cdr, ...back, id: `O-${n}-C` }])
      expect(await cpo.partner.push("cdrs", each)).toMatchObject({ http: 201, status_code: 1000 });
    // Below 2.2 a CDR does not say whose it is: it is found by its id.
    const held = (id: string) =>
      reader.partner.waitFor(() => reader.partner.store.cdrs.list().find((it) => it.id === id), 15_000);
    const [first, credit] = [await held(`O-${n}`), await held(`O-${n}-C`)];
    const costOf = ({ total_cost: cost }: OcpiObject) =>
      Number(typeof cost === "object" ? (cost.excl_vat ?? cost.before_taxes) : cost);
    expect([costOf(first), costOf(credit)]).toEqual([excl_vat, -excl_vat]);
    if (atLeast(version, "2.2")) {
      expect(first).toMatchObject({ cdr_token: { uid: `K${n}`, contract_id: contract }, signed_data: cdr.signed_data });
      expect(credit).toMatchObject({ credit: true, credit_reference_id: `O-${n}` });
    } else {
      expect(first.auth_id).toBe(contract);
      expect(credit.remark).toContain(`O-${n}`);
    }
    expect(violationsOf(reader).filter(({ rule }) => rule !== "length")).toEqual([]);
  });
});
