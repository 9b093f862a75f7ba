import { expect, test } from "vitest";
import { type ExchangeRequest, exchange } from "../../../src/client/exchange.ts";
import type { OutboundOutcome } from "../../../src/ports/world.ts";
import { answer, countingIds, listJournal, scriptedFetcher, standingClock, success } from "../../support/fake-ports.ts";

async function run(outcome: OutboundOutcome, over: Partial<ExchangeRequest> = {}) {
  const fetcher = scriptedFetcher(() => outcome);
  const journal = listJournal();
  const request = {
    partner: "p1",
    module: "locations",
    method: "GET",
    url: "https://e.test/l",
    token: "secret-token",
    encoding: "base64" as const,
    allowHosts: ["e.test"],
    ...over,
  };
  const result = await exchange({ clock: standingClock(), ids: countingIds(), fetcher, journal }, request);
  return { result, sent: fetcher.requests[0]!, entry: journal.entries[0]! };
}

test("the token is written as the partner understands it", async () => {
  expect((await run(answer(success()))).sent.headers.Authorization).toBe(`Token ${btoa("secret-token")}`);
  expect((await run(answer(success()), { encoding: "raw" })).sent.headers.Authorization).toBe("Token secret-token");
});

test("ids are sent, and a correlation id that is given is kept", async () => {
  const { sent, result } = await run(answer(success()), { correlationId: "chain" });
  expect(sent.headers).toMatchObject({ "X-Request-ID": result.requestId, "X-Correlation-ID": "chain" });
});

test.each([
  ["success", answer(success([1])), { outcome: "ok", code: 1000, data: [1] }],
  ["a code in the range of successes", answer({ status_code: 1999 }), { outcome: "ok", code: 1999 }],
  ["a code written as text", answer({ status_code: "1000" }), { outcome: "ok", code: 1000 }],
  [
    "a refusal in HTTP 200",
    answer({ status_code: 2001, status_message: "no" }),
    { outcome: "refused", code: 2001, message: "no" },
  ],
  ["a refusal in HTTP 400", answer({ status_code: 2001 }, 400), { outcome: "refused", http: 400, code: 2001 }],
  ["a success in HTTP 400 is none", answer(success(), 400), { outcome: "refused", http: 400 }],
  ["a server error in HTTP 200", answer({ status_code: 3000 }), { outcome: "failed", code: 3000 }],
  ["a hub error", answer({ status_code: 4003 }), { outcome: "failed", code: 4003 }],
  ["HTTP 404 of another server", answer("<html>", 404), { outcome: "refused", http: 404, code: null }],
  ["HTTP 500 without an envelope", answer("oops", 500), { outcome: "failed", http: 500, code: null }],
  ["HTTP 200 without an envelope", answer("[]"), { outcome: "failed", code: null }],
  ["an empty answer", answer(""), { outcome: "failed", message: "HTTP 200 with an empty body" }],
  ["HTTP 401 with a success in it", answer(success(), 401), { outcome: "unauthorized", http: 401 }],
  ["HTTP 403", answer("", 403), { outcome: "unauthorized" }],
  ["HTTP 429 with seconds", answer("", 429, { "retry-after": "7" }), { outcome: "throttled", retryAfterMs: 7000 }],
  [
    "HTTP 503 with a date",
    answer("", 503, { "retry-after": "Fri, 01 May 2026 10:01:00 GMT" }),
    { outcome: "throttled", retryAfterMs: 60_000 },
  ],
  ["HTTP 503 without", answer("", 503, { "retry-after": "soon" }), { outcome: "failed", retryAfterMs: null }],
  ["no answer in time", { kind: "timeout", detail: "t" }, { outcome: "timeout", http: null }],
  ["no connection", { kind: "network", detail: "n" }, { outcome: "unreachable" }],
  ["a host that may not be called", { kind: "refused", detail: "r" }, { outcome: "not_sent" }],
  ["a redirect", { kind: "redirect", detail: "r" }, { outcome: "failed" }],
  ["too much", { kind: "too_large", detail: "r" }, { outcome: "failed" }],
] as [string, OutboundOutcome, object][])("%s", async (_, outcome, expected) => {
  expect((await run(outcome)).result).toMatchObject(expected);
});

test("the exchange is journalled without the token, wherever the partner repeats it", async () => {
  const said = { status_code: 2001, status_message: "secret-token is not mine" };
  const wire = { token: "another-secret", note: btoa("secret-token") };
  const { entry, result } = await run(answer(said), {
    module: "credentials",
    method: "POST",
    wire,
    url: "https://e.test/l?token=secret-token",
  });
  expect(entry).toMatchObject({
    partner: "p1",
    direction: "out",
    method: "POST",
    http_status: 200,
    ocpi_status: 2001,
    module: "credentials",
  });
  expect(JSON.stringify([entry, result.message, result.answer])).not.toContain("secret");
  expect(JSON.stringify(entry)).not.toContain(btoa("secret-token"));
});
