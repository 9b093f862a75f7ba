import { describe, expect, test } from "vitest";
import { deploymentOf } from "../../../src/cloudflare/env.ts";

const key = btoa("x".repeat(32));

/** A complete environment, with members replaced. */
const env = (replace: Record<string, unknown> = {}): Env =>
  ({
    DB: {},
    FEED: {},
    PARTNER: {},
    COMMAND: {},
    SESSION: {},
    WEBHOOK: {},
    WRONG_TOKENS: {},
    ASSETS: {},
    ENVIRONMENT: "production",
    PUBLIC_URL: "https://gw.example/",
    ALLOW_PRIVATE_NETWORK: "false",
    JOURNAL_DAYS: "14",
    MASTER_KEY: key,
    OPERATOR_TOKEN: "a-long-secret",
    ...replace,
  }) as unknown as Env;

test("a complete environment", () => {
  expect(deploymentOf(env())).toEqual({
    config: {
      publicUrl: "https://gw.example",
      allowPrivateNetwork: false,
      bodyLimits: { objects: 1_000_000, small: 64_000 },
      journalDays: 14,
    },
    masterKey: key,
    operatorToken: "a-long-secret",
  });
  expect(deploymentOf(env({ PUBLIC_URL: "" })).config.publicUrl).toBeNull();
});

test("all that is missing is named at once", () => {
  const bare = env({ DB: undefined, FEED: undefined, MASTER_KEY: undefined, OPERATOR_TOKEN: "" });
  for (const name of ["DB", "FEED", "MASTER_KEY", "OPERATOR_TOKEN"]) expect(() => deploymentOf(bare)).toThrow(name);
});

describe("what is refused", () => {
  test.each([
    ["MASTER_KEY", "too-short"],
    ["MASTER_KEY", btoa("x".repeat(31))],
    ["OPERATOR_TOKEN", "dev-operator-token"],
    ["ALLOW_PRIVATE_NETWORK", "true"],
    ["JOURNAL_DAYS", "soon"],
    ["PUBLIC_URL", "gw.example"],
    ["PUBLIC_URL", "https://gw.example/?a=1"],
  ])("%s=%s", (name, value) => {
    expect(() => deploymentOf(env({ [name]: value }))).toThrow(name);
  });

  test("never shows a secret", () => {
    expect(() => deploymentOf(env({ MASTER_KEY: "secret-but-wrong", DB: undefined }))).toThrow(
      /^(?!.*secret-but-wrong)/,
    );
  });
});

test("locally the defaults are taken", () => {
  const local = deploymentOf(
    env({ ENVIRONMENT: "local", OPERATOR_TOKEN: "dev-operator-token", ALLOW_PRIVATE_NETWORK: "true" }),
  );
  expect(local.config.allowPrivateNetwork).toBe(true);
});
