import { describe, expect, test } from "vitest";
import { type PullPage, type PullState, pullPage, startPull } from "../../../src/client/pull.ts";
import type { Partner } from "../../../src/ports/partners.ts";
import type { OutboundOutcome, OutboundRequest } from "../../../src/ports/world.ts";
import {
  answer,
  countingIds,
  listJournal,
  openSecrets,
  scriptedFetcher,
  standingClock,
  success,
} from "../../support/fake-ports.ts";
import { memoryParties } from "../../support/memory-stores.ts";

const list = "https://e.test/ocpi/tokens";
const partner = (version = "2.2.1"): Partner => ({
  id: "p1",
  name: "E",
  status: "REGISTERED",
  side: "EMSP",
  version,
  versions_url: "https://e.test/ocpi/versions",
  roles: [{ role: "EMSP", country_code: "NL", party_id: "TNM" }],
  endpoints: [{ identifier: "tokens", role: "SENDER", url: list }],
  token_encoding: "base64",
  outbound_token: "sealed(p1|secret)",
  allow: {},
  settings: { token_encoding: "auto", push: true, retry: true, initial: "none" },
  epoch: 1,
  created_at: 0,
  last_seen_at: null,
});
const token = (uid: string, over: object = {}) => ({
  country_code: "NL",
  party_id: "TNM",
  uid,
  type: "RFID",
  contract_id: `C${uid}`,
  issuer: "Company",
  valid: true,
  whitelist: "ALWAYS",
  last_updated: "2026-05-01T10:00:00Z",
  ...over,
});
const page = (uids: string[], next?: string, headers: Record<string, string> = {}) =>
  answer(success(uids.map((uid) => token(uid))), 200, {
    ...(next ? { link: `<${next}>; rel="next"` } : {}),
    ...headers,
  });

function portsFor(respond: (request: OutboundRequest) => OutboundOutcome) {
  const fetcher = scriptedFetcher(respond);
  return {
    parties: memoryParties(),
    clock: standingClock(),
    ids: countingIds(),
    secrets: openSecrets,
    fetcher,
    journal: listJournal(),
  };
}

/** Crawls to the end; the state goes through JSON between pages, as in a store. */
async function crawl(
  respond: (request: OutboundRequest, nth: number) => OutboundOutcome,
  state: PullState = startPull(null),
  who = partner(),
) {
  let nth = 0;
  const ports = portsFor((request) => respond(request, nth++));
  const pages: PullPage[] = [];
  for (let at = state; ; ) {
    const next = await pullPage(ports, who, "tokens", JSON.parse(JSON.stringify(at)));
    pages.push(next);
    if (next.outcome !== "more") break;
    at = next.state;
  }
  const last = pages.at(-1)!;
  return {
    last,
    pages,
    urls: ports.fetcher.requests.map((request) => request.url),
    uids: pages.flatMap((it) => it.objects.map(({ id }) => id)),
  };
}

describe("a crawl", () => {
  test("follows Link verbatim to its end", async () => {
    const second = `${list}?offset=2&limit=2&cursor=a%2Fb%20c`;
    const { last, urls, uids } = await crawl((_, nth) =>
      nth === 0 ? page(["1", "2"], second, { "x-total-count": "3" }) : page(["3"]),
    );
    expect(urls).toEqual([`${list}?offset=0&limit=100`, second]);
    expect(uids).toEqual(["1", "2", "3"]);
    expect(last).toMatchObject({ outcome: "done", message: null, state: { pages: 2, received: 3, total: 3 } });
  });

  test("reads pages of one, without a total, and relative links", async () => {
    const { last, uids } = await crawl((_, nth) =>
      page([`${nth}`], nth < 4 ? `/ocpi/tokens?offset=${nth + 1}` : undefined),
    );
    expect(uids).toEqual(["0", "1", "2", "3", "4"]);
    expect(last.outcome).toBe("done");
  });

  test("an empty list is an end", async () => {
    const { last } = await crawl(() => page([], undefined, { "x-total-count": "0" }));
    expect(last).toMatchObject({ outcome: "done", state: { received: 0 } });
  });

  test("a delta asks for what changed since a little before the last pull", async () => {
    const since = Date.parse("2026-05-01T10:00:00.750Z");
    const { urls } = await crawl(() => page(["1"]), startPull(since));
    expect(new URL(urls[0]!).searchParams.get("date_from")).toBe("2026-05-01T09:55:00Z");
  });

  test("a version without date filters is asked for everything", async () => {
    const old = {
      uid: "1",
      type: "RFID",
      auth_id: "A",
      visual_number: "V1",
      issuer: "Company",
      valid: true,
      allow_whitelist: true,
    };
    const { urls, last } = await crawl(() => answer(success([old])), startPull(Date.now()), partner("2.0"));
    expect(urls).toEqual([`${list}?offset=0&limit=100`]);
    expect(last.objects).toMatchObject([{ id: "1", owner: { country_code: "NL", party_id: "TNM" } }]);
  });
});

describe("a crawl of a partner that misbehaves", () => {
  test("tells that a list ended before its end", async () => {
    const { last } = await crawl(() => page(["1", "2"], undefined, { "x-total-count": "5" }));
    expect(last).toMatchObject({ outcome: "partial", message: "The list ended after 2 of 5 objects" });
  });

  test("goes to no other host", async () => {
    const { last, uids, urls } = await crawl(() => page(["1"], "https://evil.test/next"));
    expect(last).toMatchObject({ outcome: "partial", message: expect.stringContaining("evil.test") });
    expect([uids, urls.length]).toEqual([["1"], 1]);
  });

  test("goes to another host of the partner's", async () => {
    const who = { ...partner(), settings: { ...partner().settings, allow_hosts: ["pages.e.test:8443"] } };
    const { last } = await crawl(
      (_, nth) => page([`${nth}`], nth === 0 ? "https://pages.e.test:8443/2" : undefined),
      startPull(null),
      who,
    );
    expect(last.outcome).toBe("done");
  });

  test("ends at a link to itself, and at a ring of links", async () => {
    const self = await crawl((request, nth) => page([`${nth}`], request.url));
    expect(self.last).toMatchObject({ outcome: "partial", state: { pages: 1 } });
    const ring = await crawl((_, nth) => page([`${nth}`], `${list}?offset=${(nth + 1) % 5}`));
    expect(ring.last.outcome).toBe("partial");
    expect(ring.pages.length).toBeLessThan(20);
  });

  test("ends after two pages without anything new", async () => {
    const { last, pages } = await crawl((_, nth) => page(["1", "2"], `${list}?offset=${nth + 1}`));
    expect(last).toMatchObject({ outcome: "partial", message: "2 pages brought nothing new" });
    expect(pages).toHaveLength(3);
    const empty = await crawl((_, nth) => page(nth === 0 ? ["1"] : [], `${list}?offset=${nth + 1}`));
    expect(empty.pages).toHaveLength(3);
  });

  test("ends at the cap on pages", async () => {
    const state = { ...startPull(null), pages: 9_998, next: `${list}?offset=9998` };
    const { last, pages } = await crawl((_, nth) => page([`${nth}`], `${list}?offset=${9_999 + nth}`), state);
    expect([last.outcome, pages.length]).toEqual(["partial", 2]);
  });

  test("keeps the good objects of a page and tells of the bad ones", async () => {
    const bad = [{ ...token("2"), valid: "yes" }, "text", null, { ...token("3"), contract_id: undefined }];
    const { last } = await crawl(() => answer(success([token("1"), ...bad, token("4")])));
    expect(last.objects.map(({ id }) => id)).toEqual(["1", "4"]);
    expect(last.rejected).toMatchObject([
      { pointer: "/1", id: "2", faults: [{ pointer: "/valid" }] },
      { pointer: "/2", id: null },
      { pointer: "/3", id: null },
      { pointer: "/4", id: "3", faults: [{ pointer: "/contract_id" }] },
    ]);
    expect(last.state.received).toBe(6);
  });

  test.each([
    ["no answer", { kind: "timeout", detail: "t" }, "retry"],
    ["no connection", { kind: "network", detail: "n" }, "retry"],
    ["a server error", answer("", 500), "retry"],
    ["a pause", answer("", 429, { "retry-after": "9" }), "retry"],
    ["a refusal", answer({ status_code: 2001, status_message: "no" }), "failed"],
    ["a token that is not accepted", answer("", 401), "failed"],
    ["no list", answer(success({})), "failed"],
  ] as [string, OutboundOutcome, string][])("stops without losing its place: %s", async (_, outcome, expected) => {
    const state = { ...startPull(null), next: `${list}?offset=100`, pages: 1 };
    const { last } = await crawl(() => outcome, state);
    expect(last).toMatchObject({ outcome: expected, state, objects: [] });
    expect(last.message).toBeTruthy();
  });

  test("is not begun where the partner has no such list", async () => {
    const none = await pullPage(
      portsFor(() => page([])),
      { ...partner(), endpoints: [] },
      "tokens",
      startPull(null),
    );
    expect(none).toMatchObject({ outcome: "failed", message: "The partner has no tokens SENDER endpoint" });
    const unknown = await pullPage(
      portsFor(() => page([])),
      partner(),
      "nonsense",
      startPull(null),
    );
    expect(unknown.outcome).toBe("failed");
  });
});

test("an unknown value in a list of enum values is dropped, the object kept", async () => {
  const location = {
    country_code: "NL",
    party_id: "TNM",
    id: "L1",
    publish: true,
    address: "Street 1",
    city: "City",
    country: "NLD",
    coordinates: { latitude: "52.1", longitude: "4.1" },
    time_zone: "Europe/Amsterdam",
    last_updated: "2026-05-01T10:00:00Z",
    evses: [
      {
        uid: "E1",
        status: "AVAILABLE",
        capabilities: ["RFID_READER", "TELEPORT", "RESERVABLE", "LEVITATE"],
        connectors: [],
        last_updated: "2026-05-01T10:00:00Z",
      },
    ],
  };
  const connector = {
    id: "1",
    standard: "IEC_62196_T2",
    format: "SOCKET",
    power_type: "AC_3_PHASE",
    max_voltage: 400,
    max_amperage: 32,
    last_updated: "2026-05-01T10:00:00Z",
  };
  const evse = { ...location.evses[0], connectors: [connector] };
  const who = {
    ...partner(),
    roles: [{ role: "CPO", country_code: "NL", party_id: "TNM" }],
    endpoints: [{ identifier: "locations", role: "SENDER" as const, url: "https://e.test/l" }],
  };
  const read = await pullPage(
    portsFor(() => answer(success([{ ...location, evses: [evse] }]))),
    who,
    "locations",
    startPull(null),
  );
  const [pulled] = read.objects;
  const evses = pulled?.model.evses as { capabilities: string[] }[];
  expect(evses[0]?.capabilities.slice(0, 2)).toEqual(["RFID_READER", expect.any(String)]);
  // Where the version's list is closed the two are dropped and told; where the codec keeps unknown text, nothing is lost.
  const dropped = pulled?.dropped.map(({ pointer }) => pointer) ?? [];
  expect([[], ["/evses/0/capabilities/1", "/evses/0/capabilities/3"]]).toContainEqual(dropped);
});
