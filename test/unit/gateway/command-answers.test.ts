import { expect, test } from "vitest";
import type { CallResult } from "../../../src/client/exchange.ts";
import { answerEvent } from "../../../src/gateway/command-answers.ts";
import { COMMANDS } from "../../../src/gateway/command-types.ts";
import { type Version, versionByNumber } from "../../../src/ocpi/versions.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const call = (change: Partial<CallResult>): CallResult => ({
  outcome: "ok",
  http: 200,
  code: 1000,
  message: null,
  data: undefined,
  headers: null,
  losses: [],
  retryAfterMs: null,
  requestId: "r",
  url: null,
  answer: null,
  ...change,
});

test.each([
  ["a response", "2.2.1", { data: { result: "ACCEPTED", timeout: 20 } }, { result: "ACCEPTED", timeout: 20 }],
  ["one without its timeout", "2.2.1", { data: { result: "ACCEPTED" } }, { result: "ACCEPTED", timeout: 60 }],
  ["a bare string", "2.1.1", { data: "ACCEPTED" }, { result: "ACCEPTED", timeout: 60 }],
  ["a bare string where there is none", "2.2.1", { data: "REJECTED" }, { result: "REJECTED" }],
  [
    "2003 with a refusal",
    "2.2.1",
    { outcome: "refused", code: 2003, data: { result: "REJECTED", timeout: 5 } },
    { result: "REJECTED" },
  ],
  [
    "HTTP 404 with a refusal",
    "2.1.1",
    { outcome: "refused", http: 404, code: 2003, data: { result: "REJECTED" } },
    { result: "REJECTED" },
  ],
] as const)("a response: %s", (_, number, answer, response) => {
  const event = answerEvent(version(number), COMMANDS.START_SESSION, call(answer as Partial<CallResult>));
  expect(event).toMatchObject({ kind: "response", response });
});

test.each([
  ["no data", {}, "holds no CommandResponse"],
  ["a result nobody knows", { data: { result: "MAYBE", timeout: 1 } }, "holds no CommandResponse"],
  ["a list", { data: [] }, "holds no CommandResponse"],
  ["a refusal without data", { outcome: "refused", code: 2001, message: "no" }, "no"],
  [
    "ACCEPTED with an error code",
    { outcome: "failed", code: 3000, message: "broken", data: { result: "ACCEPTED", timeout: 1 } },
    "broken",
  ],
  ["not OCPI", { outcome: "failed", http: 502, code: null, message: "HTTP 502 without an OCPI envelope" }, "502"],
  ["no answer", { outcome: "timeout", http: null, code: null, message: "no answer within 30000 ms" }, "30000"],
] as const)("no response: %s", (_, answer, message) => {
  const made = call(answer as Partial<CallResult>);
  const event = answerEvent(version("2.2.1"), COMMANDS.START_SESSION, made);
  expect(event).toMatchObject({ kind: "failure", error: { http_status: made.http, ocpi_status: made.code } });
  expect(event.kind === "failure" && event.error.message).toContain(message);
});

test("charging profiles have responses of their own", () => {
  const answer = call({ data: { result: "TOO_OFTEN", timeout: 5 } });
  expect(answerEvent(version("2.2.1"), COMMANDS.GET_CHARGING_PROFILE, answer)).toMatchObject({ kind: "response" });
  expect(answerEvent(version("2.2.1"), COMMANDS.START_SESSION, answer)).toMatchObject({ kind: "failure" });
});
