import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import { encodeToken } from "../../sandbox/headers.ts";
import type { Headers } from "../../sandbox/types.ts";
import { VERSIONS, type Version } from "../../sandbox/versions.ts";
import { bearing, type Connection, headersOf, sendRaw, urlOf, useWorld } from "../../support/ocpi.ts";
import { brief, expectRefusal } from "./access.ts";

const world = useWorld();
const partners = {} as Record<Version, Connection>;
const old: readonly Version[] = ["2.0", "2.1.1"];
const modern: readonly Version[] = ["2.2", "2.2.1", "2.3.0"];

/** The four routing headers; parties as `NL/TNM`. */
function routing(from: string, to: string): Headers {
  const [[fromCountry, fromParty], [toCountry, toParty]] = [from.split("/"), to.split("/")];
  return {
    "ocpi-from-country-code": fromCountry ?? "",
    "ocpi-from-party-id": fromParty ?? "",
    "ocpi-to-country-code": toCountry ?? "",
    "ocpi-to-party-id": toParty ?? "",
  };
}

/** GET our Tokens, with headers added to those every request has; an undefined one is left out. */
function list(version: Version, more: Record<string, string | undefined> = {}) {
  const connection = partners[version];
  const headers = Object.entries({ ...headersOf(connection), ...more }).filter(([, value]) => value !== undefined);
  return sendRaw(urlOf(connection, "tokens", "SENDER"), { headers: Object.fromEntries(headers) as Headers });
}

const self = (version: Version): string => {
  const { country_code, party_id } = partners[version].party;
  return `${country_code}/${party_id}`;
};

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/GWY", { roles: ["EMSP"], business_details: { name: "Gateway" } });
  for (const [i, version] of VERSIONS.entries()) {
    partners[version] = await world.connect({ version, role: "CPO", party: `NL/C${i}X`, settings: { push: false } });
  }
});

describe.each(VERSIONS)("Authorization in OCPI %s", (version) => {
  const authorized = (authorization: string) => list(version, { authorization });
  const token = () => partners[version].partner.peer?.tokenOut ?? "";

  test("is read raw, in Base64, and in Base64 of a token with a newline", async () => {
    for (const encoding of ["raw", "base64", "base64-newline"] as const) {
      expect(brief(await authorized(`Token ${encodeToken(token(), encoding)}`))).toBe("200 1000");
    }
  });

  test("its scheme is read in any case, its token in its own", async () => {
    expect(brief(await authorized(`token ${token()}`))).toBe("200 1000");
    expect(brief(await authorized(`TOKEN ${token()}`))).toBe("200 1000");
    const swapped = token().replace(/[a-z]/i, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    );
    expectRefusal(await authorized(`Token ${swapped}`), 401);
  });

  test.each(["Token", "Token ", "Bearer x", "Basic dG9rZW4=", "x", `Token ${"A".repeat(5000)}`, "Token a b"])(
    "%.20s is 401",
    async (authorization) => {
      expectRefusal(await authorized(authorization), 401);
    },
  );

  test("a token with something before or behind it is 401", async () => {
    expectRefusal(await authorized(`Token ${token()}x`), 401);
    expectRefusal(await authorized(`Bearer ${token()}`), 401);
    expectRefusal(await authorized(token()), 401);
  });
});

describe.each(modern)("headers of OCPI %s", (version) => {
  test("message ids are echoed, on refusals too", async () => {
    const ids = { "x-request-id": "req-1", "x-correlation-id": "corr-1" };
    for (const more of [{}, { "ocpi-to-party-id": "" }, { authorization: "Token nobody" }]) {
      expect((await list(version, { ...ids, ...more })).headers).toMatchObject(ids);
    }
    const headers = { ...bearing(version, "nobody"), ...ids };
    expect((await sendRaw(`${world.url}/ocpi/nowhere`, { headers })).headers).toMatchObject(ids);
  });

  test("message ids that are missing or cannot be repeated are made up, not refused", async () => {
    for (const value of [undefined, "", "x".repeat(5000), "with spaces in it"]) {
      const answer = await list(version, { "x-request-id": value, "x-correlation-id": value });
      expect(brief(answer)).toBe("200 1000");
      for (const name of ["x-request-id", "x-correlation-id"]) {
        expect(answer.headers[name]).toMatch(/^[\x21-\x7e]+$/);
        expect(answer.headers[name]).not.toBe(value);
      }
    }
  });

  test("routing headers come back swapped", async () => {
    const answer = await list(version, routing(self(version), "NL/GWY"));
    expect(brief(answer)).toBe("200 1000");
    expect(answer.headers).toMatchObject(routing("NL/GWY", self(version)));
  });

  test("parties are compared without case", async () => {
    expect(brief(await list(version, routing(self(version).toLowerCase(), "nl/gwy")))).toBe("200 1000");
  });

  test("may be left out between two platforms of one party", async () => {
    expect(brief(await list(version))).toBe("200 1000");
  });

  test("a sender that is not of this connection is 2001", async () => {
    const { party } = partners[version === "2.2" ? "2.3.0" : "2.2"];
    for (const from of [`${party.country_code}/${party.party_id}`, "NL/GWY", "XX/YYY"]) {
      expectRefusal(await list(version, routing(from, "NL/GWY")), 200, 2001);
    }
  });

  test("a receiver nobody knows is 4001, and so is a party of another partner where we are no hub", async () => {
    const { party } = partners[version === "2.2" ? "2.3.0" : "2.2"];
    for (const to of ["XX/YYY", `${party.country_code}/${party.party_id}`]) {
      expectRefusal(await list(version, routing(self(version), to)), 200, 4001);
    }
  });

  test("an empty or half a party is 2001, not open routing", async () => {
    const whole = routing(self(version), "NL/GWY");
    for (const [name, value] of [
      ["ocpi-to-party-id", ""],
      ["ocpi-to-country-code", ""],
      ["ocpi-to-party-id", undefined],
      ["ocpi-from-country-code", undefined],
      ["ocpi-from-party-id", "TOOLONG"],
    ] as const) {
      expectRefusal(await list(version, { ...whole, [name]: value }), 200, 2001);
    }
  });

  test("nothing is stored when the headers are refused", async () => {
    const connection = partners[version];
    const { party } = connection;
    const object = example(version, "locations", { country_code: "NL", party_id: party.party_id, id: "ROUTED" });
    const url = urlOf(connection, "locations", "RECEIVER", ["NL", party.party_id, "ROUTED"]);
    const headers = { ...headersOf(connection), ...routing("XX/YYY", "NL/GWY"), "content-type": "application/json" };
    expectRefusal(await sendRaw(url, { method: "PUT", headers, body: JSON.stringify(object) }), 200, 2001);
    expectRefusal(await sendRaw(url, { headers: headersOf(connection) }), 404);
  });

  test("configuration modules are not routed", async () => {
    const connection = partners[version];
    const headers = { ...headersOf(connection), ...routing("XX/YYY", "QQ/QQQ") };
    const answer = await sendRaw(connection.partner.peer?.versionsUrl ?? "", { headers });
    expect(brief(answer)).toBe("200 1000");
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("ocpi-"))).toEqual([]);
  });
});

describe.each(old)("headers of OCPI %s", (version) => {
  test("routing does not exist: ignored, and not answered", async () => {
    const answer = await list(version, routing("XX/YYY", "QQ/QQQ"));
    expect(brief(answer)).toBe("200 1000");
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("ocpi-"))).toEqual([]);
  });

  test("times have no fractions of a second", async () => {
    const answer = await list(version);
    expect(JSON.parse(answer.raw).timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});
