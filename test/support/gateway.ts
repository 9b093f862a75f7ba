import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { type Gateway, type GatewayOptions, startGateway } from "../../src/local/gateway.ts";

/** A gateway for the tests of one file; its members are there once the hooks have run, so do not destructure it. */
export type TestGateway = Gateway & {
  /**
   * Calls the operator API: `await gateway.operator("PUT", "/parties/NL/TNM", { roles: ["CPO"] })`.
   * @param path below `/api/v1`
   * @param body sent as JSON unless undefined
   */
  operator(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** What the Worker has logged so far, a line `level message` each. */
  logs: string[];
};

/** Starts a gateway before the tests of this file (or `describe` block) and stops it after them; state is thrown away. */
export function useGateway(options: GatewayOptions = {}): TestGateway {
  const logs: string[] = [];
  const gateway = { logs } as TestGateway;
  gateway.operator = (method, path, body, headers) => operatorRequest(gateway, method, path, body, headers);
  beforeAll(async () => {
    Object.assign(
      gateway,
      await startGateway({ log: (level, message) => logs.push(`${level} ${message}`), ...options }),
    );
  });
  afterAll(async () => {
    await gateway.close?.();
  });
  return gateway;
}

/** One request to the operator API of any gateway. */
export function operatorRequest(
  gateway: { url: string; operatorToken: string },
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Response> {
  return fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.operatorToken}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** A gateway in a process of its own, as `npm run dev` runs it, for tests that kill it. */
export type GatewayProcess = {
  url: string;
  operatorToken: string;
  /** Kills the process (SIGKILL) or asks it to stop (SIGTERM), and returns when it is gone. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
};

/**
 * Starts src/local/dev.ts and returns when `GET /healthz` answers 200.
 * @throws when it has ended, or is not ready within 20 s
 */
export async function startGatewayProcess(options: { port: number; stateDir: string }): Promise<GatewayProcess> {
  const operatorToken = "dev-operator-token";
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../src/local/dev.ts")], {
    env: {
      ...process.env,
      PORT: String(options.port),
      STATE_DIR: options.stateDir,
      OPERATOR_TOKEN: operatorToken,
      PUBLIC_URL: "",
      npm_lifecycle_event: undefined,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const url = `http://127.0.0.1:${options.port}`;
  for (let waited = 0; waited < 20_000; waited += 25) {
    if (child.exitCode !== null) throw new Error(`The gateway ended before it was ready: ${errors}`);
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) {
      const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<void> => {
        child.kill(signal);
        await ended;
      };
      return { url, operatorToken, end };
    }
    await sleep(25);
  }
  child.kill("SIGKILL");
  throw new Error(`The gateway is not ready after 20 s: ${errors}`);
}

/** The rows of a query on the gateway's D1 database, for tests that must look inside. */
export async function rows(
  gateway: Gateway,
  sql: string,
  ...parameters: unknown[]
): Promise<Record<string, unknown>[]> {
  const db = await gateway.mf.getD1Database("DB");
  const { results } = await db
    .prepare(sql)
    .bind(...parameters)
    .all();
  return results as Record<string, unknown>[];
}
