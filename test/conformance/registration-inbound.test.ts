import { beforeAll, describe, expect, test } from "vitest";
import type { Misbehaviour } from "../sandbox/faults.ts";
import { type Partner, startPartner } from "../sandbox/partner.ts";
import type { Answer, TokenEncoding } from "../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../sandbox/versions.ts";
import { bearing, type Invitation, sendRaw, useWorld } from "../support/ocpi.ts";

const world = useWorld();
let parties = 0;
/** A party nobody else in this file uses. */
const party = () => `NL/P${(++parties).toString(36).padStart(2, "0").toUpperCase()}`;

beforeAll(async () => {
  for (const [id, role] of [
    ["GWC", "CPO"],
    ["GWE", "EMSP"],
  ]) {
    await world.api("PUT", `/parties/NL/${id}`, { roles: [role], business_details: { name: `Gateway ${id}` } });
  }
});

const invite = (version: Version, over: object = {}) => world.invite({ version, role: "CPO", party: party(), ...over });
const stored = async ({ id }: { id: string }) => (await world.api("GET", `/partners/${id}`)).json;
const versionsWith = (version: Version, token: string): Promise<Answer> =>
  sendRaw(`${world.url}/ocpi/versions`, { headers: bearing(version, token) });

/** A request to the credentials endpoint with any token and body, past what the partner knows. */
function credentials(invited: Invitation, method: string, token: string, body?: object): Promise<Answer> {
  const url = `${invited.versionsUrl.replace(/\/versions$/, "")}/${invited.version}/credentials`;
  const headers = { ...bearing(invited.version, token), ...(body ? { "content-type": "application/json" } : {}) };
  return sendRaw(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
}

/** Credentials as the partner would send them. */
function bodyOf(
  { partner, version, party: { country_code, party_id } }: Invitation,
  token: string,
  over: object = {},
): object {
  const business_details = { name: "Partner" };
  const who = atLeast(version, "2.2")
    ? { roles: [{ role: "CPO", country_code, party_id, business_details }] }
    : { country_code, party_id, business_details };
  return { token, url: partner.versionsUrl, ...who, ...over };
}

const refused = (partner: Partner, invited: Invitation): Promise<Error & { step?: string; answer?: Answer }> =>
  partner.register(invited.versionsUrl, invited.token).then(
    () => Promise.reject(new Error("it registered")),
    (error) => error,
  );

describe.each(VERSIONS)("a partner registers with us in %s", (version) => {
  test("token A is used up, both sides know each other, and nothing was said that the version forbids", async () => {
    const invited = await invite(version);
    const { partner, token, versionsUrl } = invited;
    expect((await versionsWith(version, token)).status_code).toBe(1000);
    const peer = await partner.register(versionsUrl, token);
    expect(peer.roles).toMatchObject([
      { country_code: "NL", party_id: atLeast(version, "2.2") ? "GWC" : "GWE" },
      ...(atLeast(version, "2.2") ? [{ party_id: "GWE" }] : []),
    ]);
    const { country_code, party_id } = invited.party;
    expect(await stored(invited)).toMatchObject({
      status: "REGISTERED",
      version,
      versions_url: partner.versionsUrl,
      roles: [{ role: "CPO", country_code, party_id }],
      endpoints: expect.arrayContaining([expect.objectContaining({ identifier: "locations" })]),
    });
    expect((await versionsWith(version, token)).http).toBe(401);
    expect((await credentials(invited, "POST", token, bodyOf(invited, "b"))).http).toBe(401);
    expect(partner.violations).toEqual([]);
  });

  test("GET credentials tells the token of the request, before and after", async () => {
    const invited = await invite(version);
    const before = await credentials(invited, "GET", invited.token);
    expect(before.data).toMatchObject({ token: invited.token });
    const peer = await invited.partner.register(invited.versionsUrl, invited.token);
    expect(await invited.partner.readCredentials()).toMatchObject({ token: peer.tokenOut });
  });

  test("POST when registered, PUT and DELETE when not, are 405", async () => {
    const invited = await invite(version);
    for (const method of ["PUT", "DELETE"]) {
      const answer = await credentials(
        invited,
        method,
        invited.token,
        method === "PUT" ? bodyOf(invited, "b") : undefined,
      );
      expect([method, answer.http, answer.headers.allow]).toEqual([method, 405, "GET, POST"]);
    }
    const { tokenOut } = await invited.partner.register(invited.versionsUrl, invited.token);
    const again = await credentials(invited, "POST", tokenOut, bodyOf(invited, "b"));
    expect([again.http, again.headers.allow]).toEqual([405, "GET, PUT, DELETE"]);
    expect((await credentials(invited, "PATCH", tokenOut, {})).http).toBe(405);
  });

  test("token A opens nothing but the way to registration", async () => {
    const invited = await invite(version);
    for (const side of ["sender", "receiver"]) {
      const url = `${world.url}/ocpi/${version}/${side}/tokens${side === "receiver" ? "/NL/GWE/1" : ""}`;
      expect((await sendRaw(url, { headers: bearing(version, invited.token) })).http).toBe(401);
    }
  });

  test("PUT: new tokens both ways, the old one good until the new one is used", async () => {
    const invited = await invite(version);
    const { partner } = invited;
    const { tokenOut: first } = await partner.register(invited.versionsUrl, invited.token);
    const { tokenOut: second } = await partner.updateCredentials();
    expect(second).not.toBe(first);
    expect((await versionsWith(version, first)).http).toBe(200);
    expect((await versionsWith(version, second)).http).toBe(200);
    expect((await versionsWith(version, first)).http).toBe(401);
    expect((await stored(invited)).status).toBe("REGISTERED");
    expect(partner.violations).toEqual([]);
  });

  test("PUT whose answer is lost can be sent again with the old token", async () => {
    const invited = await invite(version);
    const { partner } = invited;
    const peer = await partner.register(invited.versionsUrl, invited.token);
    const { tokenOut: first } = peer;
    await partner.updateCredentials();
    peer.tokenOut = first;
    const { tokenOut: third } = await partner.updateCredentials();
    expect((await versionsWith(version, third)).http).toBe(200);
    expect((await versionsWith(version, first)).http).toBe(401);
  });

  test("DELETE ends it: the tokens are dead, the party is free", async () => {
    const invited = await invite(version);
    const { tokenOut } = await invited.partner.register(invited.versionsUrl, invited.token);
    expect((await invited.partner.unregister()).status_code).toBe(1000);
    expect(await stored(invited)).toMatchObject({ status: "UNREGISTERED", endpoints: [] });
    expect((await versionsWith(version, tokenOut)).http).toBe(401);
    const heir = await world.invite({ version, role: "CPO", party: `NL/${invited.party.party_id}` });
    await heir.partner.register(heir.versionsUrl, heir.token);
    expect((await stored(heir)).status).toBe("REGISTERED");
  });

  test.each([
    ["versions cannot be read", { modules: "versions", http: 500 }, 3001],
    ["versions are a web page", { modules: "versions", html: true }, 3001],
    ["details cannot be read", { modules: "details", http: 404 }, 3001],
    ["the connection is cut", { modules: "details", reset: true }, 3001],
    [
      "the version is not among its versions",
      { modules: "versions", versions: [{ version: "9.9", url: "http://127.0.0.1:1/" }] },
      3002,
    ],
    ["credentials are missing", { modules: "details", omit: ["credentials"] }, 3003],
    [
      "all but credentials is missing",
      {
        modules: "details",
        omit: ["locations", "tariffs", "tokens", "sessions", "cdrs", "commands", "chargingprofiles", "hubclientinfo"],
      },
      3003,
    ],
  ] as [string, Misbehaviour, number][])("when %s: refused, and token A stays good", async (_, fault, code) => {
    const invited = await invite(version);
    const { partner } = invited;
    partner.misbehave(fault);
    const error = await refused(partner, invited);
    expect(error.answer).toMatchObject({ http: 200, status_code: code });
    expect(error.answer?.status_message).toBeTruthy();
    expect(await stored(invited)).toMatchObject({ status: "INVITED", version: null, roles: [], endpoints: [] });
    partner.behave();
    await partner.register(invited.versionsUrl, invited.token);
    expect((await stored(invited)).status).toBe("REGISTERED");
  });

  test("of two with one token A one registers", async () => {
    const invited = await invite(version);
    const { country_code, party_id } = invited.party;
    const twin = await startPartner({ version, roles: [{ role: "CPO", country_code, party_id }] });
    const outcomes = await Promise.allSettled(
      [invited.partner, twin].map((partner) => partner.register(invited.versionsUrl, invited.token)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const loser = outcomes.find((outcome) => outcome.status === "rejected");
    expect([401, 405]).toContain(loser?.reason.answer.http);
    expect((await stored(invited)).roles).toHaveLength(1);
    await twin.close();
  });

  test("a versions URL that may not be called is refused without a call", async () => {
    const invited = await invite(version);
    for (const url of [
      "ftp://127.0.0.1/x",
      "http://user:pw@127.0.0.1/",
      `${world.url}/ocpi/versions`,
      "http://127.0.0.1:1/versions",
    ]) {
      const answer = await credentials(invited, "POST", invited.token, bodyOf(invited, "token-b", { url }));
      expect([url, answer.http, answer.status_code]).toEqual([url, 200, 3001]);
    }
    expect(invited.partner.requests).toEqual([]);
    await invited.partner.register(invited.versionsUrl, invited.token);
  });

  test("wrong credentials are refused before any call", async () => {
    const invited = await invite(version);
    for (const over of [{ token: "has a space" }, { token: 5 }, { url: undefined }]) {
      const answer = await credentials(invited, "POST", invited.token, { ...bodyOf(invited, "b"), ...over });
      expect([over, answer.http, answer.status_code]).toEqual([over, 200, 2001]);
    }
    expect(invited.partner.requests).toEqual([]);
  });
});

describe("who a partner may be", () => {
  const modern = VERSIONS.filter((version) => atLeast(version, "2.2"));

  test.each(VERSIONS)("only a party the invitation is for, in %s", async (version) => {
    const name = party();
    const invited = await world.invite({ version, role: "CPO", party: name, allow: { parties: ["NL*XXX"] } });
    const error = await refused(invited.partner, invited);
    expect(error.answer).toMatchObject({
      http: 200,
      status_code: 2001,
      status_message: expect.stringContaining(name.replace("/", "*")),
    });
    const right = await world.invite({
      version,
      role: "CPO",
      party: name,
      allow: { parties: [name.replace("/", "*")] },
    });
    await right.partner.register(right.versionsUrl, right.token);
  });

  test.each(VERSIONS)("no party that another partner, or we, have registered in that role, in %s", async (version) => {
    const holder = await invite(version);
    await holder.partner.register(holder.versionsUrl, holder.token);
    const { country_code, party_id } = holder.party;
    const thief = await world.invite({ version, role: "CPO", party: `${country_code}/${party_id}` });
    expect((await refused(thief.partner, thief)).answer).toMatchObject({ http: 200, status_code: 2001 });
    const mirror = await world.invite({ version, role: "CPO", party: "NL/GWC" });
    expect((await refused(mirror.partner, mirror)).answer).toMatchObject({ http: 200, status_code: 2001 });
    expect((await stored(thief)).status).toBe("INVITED");
  });

  test.each(modern)("several roles and parties, each once, in %s", async (version) => {
    const roles = (["CPO", "EMSP", "CPO"] as const).map((role) => ({
      role,
      country_code: "NL",
      party_id: party().slice(3),
    }));
    const many = await world.invite({ version, role: "CPO", party: "NL/ZZZ", roles });
    await many.partner.register(many.versionsUrl, many.token);
    expect((await stored(many)).roles).toMatchObject(roles);

    const twice = await invite(version);
    const { country_code, party_id } = twice.party;
    const role = { role: "CPO", country_code, party_id, business_details: { name: "P" } };
    const lower = { ...role, country_code: country_code.toLowerCase() };
    for (const wrong of [[], [role, role], [role, lower]]) {
      const answer = await credentials(twice, "POST", twice.token, bodyOf(twice, "token-b", { roles: wrong }));
      expect([answer.http, answer.status_code, answer.status_message]).toEqual([
        200,
        2001,
        expect.stringContaining("/roles"),
      ]);
    }
  });

  test("only a version that was allowed", async () => {
    const invited = await world.invite({
      version: "2.2.1",
      versions: VERSIONS,
      role: "CPO",
      party: party(),
      allow: { versions: ["2.1.1", "2.2.1"] },
    });
    const list = await versionsWith("2.2.1", invited.token);
    expect((list.data as { version: string }[]).map(({ version }) => version)).toEqual(["2.1.1", "2.2.1"]);
    const answer = await credentials(
      { ...invited, version: "2.3.0" },
      "POST",
      invited.token,
      bodyOf(invited, "token-b"),
    );
    expect([answer.http, answer.status_code]).toEqual([200, 3002]);
  });
});

describe("how a token is written", () => {
  test.each(
    VERSIONS.flatMap((version) =>
      (["raw", "base64", "base64-newline"] as TokenEncoding[]).map((encoding) => [version, encoding] as const),
    ),
  )("%s with %s: understood, and we write ours likewise", async (version, tokenEncoding) => {
    const acceptTokens = tokenEncoding === "raw" ? "raw" : "base64";
    const { partner, token, versionsUrl, id } = await invite(version, { tokenEncoding, acceptTokens });
    await partner.register(versionsUrl, token);
    expect((await stored({ id })).token_encoding).toBe(acceptTokens);
    await partner.updateCredentials();
    expect((await world.api("POST", `/partners/${id}/register`, {})).status).toBe(200);
  });

  test.each(["raw", "base64"] as const)(
    "a partner that writes otherwise than it reads %s is learned",
    async (acceptTokens) => {
      const tokenEncoding = acceptTokens === "raw" ? "base64" : "raw";
      const { partner, token, versionsUrl, id } = await invite("2.2.1", { tokenEncoding, acceptTokens });
      await partner.register(versionsUrl, token);
      expect((await stored({ id })).token_encoding).toBe(acceptTokens);
    },
  );
});

describe("another version by PUT", () => {
  test.each([
    ["2.0", "2.3.0"],
    ["2.1.1", "2.2.1"],
    ["2.2", "2.2.1"],
    ["2.3.0", "2.1.1"],
    ["2.2.1", "2.0"],
  ] as [Version, Version][])("from %s to %s and back", async (from, to) => {
    const invited = await invite(from, { versions: [from, to] });
    const { partner } = invited;
    await partner.register(invited.versionsUrl, invited.token, { version: from });
    for (const version of [to, from]) {
      await partner.updateCredentials({ version });
      expect(await stored(invited)).toMatchObject({
        version,
        status: "REGISTERED",
        roles: [{ role: "CPO", ...{ party_id: invited.party.party_id } }],
      });
      expect((await versionsWith(version, partner.peer?.tokenOut ?? "")).http).toBe(200);
    }
    expect(partner.violations).toEqual([]);
  });

  test("endpoints are found anew when only they have changed", async () => {
    const invited = await invite("2.2.1");
    await invited.partner.register(invited.versionsUrl, invited.token);
    const before = (await stored(invited)).endpoints;
    invited.partner.moveEndpoints();
    await invited.partner.updateCredentials();
    const after = (await stored(invited)).endpoints;
    expect(after).toHaveLength(before.length);
    expect(after).not.toEqual(before);
  });

  test("that fails leaves the connection as it was", async () => {
    const invited = await invite("2.2.1", { versions: ["2.2.1", "2.3.0"] });
    const { partner } = invited;
    const { tokenOut } = await partner.register(invited.versionsUrl, invited.token, { version: "2.2.1" });
    const before = await stored(invited);
    partner.misbehave({ modules: "details", http: 500 });
    await expect(partner.updateCredentials({ version: "2.3.0" })).rejects.toMatchObject({
      answer: { status_code: 3001 },
    });
    partner.behave();
    const { last_seen_at: _, health: __, ...same } = await stored(invited);
    expect(before).toMatchObject(same);
    expect((await versionsWith("2.2.1", tokenOut)).http).toBe(200);
  });
});

describe("a registration whose answer was lost", () => {
  test.each(VERSIONS)("in %s is mended by a fresh token A", async (version) => {
    const invited = await invite(version);
    const { partner } = invited;
    const peer = await partner.register(invited.versionsUrl, invited.token);
    peer.tokenOut = "never-arrived";
    const again = await world.api("POST", `/partners/${invited.id}/invite`);
    expect(again).toMatchObject({ status: 201, json: { id: invited.id, token: expect.any(String) } });
    await partner.register(again.json.versions_url, again.json.token);
    expect(await stored(invited)).toMatchObject({ status: "REGISTERED", version });
    expect((await versionsWith(version, partner.peer?.tokenOut ?? "")).http).toBe(200);
  });

  test.each(VERSIONS)("in %s is mended by our PUT with the token the partner gave us", async (version) => {
    const invited = await invite(version);
    const peer = await invited.partner.register(invited.versionsUrl, invited.token);
    peer.tokenOut = "never-arrived";
    expect(await world.api("POST", `/partners/${invited.id}/register`, {})).toMatchObject({
      status: 200,
      json: { status: "REGISTERED" },
    });
    expect((await versionsWith(version, invited.partner.peer?.tokenOut ?? "")).http).toBe(200);
  });
});
