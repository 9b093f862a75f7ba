import { expect, test } from "vitest";
import { credentials } from "../../sandbox/context.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, type Version } from "../../sandbox/versions.ts";
import { bearing, type Connection, headersOf, type Invitation, sendRaw } from "../../support/ocpi.ts";
import { brief, expectRefusal } from "./access.ts";
import { type Endpoint, foreignMethods, TABLE } from "./rows.ts";
import type { Stage } from "./stage.ts";

const json = { "content-type": "application/json" };

/** The cases of versions, version details and credentials; undefined when there are none for the row. */
export function configurationCases(stage: Stage, version: Version, row: Endpoint): (() => void) | undefined {
  const cases = byOperation[row.operation];
  if (!cases) return undefined;
  return () => {
    cases(stage, version);
    configurationAccess(stage, version, row);
  };
}

const byOperation: Record<string, (stage: Stage, version: Version) => void> = {
  getVersions: versionsCases,
  getVersionDetails: detailsCases,
  getCredentials: getCases,
  postCredentials: postCases,
  putCredentials: putCases,
  deleteCredentials: deleteCases,
};

/** Where a row stands for a partner: the URLs it found on its way. */
async function urlFor(connection: Connection, { module }: Pick<Endpoint, "module">, token?: string): Promise<string> {
  const { partner, version } = connection;
  const peer = partner.peer ?? { versionsUrl: (connection as Invitation).versionsUrl };
  if (module === "versions") return peer.versionsUrl;
  const list = await sendRaw(peer.versionsUrl, { headers: headersOf(connection, token) });
  const details = (list.data as OcpiObject[]).find((entry) => entry.version === version)?.url;
  if (module === "version_details") return details;
  const answer = await sendRaw(details, { headers: headersOf(connection, token) });
  const { endpoints } = answer.data as { endpoints: OcpiObject[] };
  return endpoints.find(({ identifier }) => identifier === module)?.url;
}

function configurationAccess(stage: Stage, version: Version, row: Endpoint): void {
  test("no token and an unknown one: 401", async () => {
    const url = await urlFor(stage.of(version).CPO, row);
    for (const headers of [{}, bearing(version, "nobody-knows-this-token")]) {
      const body = row.request === "none" ? undefined : "{}";
      expectRefusal(await sendRaw(url, { method: row.method, headers: { ...headers, ...json }, body }), 401);
    }
  });

  test("another method: 405 with Allow", async () => {
    const { CPO } = stage.of(version);
    const url = await urlFor(CPO, row);
    for (const method of foreignMethods(version, row)) {
      const answer = await sendRaw(url, { method, headers: { ...headersOf(CPO), ...json } });
      expectRefusal(answer, 405);
      expect(answer.headers.allow?.split(", ")).toContain(row.method);
    }
  });
}

function versionsCases(stage: Stage, version: Version): void {
  test("accepted: every version, whatever the connection speaks, also with token A and a slash", async () => {
    const { CPO, invited } = stage.of(version);
    const url = await urlFor(CPO, { module: "versions" });
    for (const [target, headers] of [
      [url, headersOf(CPO)],
      [`${url}/`, headersOf(CPO)],
      [invited.versionsUrl, bearing(version, invited.token)],
    ] as const) {
      const answer = await sendRaw(target, { headers });
      expect(brief(answer)).toBe("200 1000");
      const list = answer.data as OcpiObject[];
      expect(list.map((entry) => entry.version).sort()).toEqual(Object.keys(TABLE).sort());
      expect(new Set(list.map((entry) => new URL(entry.url).origin))).toEqual(new Set([stage.world.url]));
    }
  });
}

function detailsCases(stage: Stage, version: Version): void {
  test("accepted: the modules of the table, and no other", async () => {
    const wanted = new Set<string>();
    const found = new Set<string>();
    for (const { module, role } of TABLE[version]) {
      if (module !== "versions" && module !== "version_details") wanted.add(`${module} ${role ?? "SENDER"}`);
    }
    // We are no hub here.
    wanted.delete("hubclientinfo SENDER");
    const { CPO, EMSP } = stage.of(version);
    for (const { partner, role: theirs } of [CPO, EMSP]) {
      for (const { identifier, role } of partner.peer?.endpoints ?? []) {
        // Before 2.2 nobody says which side a module is: the URL's other side is that of the partner's role.
        const ours = (identifier === "tokens") === (theirs === "CPO") ? "SENDER" : "RECEIVER";
        found.add(`${identifier} ${role ?? (identifier === "credentials" ? "SENDER" : ours)}`);
      }
    }
    expect([...found].sort()).toEqual([...wanted].sort());
  });
}

function getCases(stage: Stage, version: Version): void {
  test("accepted: the token the caller uses, our parties and our versions URL", async () => {
    const { CPO } = stage.of(version);
    const given = await CPO.partner.readCredentials();
    expect(given.token).toBe(CPO.partner.peer?.tokenOut);
    expect(given.url).toBe(CPO.partner.peer?.versionsUrl);
    const parties = (given.roles ?? [given]) as OcpiObject[];
    expect(new Set(parties.map(({ country_code, party_id }) => `${country_code}*${party_id}`))).toEqual(
      new Set(["NL*GWY"]),
    );
    const roles = parties.flatMap(({ role }) => role ?? []).sort();
    expect(roles).toEqual(atLeast(version, "2.2") ? ["CPO", "EMSP"] : []);
  });
}

/** A fresh partner of this version, invited only. */
const newcomer = (stage: Stage, version: Version) =>
  stage.world.invite({ version, role: "CPO", party: stage.freshParty() });

/** What a partner would send to register. */
function credentialsOf({ partner, version }: Connection, token = `token-${partner.versionsUrl.split(":")[2]}`) {
  const context = { origin: new URL(partner.versionsUrl).origin, roles: partner.roles } as never;
  return credentials(context, version, token.replaceAll("/", "-"));
}

async function statusOf(stage: Stage, { id }: Connection): Promise<string> {
  return (await stage.world.api("GET", `/partners/${id}`)).json.status;
}

function postCases(stage: Stage, version: Version): void {
  test("accepted: registers, answers a new token and our parties; the operator sees it", async () => {
    const fresh = await newcomer(stage, version);
    const peer = await fresh.partner.register(fresh.versionsUrl, fresh.token);
    expect(peer.tokenOut).not.toBe(fresh.token);
    const { json: seen } = await stage.world.api("GET", `/partners/${fresh.id}`);
    const { country_code, party_id } = fresh.party;
    expect(seen).toMatchObject({ status: "REGISTERED", version, roles: [{ role: "CPO", country_code, party_id }] });
    expect(JSON.stringify(seen)).not.toContain(peer.tokenOut);
    expect(fresh.partner.violations).toEqual([]);
  });

  test("refused: not JSON is 400, wrong content 2001 with a pointer; token A stays good", async () => {
    const fresh = await newcomer(stage, version);
    const url = await urlFor(fresh, { module: "credentials" }, fresh.token);
    const headers = { ...headersOf(fresh, fresh.token), ...json };
    expectRefusal(await sendRaw(url, { method: "POST", headers, body: "{" }), 400);
    const whole = credentialsOf(fresh);
    for (const name of Object.keys(whole)) {
      const { [name]: _, ...without } = whole;
      const answer = await sendRaw(url, { method: "POST", headers, body: JSON.stringify(without) });
      expectRefusal(answer, 200, 2001);
      expect(answer.status_message).toContain(`/${name}`);
    }
    expect(await statusOf(stage, fresh)).toBe("INVITED");
    expect(fresh.partner.requests).toEqual([]);
    await fresh.partner.register(fresh.versionsUrl, fresh.token);
  });

  test("refused: who is registered already, with 405", async () => {
    const { CPO } = stage.of(version);
    const url = await urlFor(CPO, { module: "credentials" });
    const body = JSON.stringify(credentialsOf(CPO));
    expectRefusal(await sendRaw(url, { method: "POST", headers: { ...headersOf(CPO), ...json }, body }), 405);
    expect(await statusOf(stage, CPO)).toBe("REGISTERED");
  });

  test("token A registers once", async () => {
    const fresh = await newcomer(stage, version);
    await fresh.partner.register(fresh.versionsUrl, fresh.token);
    expectRefusal(await sendRaw(fresh.versionsUrl, { headers: bearing(version, fresh.token) }), 401);
  });
}

function putCases(stage: Stage, version: Version): void {
  test("accepted: new tokens both ways; the old one is dead once the new one was used", async () => {
    const fresh = await newcomer(stage, version);
    await fresh.partner.register(fresh.versionsUrl, fresh.token);
    const old = fresh.partner.peer?.tokenOut ?? "";
    await fresh.partner.updateCredentials();
    expect(fresh.partner.peer?.tokenOut).not.toBe(old);
    await fresh.partner.readCredentials();
    expectRefusal(await sendRaw(fresh.versionsUrl, { headers: bearing(version, old) }), 401);
    expect(await statusOf(stage, fresh)).toBe("REGISTERED");
    expect(fresh.partner.violations).toEqual([]);
  });

  test("refused: not JSON, missing fields; and 405 for who is not registered", async () => {
    const { CPO } = stage.of(version);
    const url = await urlFor(CPO, { module: "credentials" });
    const headers = { ...headersOf(CPO), ...json };
    expectRefusal(await sendRaw(url, { method: "PUT", headers, body: "nonsense" }), 400);
    expectRefusal(await sendRaw(url, { method: "PUT", headers, body: "{}" }), 200, 2001);
    const fresh = await newcomer(stage, version);
    const body = JSON.stringify(credentialsOf(fresh));
    const answer = await sendRaw(url, { method: "PUT", headers: { ...headersOf(fresh, fresh.token), ...json }, body });
    expectRefusal(answer, 405);
  });
}

function deleteCases(stage: Stage, version: Version): void {
  test("accepted: the connection is over", async () => {
    const fresh = await newcomer(stage, version);
    await fresh.partner.register(fresh.versionsUrl, fresh.token);
    const headers = headersOf(fresh);
    expect(brief(await fresh.partner.unregister())).toBe("200 1000");
    expectRefusal(await sendRaw(fresh.versionsUrl, { headers }), 401);
    expect(await statusOf(stage, fresh)).toBe("UNREGISTERED");
  });

  test("refused: 405 for who is not registered", async () => {
    const { CPO, invited } = stage.of(version);
    const url = await urlFor(CPO, { module: "credentials" });
    expectRefusal(await sendRaw(url, { method: "DELETE", headers: bearing(version, invited.token) }), 405);
  });
}
