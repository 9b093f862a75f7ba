import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, headersOf, sendRaw, urlOf, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, ownParties, token } from "../delivery/objects.ts";

// We are the eMSP: partner CPOs send us what charging has cost.

const world = useWorld();
ownParties(world);

beforeAll(async () => {
  await call(world, "PUT", "/tokens/NL/TNE/GOOD", token("GOOD", 1));
});

/** A CDR of a partner's for our token GOOD, as its version says it. */
function cdrOf({ version, party }: Connection, id: string, more: OcpiObject = {}): OcpiObject {
  const ours = { uid: "GOOD", type: "RFID", contract_id: "NL-TNE-GOOD" };
  const cdr_token = atLeast(version, "2.2.1") ? { country_code: "NL", party_id: "TNE", ...ours } : ours;
  const used = atLeast(version, "2.2") ? { cdr_token } : { auth_id: "NL-TNE-GOOD" };
  const { country_code, party_id } = party;
  return example(version, "cdrs", { country_code, party_id, id, ...used, ...more });
}

async function eventsOf(id: string): Promise<OcpiObject[]> {
  const { items } = await call(world, "GET", "/events?types=cdr.*&limit=1000");
  return items.filter(({ data }: OcpiObject) => data.cdr.id === id);
}

describe.each(VERSIONS)("a CPO of %s", (version: Version) => {
  let cpo: Connection;
  const n = VERSIONS.indexOf(version);
  const id = `CDR-${n}`;
  beforeAll(async () => {
    cpo = await world.connect({ version, role: "CPO", party: `DE/C0${n}` });
  });

  test("posts a CDR, gets a URL, and reads there what it sent", async () => {
    const cdr = cdrOf(cpo, id);
    const answer = await cpo.partner.push("cdrs", cdr);
    expect(answer).toMatchObject({ http: 201, status_code: 1000 });
    expect(answer.headers.location).toContain(`${world.url}/ocpi/${version}/receiver/cdrs/`);
    const read = await cpo.partner.readCdr(id);
    expect(read).toMatchObject({ http: 200, status_code: 1000 });
    expect(read.data).toEqual(cdr);
    expect(violationsOf(cpo)).toEqual([]);
  });

  test("is heard of by the back office once, with the token's owner", async () => {
    const events = await eventsOf(id);
    expect(events).toMatchObject([
      { type: "cdr.received", data: { partner: cpo.id, cdr: { id, party_id: `C0${n}` } } },
    ]);
    const stored = await call(world, "GET", `/cdrs/DE/C0${n}/${id}`);
    expect(stored.cdr_token).toMatchObject({ country_code: "NL", party_id: "TNE", contract_id: "NL-TNE-GOOD" });
    const { items } = await call(world, "GET", `/cdrs?partner=${cpo.id}`);
    expect(items).toEqual([stored]);
  });

  test("posts the same again: the same URL, nothing new", async () => {
    const [first] = cpo.partner.sent.filter(({ method, url }) => method === "POST" && url.endsWith("/cdrs"));
    const again = await cpo.partner.push("cdrs", cdrOf(cpo, id));
    expect(again).toMatchObject({ http: 200, status_code: 1000 });
    expect(again.headers.location).toBe(first?.answer?.headers.location);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  test("is refused another CDR of a known id, and the first stays", async () => {
    const before = await call(world, "GET", `/cdrs/DE/C0${n}/${id}`);
    for (const more of [
      { remark: "changed" },
      { currency: "SEK" },
      atLeast(version, "2.1.1") ? { total_energy: 1 } : { auth_id: "X" },
    ]) {
      const answer = await cpo.partner.push("cdrs", cdrOf(cpo, id, more));
      expect(answer).toMatchObject({ http: 200, status_code: 2001 });
    }
    expect(await call(world, "GET", `/cdrs/DE/C0${n}/${id}`)).toEqual(before);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  test("cannot change or remove it, nor read another partner's", async () => {
    const { data: _, headers } = await cpo.partner.push("cdrs", cdrOf(cpo, id));
    const url = headers.location ?? "";
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      expect(await sendRaw(url, { method, headers: headersOf(cpo), body: "{}" }), method).toMatchObject({ http: 405 });
    }
    const other = await world.connect({ version, role: "CPO", party: `DE/X0${n}` });
    const known = await sendRaw(url, { headers: headersOf(other) });
    const unknown = await sendRaw(url.replace(/[^/]+$/, "nothing"), { headers: headersOf(other) });
    expect(known).toMatchObject({ http: 404, status_code: 2000 });
    expect(unknown).toMatchObject({ http: 404, status_code: 2000 });
    expect(await sendRaw(url)).toMatchObject({ http: 401 });
  });

  test("is told what is wrong with a body: 400 for no JSON, else 2001 with the place", async () => {
    const url = urlOf(cpo, "cdrs", "RECEIVER");
    const headers = headersOf(cpo);
    expect(await sendRaw(url, { method: "POST", headers, body: "{" })).toMatchObject({ http: 400, status_code: 2001 });
    for (const [field, wrong] of [
      ["currency", 7],
      ["charging_periods", []],
      ["total_cost", "much"],
    ] as const) {
      const answer = await sendRaw(url, {
        method: "POST",
        headers,
        body: JSON.stringify(cdrOf(cpo, "BAD", { [field]: wrong })),
      });
      expect(answer, field).toMatchObject({ http: 200, status_code: 2001 });
      expect(answer.status_message, field).toContain(`/${field}`);
    }
    const { items } = await call(world, "GET", `/cdrs?partner=${cpo.id}`);
    expect(items.map((cdr: OcpiObject) => cdr.id)).not.toContain("BAD");
  });

  test("is pulled from: what it posted is known already, the rest is news", async () => {
    cpo.partner.own.cdrs.add(cdrOf(cpo, `PULL-${n}`));
    const { id: pull } = await call(world, "POST", `/partners/${cpo.id}/pull`, { modules: ["cdrs"], mode: "full" });
    await cpo.partner.waitFor((log) => log.some(({ method, module }) => method === "GET" && module === "cdrs"), 10_000);
    await expect
      .poll(() => call(world, "GET", `/partners/${cpo.id}/pulls/${pull}`), { timeout: 10_000 })
      .toMatchObject({ status: "DONE", modules: { cdrs: { stored: 1 } } });
    expect(await eventsOf(`PULL-${n}`)).toMatchObject([{ type: "cdr.received", data: { partner: cpo.id } }]);
    expect(await eventsOf(id)).toHaveLength(1);
    const stored = await call(world, "GET", `/cdrs/DE/C0${n}/PULL-${n}`);
    expect(stored.cdr_token).toMatchObject({ country_code: "NL", party_id: "TNE" });
  });
});

describe.each(VERSIONS.filter((version) => atLeast(version, "2.2")))("from 2.2 on: %s", (version: Version) => {
  let cpo: Connection;
  const n = VERSIONS.indexOf(version);
  beforeAll(async () => {
    cpo = await world.connect({ version, role: "CPO", party: `DE/D0${n}` });
  });

  test("signed data is kept to the byte, and handed to the back office so", async () => {
    const odd = 'OCMF|{"FV":"1.0"}|\\"\u00e9\u20ac\ud83d\ude00 \u2028\t/\\/ +==';
    const signed_data = {
      encoding_method: "OCMF",
      public_key: "aB+/=",
      signed_values: [{ nature: "Start", plain_data: odd, signed_data: `${"x".repeat(5000)}aB` }],
    };
    const answer = await cpo.partner.push("cdrs", cdrOf(cpo, "SIGNED", { signed_data }));
    expect(answer).toMatchObject({ http: 201, status_message: "Success" });
    expect(await cpo.partner.readCdr("SIGNED")).toMatchObject({ data: { signed_data } });
    const [event] = await eventsOf("SIGNED").then((all) => all.filter(({ data }) => data.partner === cpo.id));
    expect(event?.data.cdr.signed_data).toEqual(signed_data);
    const other = structuredClone(signed_data);
    Object.assign(other.signed_values[0] ?? {}, { signed_data: `${"x".repeat(5000)}ab` });
    const changed = await cpo.partner.push("cdrs", cdrOf(cpo, "SIGNED", { signed_data: other }));
    expect(changed).toMatchObject({ status_code: 2001 });
  });

  test("a credit CDR has an id of its own, up to 39 characters, and one that is not negative is told in the journal", async () => {
    const first = "F".repeat(36);
    await cpo.partner.push("cdrs", cdrOf(cpo, first));
    const { total_cost } = cdrOf(cpo, first);
    const negated = Object.fromEntries(
      Object.entries(total_cost).map(([name, value]) => [name, typeof value === "number" ? -value : value]),
    );
    if (Array.isArray(negated.taxes))
      negated.taxes = negated.taxes.map((tax: OcpiObject) => ({ ...tax, amount: -tax.amount }));
    const credit = { credit: true, credit_reference_id: first, total_cost: negated };
    expect(await cpo.partner.push("cdrs", cdrOf(cpo, `${first}-C1`, credit))).toMatchObject({
      http: 201,
      status_code: 1000,
    });
    const wrong = { credit: true, total_cost };
    expect(
      await sendRaw(urlOf(cpo, "cdrs", "RECEIVER"), {
        method: "POST",
        headers: headersOf(cpo),
        body: JSON.stringify(cdrOf(cpo, "NOT-NEGATIVE", wrong)),
      }),
    ).toMatchObject({ http: 201, status_code: 1000 });
    const { items } = await call(world, "GET", `/messages?partner=${cpo.id}&module=cdrs&limit=5`);
    const found = items.flatMap(({ findings }: OcpiObject) => findings.map(({ pointer }: OcpiObject) => pointer));
    expect(found).toEqual(expect.arrayContaining(["/credit_reference_id", "/total_cost"]));
  });

  test("a CDR of a party it has not registered is refused", async () => {
    const url = urlOf(cpo, "cdrs", "RECEIVER");
    for (const party_id of ["ZZZ", "C01"]) {
      const body = JSON.stringify(cdrOf(cpo, "FOREIGN", { party_id }));
      const answer = await sendRaw(url, { method: "POST", headers: headersOf(cpo), body });
      expect(answer).toMatchObject({ http: 200, status_code: 2001 });
      expect(answer.status_message).toContain("/party_id");
    }
  });

  test("the same time in another spelling, and the same id in another case, are the same", async () => {
    const answer = await cpo.partner.push("cdrs", cdrOf(cpo, "CaSe", { last_updated: "2026-01-01T00:00:00Z" }));
    const again = await cpo.partner.push("cdrs", cdrOf(cpo, "CaSe", { last_updated: "2026-01-01T00:00:00.000Z" }));
    expect(again).toMatchObject({ http: 200, status_message: "Success" });
    expect(again.headers.location).toBe(answer.headers.location);
    const other = await cpo.partner.push(
      "cdrs",
      cdrOf(cpo, "CASE", { last_updated: "2026-01-01T00:00:00Z", remark: "x" }),
    );
    expect(other).toMatchObject({ status_code: 2001 });
  });
});
