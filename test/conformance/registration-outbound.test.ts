import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Misbehaviour } from "../sandbox/faults.ts";
import { type Partner, startPartner } from "../sandbox/partner.ts";
import type { PartnerOptions } from "../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../sandbox/versions.ts";
import { bearing, sendRaw, useWorld } from "../support/ocpi.ts";

let parties = 0;

/** A gateway with a CPO and an eMSP of its own, and what these tests do with it. */
function useStage() {
  const world = useWorld();
  const running: Partner[] = [];
  beforeAll(async () => {
    for (const [id, role] of [
      ["GWC", "CPO"],
      ["GWE", "EMSP"],
    ]) {
      await world.api("PUT", `/parties/NL/${id}`, { roles: [role], business_details: { name: `Gateway ${id}` } });
    }
  });
  afterAll(() => Promise.all(running.map((partner) => partner.close())));

  /** A CPO that runs and invites us. */
  async function host(version: Version, over: Partial<PartnerOptions> = {}): Promise<Partner> {
    const party_id = `Q${(++parties).toString(36).padStart(2, "0").toUpperCase()}`;
    const partner = await startPartner({ version, roles: [{ role: "CPO", country_code: "NL", party_id }], ...over });
    running.push(partner);
    return partner;
  }

  /** We register with it. */
  const register = (partner: Partner, over: object = {}) => {
    const request = { name: "A partner", role: "CPO", versions_url: partner.versionsUrl, token: partner.inviteToken() };
    return world.api("POST", "/partners", { ...request, ...over });
  };

  /** What the gateway has of this partner. */
  async function rowsOf(partner: Partner) {
    const { json } = await world.api("GET", "/partners?limit=1000");
    const origin = new URL(partner.versionsUrl).origin;
    const items = json.items as { id: string; status: string; version: string | null; versions_url: string | null }[];
    return items.filter(({ versions_url }) => versions_url?.startsWith(origin));
  }

  /** Asks for the versions with a token the partner may have. */
  const probe = (version: Version, token: string | undefined) =>
    sendRaw(`${world.url}/ocpi/versions`, { headers: bearing(version, token ?? "") });

  /** Both sides are registered in this version, and let each other in. */
  async function expectConnected(partner: Partner, version: Version) {
    const rows = await rowsOf(partner);
    expect(rows).toMatchObject([{ status: "REGISTERED", version }]);
    expect((await probe(version, partner.peer?.tokenOut)).http).toBe(200);
    expect((await world.api("POST", `/partners/${rows[0]?.id}/register`, {})).status).toBe(200);
  }

  return { world, host, register, rowsOf, probe, expectConnected };
}

describe.each(VERSIONS)("we register with a partner in %s", (version) => {
  const { world, host, register, rowsOf, probe, expectConnected } = useStage();

  test("the handshake is to the letter, and both sides know each other", async () => {
    const partner = await host(version);
    const answer = await register(partner);
    expect(answer).toMatchObject({
      status: 201,
      json: {
        status: "REGISTERED",
        version,
        roles: [{ role: "CPO", ...pick(partner) }],
        endpoints: expect.arrayContaining([expect.objectContaining({ identifier: "credentials" })]),
      },
    });
    expect(answer.json.token).toBeUndefined();
    expect(partner.requests.map(({ method, module }) => `${method} ${module}`)).toEqual([
      "GET versions",
      "GET details",
      "POST credentials",
    ]);
    expect(partner.sent.map(({ method, answer }) => `${method} ${answer?.http}`)).toEqual(["GET 200", "GET 200"]);
    const modern = atLeast(version, "2.2");
    expect(partner.peer?.roles.map(({ party_id }) => party_id)).toEqual(modern ? ["GWC", "GWE"] : ["GWE"]);
    expect(partner.violations).toEqual([]);
    await expectConnected(partner, version);
    expect(partner.violations).toEqual([]);
  });

  test.each([
    ["versions", { modules: "versions", http: 500 }, "versions"],
    ["versions refused", { modules: "versions", status: 2001 }, "versions"],
    ["versions that are a web page", { modules: "versions", html: true }, "versions"],
    [
      "no version in common",
      { modules: "versions", versions: [{ version: "9.9", url: "http://127.0.0.1:1/" }] },
      "versions",
    ],
    ["details", { modules: "details", http: 404 }, "version_details"],
    ["details cut short", { modules: "details", truncate: true }, "version_details"],
    ["no credentials endpoint", { modules: "details", omit: ["credentials"] }, "version_details"],
    ["credentials", { modules: "credentials", status: 3001 }, "credentials"],
    ["credentials by HTTP", { modules: "credentials", http: 400, status: 2001 }, "credentials"],
    ["credentials redirected", { modules: "credentials", redirect: "/elsewhere" }, "credentials"],
  ] as [string, Misbehaviour, string][])(
    "%s fail: the step is named, and nothing is left behind",
    async (_, fault, step) => {
      const partner = await host(version);
      partner.misbehave(fault);
      const answer = await register(partner);
      expect(answer).toMatchObject({ status: 502, json: { status: 502, step, detail: expect.any(String) } });
      expect(await rowsOf(partner)).toEqual([]);
      const tokens = partner.requests.map(({ body }) => body?.token).filter(Boolean);
      for (const token of tokens) expect((await probe(version, token)).http).toBe(401);
      partner.behave();
      expect((await register(partner)).status).toBe(201);
    },
  );

  test.each(["lose", "truncate"] as const)(
    "an answer to the POST that is lost (%s): the partner's PUT completes it",
    async (how) => {
      const partner = await host(version);
      partner.misbehave({ modules: "credentials", methods: "POST", [how]: true, times: 1 });
      expect(await register(partner)).toMatchObject({ status: 502, json: { step: "credentials" } });
      expect((await rowsOf(partner)).filter(({ status }) => status === "REGISTERED")).toEqual([]);
      await partner.updateCredentials();
      await expectConnected(partner, version);
    },
  );

  test("an answer to the POST that is lost: a fresh token A mends it, and one row is left", async () => {
    const partner = await host(version);
    partner.misbehave({ modules: "credentials", methods: "POST", lose: true, times: 1 });
    expect((await register(partner)).status).toBe(502);
    expect((await register(partner)).status).toBe(201);
    await expectConnected(partner, version);
  });

  test("an answer to a PUT that is lost: the connection goes on, and the PUT can be sent again", async () => {
    const partner = await host(version);
    const { json } = await register(partner);
    partner.misbehave({ modules: "credentials", methods: "PUT", lose: true, times: 1 });
    expect(await world.api("POST", `/partners/${json.id}/register`, {})).toMatchObject({
      status: 502,
      json: { step: "credentials" },
    });
    expect((await probe(version, partner.peer?.tokenOut)).http).toBe(200);
    await expectConnected(partner, version);
  });

  test("DELETE ends it on both sides", async () => {
    const partner = await host(version);
    const { json } = await register(partner);
    const token = partner.peer?.tokenOut ?? "";
    expect((await world.api("DELETE", `/partners/${json.id}`)).status).toBe(204);
    expect(partner.requests.at(-1)).toMatchObject({ method: "DELETE", module: "credentials" });
    expect(await rowsOf(partner)).toMatchObject([{ status: "UNREGISTERED" }]);
    expect((await probe(version, token)).http).toBe(401);
    expect((await register(partner)).status).toBe(201);
  });
});

describe("the version", () => {
  const { world, host, register, expectConnected } = useStage();

  test("is the newest in common, or the one asked for", async () => {
    const many = await host("2.1.1", { versions: ["2.1.1", "2.2", "2.2.1"] });
    expect((await register(many)).json).toMatchObject({ version: "2.2.1" });
    const old = await host("2.2.1", { versions: ["2.1.1", "2.2.1"] });
    expect((await register(old, { version: "2.1.1" })).json).toMatchObject({ version: "2.1.1" });
    const none = await host("2.2.1");
    expect(await register(none, { version: "2.3.0" })).toMatchObject({ status: 502, json: { step: "versions" } });
  });

  test.each([
    ["2.1.1", "2.2.1"],
    ["2.0", "2.3.0"],
    ["2.3.0", "2.1.1"],
  ] as [Version, Version][])("changes from %s to %s and back by POST /partners/{id}/register", async (from, to) => {
    const partner = await host(from, { versions: [from, to] });
    const { json } = await register(partner, { version: from });
    for (const version of [to, from]) {
      const answer = await world.api("POST", `/partners/${json.id}/register`, { version });
      expect(answer).toMatchObject({ status: 200, json: { version, status: "REGISTERED" } });
      expect(partner.peer?.version).toBe(version);
      await expectConnected(partner, version);
    }
    expect(partner.violations).toEqual([]);
  });

  test("stays when another is asked for that the partner does not have", async () => {
    const partner = await host("2.2.1");
    const { json } = await register(partner);
    expect(await world.api("POST", `/partners/${json.id}/register`, { version: "2.1.1" })).toMatchObject({
      status: 502,
      json: { step: "versions" },
    });
    await expectConnected(partner, "2.2.1");
  });
});

describe("how a partner is reached", () => {
  const { world, host, register, expectConnected } = useStage();

  test.each(
    VERSIONS.flatMap((version) => (["raw", "base64"] as const).map((encoding) => [version, encoding] as const)),
  )("%s that reads tokens only as %s is learned", async (version, acceptTokens) => {
    const partner = await host(version, { acceptTokens, tokenEncoding: acceptTokens });
    expect(await register(partner)).toMatchObject({ status: 201, json: { token_encoding: acceptTokens } });
    await expectConnected(partner, version);
  });

  test("an encoding that was set is the only one that is tried", async () => {
    const partner = await host("2.2.1", { acceptTokens: "raw", tokenEncoding: "raw" });
    const answer = await register(partner, { settings: { token_encoding: "base64" } });
    expect(answer).toMatchObject({ status: 502, json: { step: "versions" } });
    expect(partner.requests.length).toBe(1);
    expect((await register(partner, { settings: { token_encoding: "raw" } })).status).toBe(201);
  });

  test("a slash too many or too few is nothing", async () => {
    const partner = await host("2.2.1", { trailingSlash: true });
    expect((await register(partner, { versions_url: `${partner.versionsUrl}/` })).status).toBe(201);
    await expectConnected(partner, "2.2.1");
  });

  test("a redirect of a GET within the origin is followed, another is not", async () => {
    const partner = await host("2.2.1");
    partner.misbehave({ modules: "versions", redirect: "/ocpi/versions?moved", times: 1 });
    expect((await register(partner)).status).toBe(201);
    const elsewhere = await host("2.2.1");
    elsewhere.misbehave({ modules: "versions", redirect: partner.versionsUrl });
    const before = partner.requests.length;
    expect(await register(elsewhere)).toMatchObject({ status: 502, json: { step: "versions" } });
    expect(partner.requests.length).toBe(before);
  });

  test.each(["http://127.0.0.1:1/versions", "http://user:pw@127.0.0.1/versions"])(
    "not at all at %s",
    async (versions_url) => {
      const answer = await world.api("POST", "/partners", {
        name: "Nobody",
        role: "CPO",
        versions_url,
        token: "token-a",
      });
      expect(answer).toMatchObject({ status: 502, json: { step: "versions" } });
    },
  );
});

describe("our parties", () => {
  const { world, host, register, rowsOf, expectConnected } = useStage();

  test("a role that we do not know of the partner must be given below 2.2", async () => {
    const partner = await host("2.1.1");
    const answer = await register(partner, { role: undefined });
    expect(answer).toMatchObject({ status: 409, json: { detail: expect.stringContaining("role") } });
    expect(partner.requests.map(({ method }) => method)).not.toContain("POST");
    expect(await rowsOf(partner)).toEqual([]);
  });

  test("a party that another partner has registered is a conflict, and the partner is told that we withdraw", async () => {
    const holder = await host("2.2.1");
    await register(holder);
    const thief = await host("2.2.1", { roles: holder.roles });
    const answer = await register(thief);
    expect(answer.status).toBe(409);
    expect(thief.requests.at(-1)).toMatchObject({ method: "DELETE", module: "credentials" });
    expect(await rowsOf(thief)).toEqual([]);
    await expectConnected(holder, "2.2.1");
  });

  test("a change of them reaches every registered partner by PUT", async () => {
    const partners = [await host("2.2.1"), await host("2.3.0")];
    for (const partner of partners) await register(partner);
    await world.api("PUT", "/parties/BE/NEW", { roles: ["EMSP"], business_details: { name: "New" } });
    for (const partner of partners) {
      await partner.waitFor(
        () => partner.peer?.roles.some(({ country_code, party_id }) => country_code === "BE" && party_id === "NEW"),
        15_000,
      );
      expect(partner.violations).toEqual([]);
    }
    expect((await world.api("DELETE", "/parties/BE/NEW")).status).toBe(204);
    for (const partner of partners) {
      await partner.waitFor(() => partner.peer?.roles.every(({ party_id }) => party_id !== "NEW"), 15_000);
    }
  });
});

function pick({ roles: [role] }: Partner) {
  return { country_code: role?.country_code, party_id: role?.party_id };
}
