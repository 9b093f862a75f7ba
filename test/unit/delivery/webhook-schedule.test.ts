import { describe, expect, test } from "vitest";
import { judgeWebhook, retryDelay } from "../../../src/delivery/webhook-schedule.ts";
import type { OutboundOutcome } from "../../../src/ports/world.ts";

const answered = (status: number, headers: Record<string, string> = {}): OutboundOutcome => {
  return { kind: "answer", status, headers: new Headers(headers), body: "", url: "https://office.example/" };
};

describe("what an attempt means", () => {
  test.each([
    [200, "done"],
    [204, "done"],
    [299, "done"],
    [301, "failed"],
    [400, "refused"],
    [404, "refused"],
    [408, "failed"],
    [410, "gone"],
    [429, "failed"],
    [500, "failed"],
    [503, "failed"],
  ])("HTTP %i: %s", (status, kind) => {
    expect(judgeWebhook(answered(status)).kind).toBe(kind);
  });

  test.each(["timeout", "network", "redirect", "too_large", "refused"] as const)("%s: failed", (kind) => {
    expect(judgeWebhook({ kind, detail: "why" })).toEqual({ kind: "failed", message: "why", retryAfterMs: null });
  });

  test("Retry-After in seconds is kept to, for a day at most", () => {
    expect(judgeWebhook(answered(429, { "retry-after": "120" }))).toMatchObject({ retryAfterMs: 120_000 });
    expect(judgeWebhook(answered(503, { "retry-after": "999999" }))).toMatchObject({ retryAfterMs: 86_400_000 });
    expect(judgeWebhook(answered(503, { "retry-after": "soon" }))).toMatchObject({ retryAfterMs: null });
  });
});

describe("when it is tried again", () => {
  const failed = { kind: "failed", retryAfterMs: null } as const;

  test("after the delays of the standard, then given up", () => {
    const seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    const delays = seconds.map((_, n) => retryDelay(failed, n + 1, 0));
    expect(delays).toEqual(seconds.map((s) => s * 1000));
    expect(retryDelay(failed, 10, 0)).toBeNull();
  });

  test("up to a fifth later, not before the receiver wants it", () => {
    expect(retryDelay(failed, 1, 0.999)).toBeCloseTo(5_999, 0);
    expect(retryDelay({ ...failed, retryAfterMs: 60_000 }, 1, 0)).toBe(60_000);
  });

  test("an event its receiver refuses as such is given up sooner", () => {
    const refused = { kind: "refused", retryAfterMs: null } as const;
    expect([1, 2, 3].map((n) => retryDelay(refused, n, 0))).toEqual([5_000, 300_000, 1_800_000]);
    expect(retryDelay(refused, 4, 0)).toBeNull();
  });
});
