import { expect, test } from "vitest";
import type { CallOutcome, CallResult } from "../../../src/client/request.ts";
import { evidenceOf, explain, verdictOf } from "../../../src/delivery/outcome.ts";

const result = (outcome: CallOutcome, http: number | null = null, code: number | null = null): CallResult => ({
  outcome,
  http,
  code,
  message: null,
  data: undefined,
  headers: null,
  losses: [],
  retryAfterMs: null,
  requestId: "1",
  url: null,
  answer: null,
});

test.each<[string, CallResult, string, string]>([
  ["stored", result("ok", 200, 1000), "delivered", "alive"],
  ["refused", result("refused", 200, 2001), "rejected", "alive"],
  ["refused by HTTP", result("refused", 400, 2001), "rejected", "alive"],
  ["method not allowed", result("refused", 405, 2000), "rejected", "alive"],
  ["not found", result("refused", 404, 2000), "unknown", "alive"],
  ["unknown Location", result("refused", 200, 2003), "unknown", "alive"],
  ["request timeout", result("refused", 408), "transient", "failing"],
  ["too many requests", result("throttled", 429), "throttled", "alive"],
  ["server error", result("failed", 200, 3000), "transient", "failing"],
  ["HTTP server error", result("failed", 500), "transient", "failing"],
  ["nobody behind the proxy", result("failed", 503), "down", "down"],
  ["hub: unknown receiver", result("failed", 200, 4001), "rejected", "alive"],
  ["hub: receiver gone", result("failed", 200, 4003), "transient", "failing"],
  ["an answer nobody can read", result("failed", 200), "maybe", "failing"],
  ["no answer in time", result("timeout"), "maybe", "down"],
  ["no connection", result("unreachable"), "down", "down"],
  ["our token is not accepted", result("unauthorized", 401), "down", "down"],
  ["nowhere to send it", result("not_sent"), "down", "down"],
])("%s", (_, answer, verdict, evidence) => {
  expect([verdictOf(answer), evidenceOf(answer)]).toEqual([verdict, evidence]);
});

test("what the operator reads", () => {
  expect(explain({ ...result("refused", 200, 2001), message: "no such thing" })).toBe(
    "HTTP 200, OCPI 2001: no such thing",
  );
  expect(explain(result("timeout"))).toBe("timeout");
});
