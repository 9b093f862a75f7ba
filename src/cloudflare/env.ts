import type { Config } from "../ports/world.ts";

/** What a deployment gives the gateway besides its bindings, checked. */
export interface Deployment {
  config: Config;
  /** 32 bytes in Base64. */
  masterKey: string;
  /** Bearer token of the operator API. */
  operatorToken: string;
}

/** The operator token of local running, known to everybody. */
const DEFAULT_OPERATOR_TOKEN = "dev-operator-token";

const bindings = {
  DB: "D1 database",
  FEED: "queue producer",
  PARTNER: "Durable Object namespace",
  SESSION: "Durable Object namespace",
  COMMAND: "Durable Object namespace",
  WEBHOOK: "Durable Object namespace",
  WRONG_TOKENS: "rate limit",
  ASSETS: "static assets",
} as const satisfies Partial<Record<keyof Env, string>>;

/** Bodies are read up to these sizes. Contract: OCPI side. */
const bodyLimits = { objects: 1_000_000, small: 64_000 };

const checked = new WeakMap<Env, Deployment>();

/**
 * The settings of this deployment, checked once per isolate.
 * @throws with one message that names everything missing or wrong, and what to do about it
 */
export function deploymentOf(env: Env): Deployment {
  const known = checked.get(env);
  if (known !== undefined) return known;
  const faults: string[] = [];
  const deployment = read(env, faults);
  if (faults.length > 0) throw new Error(`The gateway cannot start: ${faults.join("; ")}`);
  checked.set(env, deployment);
  return deployment;
}

function read(env: Env, faults: string[]): Deployment {
  const isLocal = env.ENVIRONMENT === "local";
  for (const [name, what] of Object.entries(bindings)) {
    if (!env[name as keyof Env]) faults.push(`binding ${name} (${what}) is missing from wrangler.toml`);
  }
  if (!env.MASTER_KEY)
    faults.push("secret MASTER_KEY is missing: set 32 random bytes in Base64 by `wrangler secret put MASTER_KEY`");
  else if (!isKey(env.MASTER_KEY)) faults.push("secret MASTER_KEY is not 32 bytes in Base64");
  if (!env.OPERATOR_TOKEN)
    faults.push("secret OPERATOR_TOKEN is missing: set it by `wrangler secret put OPERATOR_TOKEN`");
  else if (!isLocal && env.OPERATOR_TOKEN === DEFAULT_OPERATOR_TOKEN) {
    faults.push("secret OPERATOR_TOKEN has the value everybody knows; it is taken only where ENVIRONMENT is local");
  }
  const allowPrivateNetwork = env.ALLOW_PRIVATE_NETWORK === "true";
  if (allowPrivateNetwork && !isLocal)
    faults.push("ALLOW_PRIVATE_NETWORK is true, which is taken only where ENVIRONMENT is local");
  const journalDays = Number(env.JOURNAL_DAYS || 14);
  if (!Number.isInteger(journalDays) || journalDays < 1) faults.push("JOURNAL_DAYS is not a number of days");
  return {
    config: { publicUrl: publicUrl(env.PUBLIC_URL, faults), allowPrivateNetwork, bodyLimits, journalDays },
    masterKey: env.MASTER_KEY,
    operatorToken: env.OPERATOR_TOKEN,
  };
}

function isKey(text: string): boolean {
  try {
    return atob(text.trim()).length === 32;
  } catch {
    return false;
  }
}

function publicUrl(text: string | undefined, faults: string[]): string | null {
  if (!text) return null;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    faults.push("PUBLIC_URL is not an http(s) URL without a query");
    return null;
  }
  return url.href.replace(/\/+$/, "");
}
