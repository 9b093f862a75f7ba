import { describe, expect, test } from "vitest";
import { chooseVersion, type DiscoveryRequest, discover } from "../../../src/client/discover.ts";
import { versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import type { OutboundOutcome, OutboundRequest } from "../../../src/ports/world.ts";
import { answer, countingIds, listJournal, scriptedFetcher, standingClock, success } from "../../support/fake-ports.ts";

const base = "https://e.test/ocpi";
const list = (numbers: string[]) => success(numbers.map((version) => ({ version, url: `${base}/${version}` })));
const endpoints = [
  { identifier: "credentials", role: "SENDER", url: `${base}/2.2.1/credentials` },
  { identifier: "locations", role: "SENDER", url: `${base}/2.2.1/sender/locations` },
  { identifier: "locations", role: "RECEIVER", url: `${base}/2.2.1/receiver/locations` },
];
const raw = "Token secret";
const encoded = `Token ${btoa("secret")}`;

async function run(respond: (request: OutboundRequest) => OutboundOutcome, over: Partial<DiscoveryRequest> = {}) {
  const fetcher = scriptedFetcher(respond);
  const result = await discover(
    { clock: standingClock(), ids: countingIds(), fetcher, journal: listJournal() },
    {
      partner: "p1",
      versionsUrl: `${base}/versions`,
      token: "secret",
      encodings: ["base64", "raw"],
      preferred: (version) => version.dialect.tokenEncoding,
      accepts: versions,
      allowHosts: [],
      rules: { allowPrivateNetwork: false, ownHosts: [] },
      ...over,
    },
  );
  return {
    result,
    urls: fetcher.requests.map(({ url }) => url),
    tokens: fetcher.requests.map(({ headers }) => headers.Authorization),
  };
}

/** A platform with these versions and endpoints. */
const platform =
  (numbers: string[], listed: unknown = endpoints) =>
  ({ url }: OutboundRequest) =>
    url.endsWith("/versions") ? answer(list(numbers)) : answer(success({ version: numbers[0], endpoints: listed }));

const failing = (step: string, why = "unusable") => ({ ok: false, error: { step, why, message: expect.any(String) } });

describe("discovery", () => {
  test("takes the newest version in common, whatever else is listed", async () => {
    const { result, urls } = await run(platform(["2.2.1", "3.0", "2.1.1", " 2.2 ", "2.1"]));
    expect(result).toMatchObject({ ok: true, value: { version: { number: "2.2.1" }, endpoints } });
    expect(urls).toEqual([`${base}/versions`, `${base}/2.2.1`]);
    expect(chooseVersion(versions, ["9", "2.1"])).toBeUndefined();
  });

  test("keeps both roles of a module, one credentials endpoint, and no roles below 2.2", async () => {
    const twice = [
      ...endpoints,
      { identifier: "credentials", role: "RECEIVER", url: "https://e.test/other" },
      { identifier: "LOCATIONS", role: "sender", url: "https://e.test/dup" },
    ];
    const modern = await run(platform(["2.2.1"], twice));
    expect(modern.result).toMatchObject({ value: { endpoints } });
    const old = await run(platform(["2.1.1"], endpoints.slice(0, 2)));
    expect(old.result).toMatchObject({
      value: {
        endpoints: [
          { identifier: "credentials", role: null },
          { identifier: "locations", role: null },
        ],
      },
    });
  });

  test("passes over entries that are none, and URLs that may not be called", async () => {
    const listed = [
      ...endpoints,
      null,
      { identifier: 5, url: "x" },
      { identifier: "tokens" },
      { identifier: "tokens", role: "SENDER", url: "https://10.0.0.5/tokens" },
    ];
    const { result } = await run(platform(["2.2.1"], listed));
    expect(result).toMatchObject({ value: { endpoints, ignored: [expect.stringContaining("tokens")] } });
    expect(result.ok && result.value.endpoints).toHaveLength(3);
  });

  test("tells the encoding of the token from the answers", async () => {
    const reads = (accepted: string, numbers: string[]) => (request: OutboundRequest) =>
      request.headers.Authorization === accepted ? platform(numbers)(request) : answer({ status_code: 2000 }, 401);
    expect((await run(reads(raw, ["2.2.1"]))).tokens).toEqual([encoded, raw, raw]);
    expect((await run(reads(encoded, ["2.2.1"]))).tokens).toEqual([encoded, encoded]);
    // Both are good for the list; each version has its own custom, and a platform that does not follow it is met halfway.
    const both = await run(platform(["2.1.1"]));
    expect([both.tokens, both.result]).toMatchObject([[encoded, raw], { value: { encoding: "raw" } }]);
    const odd = await run(reads(encoded, ["2.1.1"]));
    expect([odd.tokens, odd.result]).toMatchObject([[encoded, raw, encoded], { value: { encoding: "base64" } }]);
    const none = await run(reads("nothing", ["2.2.1"]));
    expect([none.tokens, none.result]).toMatchObject([[encoded, raw], failing("versions")]);
    const set = await run(reads(raw, ["2.2.1"]), { encodings: ["base64"] });
    expect(set.tokens).toEqual([encoded]);
  });

  test("tries the versions URL with and without its last slash", async () => {
    const picky = (request: OutboundRequest) =>
      request.url.endsWith("/versions/") ? answer("", 404) : platform(["2.2.1"])(request);
    expect((await run(picky, { versionsUrl: `${base}/versions/` })).result.ok).toBe(true);
    expect((await run(() => answer("", 404))).urls).toEqual([`${base}/versions`, `${base}/versions/`]);
  });

  test.each([
    ["no connection", () => ({ kind: "network", detail: "n" }), failing("versions")],
    ["a list that is none", () => answer(success({})), failing("versions")],
    ["an empty list", () => answer(success([])), failing("versions", "no_version")],
    ["no version in common", () => answer(list(["1.0"])), failing("versions", "no_version")],
    [
      "details elsewhere",
      () => answer(success([{ version: "2.2.1", url: "https://evil.test/2.2.1" }])),
      failing("version_details"),
    ],
    [
      "details inside",
      () => answer(success([{ version: "2.2.1", url: "https://169.254.169.254/" }])),
      failing("version_details"),
    ],
    ["details that are none", platform(["2.2.1"], "none"), failing("version_details")],
    ["no credentials", platform(["2.2.1"], endpoints.slice(1)), failing("version_details", "no_endpoints")],
    [
      "nothing in common",
      platform(["2.2.1"], [endpoints[0], { identifier: "nltnm-things", role: "SENDER", url: "https://e.test/x" }]),
      failing("version_details", "no_endpoints"),
    ],
  ] as [string, (request: OutboundRequest) => OutboundOutcome, object][])(
    "fails by step: %s",
    async (_, respond, expected) => {
      const refusing = (request: OutboundRequest) =>
        new URL(request.url).host === "e.test"
          ? respond(request)
          : ({ kind: "refused", detail: "not an allowed host" } as const);
      expect((await run(refusing)).result).toMatchObject(expected);
    },
  );

  test("calls nobody at a URL that may not be called", async () => {
    const { result, urls } = await run(platform(["2.2.1"]), { versionsUrl: "https://127.0.0.1/versions" });
    expect([result, urls]).toMatchObject([failing("versions"), []]);
  });

  test("details may stand on a host the operator added", async () => {
    const elsewhere = (request: OutboundRequest) =>
      request.url.endsWith("/versions")
        ? answer(success([{ version: "2.2.1", url: "https://b.e.test/d" }]))
        : answer(success({ endpoints }));
    expect((await run(elsewhere, { allowHosts: ["b.e.test"], accepts: [versionByNumber("2.2.1")!] })).result.ok).toBe(
      true,
    );
  });
});
