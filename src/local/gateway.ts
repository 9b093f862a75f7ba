import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, MiniflareCoreError } from "miniflare";
import { bundleWorker } from "./bundle.ts";
import { applyMigrations } from "./migrations.ts";
import { endWithThisProcess, traceableRuntime } from "./runtime.ts";
import { keptMasterKey, takeState } from "./state.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

/** How a local gateway is to run; everything has a default. */
export type GatewayOptions = {
  /** TCP port on 127.0.0.1; default: a free one. */
  port?: number;
  /** Directory the state is kept in, and found again in; default: a temporary one that `close` removes. */
  stateDir?: string;
  /** Bearer token of the operator API; default `dev-operator-token`. */
  operatorToken?: string;
  /** Where partners reach this gateway, no slash at the end; default `http://127.0.0.1:<port>`. */
  publicUrl?: string;
  /** 32 bytes in Base64 that encrypt partners' tokens; default: the one kept in the state directory. */
  masterKey?: string;
  /** Overrides `[vars]` of wrangler.toml, by name. */
  vars?: Record<string, string>;
  /** Source file to bundle instead of src/local/entry.ts, with the same exports, absolute; for the benchmarks. */
  entry?: string;
  /** Takes what the Worker logs, one message a call; default: nobody listens. */
  log?: (level: string, message: string) => void;
};

/** A gateway that runs. */
export type Gateway = {
  /** Its base URL, `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  stateDir: string;
  operatorToken: string;
  masterKey: string;
  /** The runtime underneath, for tests that must look inside (`mf.getD1Database("DB")`). */
  mf: Miniflare;
  /** Stops it; state stays, unless its directory was a temporary one. */
  close(): Promise<void>;
};

/**
 * Starts a gateway on this machine: Worker, D1, Durable Objects and Queues in one workerd process, state on disk, bindings
 * as in wrangler.toml. When it returns the port is open and the migrations are applied. Several may run in one process.
 * @throws when the port is taken, the source does not compile, or a migration fails
 */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const worker = readWranglerToml();
  const bundling = bundleWorker(worker, options.entry);
  bundling.catch(() => {}); // Awaited below; whatever fails before that must not leave a rejection nobody handles.
  const port = options.port || (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const stateDir = resolve(options.stateDir ?? mkdtempSync(join(tmpdir(), "ocpi-gateway-")));
  const operatorToken = options.operatorToken ?? "dev-operator-token";
  const state = await takeState(stateDir);
  const closing: (() => unknown)[] = [];
  if (options.stateDir === undefined) closing.push(() => rmSync(stateDir, { recursive: true, force: true }));
  closing.push(state.release);
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const masterKey = options.masterKey ?? keptMasterKey(stateDir);
    applyMigrations(state.persist, worker.database);
    const bindings = {
      ...worker.vars,
      PUBLIC_URL: options.publicUrl ?? url,
      ALLOW_PRIVATE_NETWORK: "true",
      ...options.vars,
      MASTER_KEY: masterKey,
      OPERATOR_TOKEN: operatorToken,
    };
    const modules = [{ type: "ESModule" as const, path: "worker.js", contents: await bundling }];
    // Straight into the Worker: Miniflare's entry Worker in front costs two thirds of the requests per second.
    const unsafeDirectSockets = [{ host: "127.0.0.1", port, entrypoint: "direct" }];
    const mf = new Miniflare(
      convertV4MiniflareOptions({
        host: "127.0.0.1",
        cf: false,
        log: new Log(LogLevel.WARN),
        handleStructuredLogs: ({ level, message }) => options.log?.(level, message),
        resourcePersistencePath: state.persist,
        unsafeRuntimeEnv: traceableRuntime(state.pidFile),
        workers: [{ ...worker.options, modules, bindings, unsafeDirectSockets }],
      }),
    );
    // A runtime that never started fails again here; the error worth telling is the one of `ready`.
    closing.push(endWithThisProcess(state.pidFile), () => mf.dispose().catch(() => {}));
    await mf.ready;
    // Queues live in memory here and cron never fires: what a killed process had still to tell is looked for once at the start.
    void sweep(mf).catch((error: unknown) => options.log?.("warn", `The sweep at the start failed: ${error}`));
    return { url, port, stateDir, operatorToken, masterKey, mf, close };
  } catch (cause) {
    await close();
    if (!(cause instanceof MiniflareCoreError && cause.code === "ERR_ADDRESS_IN_USE")) throw cause;
    // A port that was free a moment ago may be gone: nobody asked for this one, so another will do.
    if (!options.port) return startGateway(options);
    throw new Error(`Port ${port} of 127.0.0.1 is in use`, { cause });
  }
}

/** What a cron tick does in production. */
async function sweep(mf: Miniflare): Promise<void> {
  const worker = await mf.getWorker();
  await worker.scheduled({ cron: "start" });
}

/** A TCP port on 127.0.0.1 that nobody uses at this moment. */
export function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => settle(typeof address === "object" && address ? address.port : 0));
    });
  });
}
