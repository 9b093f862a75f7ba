import { expect, test } from "vitest";
import type { IdempotencyStore } from "../../../src/operator/idempotency.ts";
import { onlyOnce } from "../../../src/operator/only-once.ts";
import type { Answer, Call } from "../../../src/operator/table.ts";
import { openSecrets } from "../../support/fake-ports.ts";

/** A store of one key, and what it was told. */
function stage(change: Partial<IdempotencyStore> = {}) {
  const told: string[] = [];
  let kept: { status: number; body: string } | null = null;
  const idempotency: IdempotencyStore = {
    claim: async () => {
      if (kept !== null) return { state: "answered", answer: kept };
      const isTaken = told.includes("claim") && !told.includes("release");
      told.push("claim");
      return { state: isTaken ? "running" : "taken" };
    },
    keep: async (_, answer) => {
      kept = answer;
    },
    release: async () => void told.push("release"),
    ...change,
  };
  const ports = { secrets: openSecrets, log: { write: (level: string) => void told.push(level) } };
  const request = new Request("https://gw.test/api/v1/x", { method: "POST", headers: { "Idempotency-Key": "k" } });
  const call = { ports, config: { idempotency }, request } as unknown as Call;
  let done = 0;
  const work = async () => {
    done++;
    return { ok: true, value: { status: 201, json: { done } } as Answer } as const;
  };
  return { told, call, work, count: () => done };
}

test("the same request again is answered the same again", async () => {
  const { call, work, count } = stage();
  expect(await onlyOnce(call, "{}", work)).toMatchObject({ value: { json: { done: 1 } } });
  expect(await onlyOnce(call, "{}", work)).toMatchObject({
    value: { json: { done: 1 }, headers: { "Idempotency-Replayed": "true" } },
  });
  expect(count()).toBe(1);
});

test("work that is done is not done again because its answer could not be kept", async () => {
  const { call, work, count, told } = stage({ keep: () => Promise.reject(new Error("D1 is away")) });
  expect(await onlyOnce(call, "{}", work)).toMatchObject({ value: { json: { done: 1 } } });
  expect(told).toEqual(["claim", "error"]);
  expect(await onlyOnce(call, "{}", work)).toMatchObject({ error: { kind: "conflict" } });
  expect(count()).toBe(1);
});

test("work that threw or was refused frees its key", async () => {
  const { call, told } = stage();
  await expect(onlyOnce(call, "{}", () => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug");
  expect(told).toEqual(["claim", "release"]);
  const other = stage();
  const refusal = { ok: false, error: { kind: "unknown_object", message: "no" } } as const;
  expect(await onlyOnce(other.call, "{}", async () => refusal)).toEqual(refusal);
  expect(other.told).toEqual(["claim", "release"]);
});
