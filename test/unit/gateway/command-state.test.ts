import { expect, test } from "vitest";
import { isFinal, step } from "../../../src/gateway/command-state.ts";
import type { Command, CommandEvent, CommandStatus } from "../../../src/ports/commands.ts";

const NOW = Date.parse("2026-05-01T10:00:00Z");
const LATER = NOW + 60_000;

const sent: Command = {
  id: "id",
  type: "START_SESSION",
  direction: "out",
  partner: "p",
  body: {},
  response_url: null,
  from: null,
  to: null,
  correlation_id: "c",
  status: "SENDING",
  response: null,
  result: null,
  late: false,
  later: [],
  error: null,
  session: null,
  created_at: NOW,
  expires_at: LATER,
};
const accepted = { result: "ACCEPTED" };
const failed = { result: "FAILED" };
const error = { message: "HTTP 500", http_status: 500, ocpi_status: null };

const EVENTS = {
  accepted: { kind: "response", response: accepted, timeout_s: 30 },
  rejected: { kind: "response", response: { result: "REJECTED" }, timeout_s: 30 },
  unknown: { kind: "response", response: { result: "UNKNOWN_SESSION" }, timeout_s: 30 },
  none: { kind: "failure", error },
  result: { kind: "result", result: accepted },
  bad: { kind: "result", result: failed },
  over: { kind: "timeout", result: { result: "TIMEOUT" } },
  session: { kind: "session", session: { country_code: "NL", party_id: "TNM", id: "S1" } },
} satisfies Record<string, CommandEvent>;
type Name = keyof typeof EVENTS;

/** Runs events in their order; those of the time being over happen when it is. */
function run(start: Command, names: Name[]): { command: Command; told: string[]; outcomes: string[] } {
  let command = start;
  const told: string[] = [];
  const outcomes: string[] = [];
  for (const name of names) {
    const at = name === "over" ? command.expires_at : NOW;
    const done = step(command, EVENTS[name], at);
    command = done.command;
    outcomes.push(done.outcome);
    for (const effect of done.effects) told.push(effect.kind === "tell" ? effect.what : `post ${effect.result.result}`);
  }
  return { command, told, outcomes };
}

interface Row {
  events: Name[];
  status: CommandStatus;
  result: string | null;
  late?: boolean;
  told?: string[];
}

// What we sent: every order of what may come.
const rows: Row[] = [
  { events: ["accepted"], status: "ACCEPTED", result: null },
  { events: ["rejected"], status: "REJECTED", result: null },
  { events: ["unknown"], status: "REJECTED", result: null },
  { events: ["none"], status: "FAILED", result: null },
  { events: ["over"], status: "FAILED", result: null, told: ["result"] },
  { events: ["accepted", "result"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["accepted", "bad"], status: "DONE", result: "FAILED", told: ["result"] },
  { events: ["accepted", "over"], status: "TIMED_OUT", result: null, told: ["result"] },
  {
    events: ["accepted", "over", "result"],
    status: "TIMED_OUT",
    result: "ACCEPTED",
    late: true,
    told: ["result", "result"],
  },
  {
    events: ["accepted", "over", "result", "bad"],
    status: "TIMED_OUT",
    result: "ACCEPTED",
    late: true,
    told: ["result", "result"],
  },
  { events: ["accepted", "result", "bad"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["accepted", "result", "result"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["accepted", "result", "over"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["result"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["result", "accepted"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["result", "rejected"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["result", "none"], status: "DONE", result: "ACCEPTED", told: ["result"] },
  { events: ["rejected", "result"], status: "REJECTED", result: "ACCEPTED", late: true, told: ["result"] },
  { events: ["none", "result"], status: "FAILED", result: "ACCEPTED", late: true, told: ["result"] },
  { events: ["none", "accepted"], status: "FAILED", result: null },
  { events: ["rejected", "over"], status: "REJECTED", result: null },
  { events: ["accepted", "rejected"], status: "ACCEPTED", result: null },
  { events: ["accepted", "none"], status: "ACCEPTED", result: null },
];

test.each(rows)("sent: $events is $status, result $result", ({ events, status, result, late = false, told = [] }) => {
  const end = run(sent, events);
  expect(end.command).toMatchObject({ status, late });
  expect(end.command.result?.result ?? null).toBe(result);
  expect(end.told).toEqual(told);
  expect(isFinal(end.command)).toBe(status !== "ACCEPTED");
  // A session is tied whatever the status, once, and changes nothing else.
  const tied = run(end.command, ["session", "session"]);
  expect(tied.outcomes).toEqual(["changed", "unchanged"]);
  expect(tied.command).toEqual({ ...end.command, session: EVENTS.session.session });
});

test("every final status stays, whatever comes, and the first result too", () => {
  const names = Object.keys(EVENTS) as Name[];
  for (const { events } of rows) {
    const end = run(sent, events).command;
    if (!isFinal(end)) continue;
    for (const name of names) {
      const { command } = run(end, [name]);
      expect(command.status, `${events} ${name}`).toBe(end.status);
      if (end.result !== null) expect(command.result).toEqual(end.result);
    }
  }
});

test("a response that comes after its result is kept, and why none came", () => {
  expect(run(sent, ["result", "accepted"]).command.response).toEqual(accepted);
  expect(run(sent, ["result", "none"]).command.error).toEqual(error);
});

test("the time for a result is the partner's, within reason", () => {
  const wait = (timeout_s: number) =>
    (step(sent, { kind: "response", response: accepted, timeout_s }, NOW).command.expires_at - NOW) / 1000;
  expect([wait(30), wait(0), wait(-5), wait(1e9)]).toEqual([30, 1, 1, 86_400]);
});

test("an alarm before its time changes nothing", () => {
  expect(step(sent, EVENTS.over, NOW).outcome).toBe("unchanged");
});

test("a reservation that is taken back: the second result is kept beside the first, once", () => {
  const cancelled: CommandEvent = { kind: "result", result: { result: "CANCELED_RESERVATION" } };
  for (const type of ["RESERVE_NOW", "START_SESSION"] as const) {
    const { command } = run({ ...sent, type }, ["accepted", "result"]);
    const second = step(command, cancelled, NOW);
    const third = step(second.command, cancelled, NOW);
    expect(second.outcome).toBe(type === "RESERVE_NOW" ? "changed" : "unchanged");
    expect(second.command.result).toEqual(accepted);
    expect(second.command.later).toHaveLength(type === "RESERVE_NOW" ? 1 : 0);
    expect(third.outcome).toBe("unchanged");
  }
});

// What we received.
const taken: Command = { ...sent, direction: "in", status: "ACCEPTED", response: accepted };

test.each([
  { events: ["result"], status: "DONE", result: "ACCEPTED", told: ["post ACCEPTED"], last: "changed" },
  { events: ["result", "result"], status: "DONE", result: "ACCEPTED", told: ["post ACCEPTED"], last: "unchanged" },
  { events: ["result", "bad"], status: "DONE", result: "ACCEPTED", told: ["post ACCEPTED"], last: "conflict" },
  { events: ["over"], status: "TIMED_OUT", result: "TIMEOUT", told: ["result", "post TIMEOUT"], last: "changed" },
  {
    events: ["over", "result"],
    status: "TIMED_OUT",
    result: "TIMEOUT",
    told: ["result", "post TIMEOUT"],
    last: "gone",
  },
  { events: ["result", "over"], status: "DONE", result: "ACCEPTED", told: ["post ACCEPTED"], last: "unchanged" },
  { events: ["accepted"], status: "ACCEPTED", result: null, told: [], last: "unchanged" },
  { events: ["none"], status: "ACCEPTED", result: null, told: [], last: "unchanged" },
] as { events: Name[]; status: CommandStatus; result: string | null; told: string[]; last: string }[])(
  "received: $events is $status, $last",
  ({ events, status, result, told, last }) => {
    const end = run(taken, events);
    expect(end.command.status).toBe(status);
    expect(end.command.result?.result ?? null).toBe(result);
    expect(end.told).toEqual(told);
    expect(end.outcomes.at(-1)).toBe(last);
  },
);

test("received: a result when the time is over is gone, even before the alarm says so", () => {
  expect(step(taken, EVENTS.result, LATER).outcome).toBe("gone");
});

test("received: our accepted reservation may be taken back, another one not", () => {
  const cancelled: CommandEvent = { kind: "result", result: { result: "CANCELED_RESERVATION" } };
  const stands = run({ ...taken, type: "RESERVE_NOW" }, ["result"]).command;
  expect(step(stands, cancelled, NOW)).toMatchObject({ outcome: "changed", effects: [{ kind: "post" }] });
  const refused = run({ ...taken, type: "RESERVE_NOW" }, ["bad"]).command;
  expect(step(refused, cancelled, NOW).outcome).toBe("conflict");
});

test("a result that could not be handed over is told", () => {
  const done = run(taken, ["result"]).command;
  const told = step(done, { kind: "unposted", error }, NOW);
  expect(told).toMatchObject({ command: { ...done, error }, effects: [{ kind: "tell", what: "unposted" }] });
});
