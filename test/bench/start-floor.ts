import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, stop } from "esbuild";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { freePort } from "../../src/local/gateway.ts";
import { traceableRuntime } from "../../src/local/runtime.ts";
import { readWranglerToml } from "../../src/local/wrangler-toml.ts";
import { timeOf } from "./cases.ts";
import { OWN } from "./import.ts";
import { benchLocation } from "./location.ts";

/** A floor that runs. */
export type Floor = {
  url: string;
  /** Where its workerd has left its process id. */
  pidFile: string;
  close(): Promise<void>;
};

/**
 * Starts test/bench/floor.ts as the gateway is started (a Miniflare of its own, direct socket, D1 on disk) and fills it.
 */
export async function startFloor(rows: number): Promise<Floor> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "floor.ts")],
    write: false,
    bundle: true,
    external: ["cloudflare:*"],
    format: "esm",
    target: "es2024",
  });
  await stop();
  const { compatibilityDate } = readWranglerToml().options as { compatibilityDate: string };
  const port = await freePort();
  const state = mkdtempSync(join(tmpdir(), "ocpi-floor-"));
  const pidFile = join(state, "workerd.pid");
  const mf = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      cf: false,
      log: new Log(LogLevel.WARN),
      resourcePersistencePath: state,
      unsafeRuntimeEnv: traceableRuntime(pidFile),
      workers: [
        {
          name: "floor",
          modules: [{ type: "ESModule", path: "floor.js", contents: outputFiles[0]?.text ?? "" }],
          compatibilityDate,
          d1Databases: { DB: "floor" },
          durableObjects: { OBJECT: { className: "FloorObject", useSQLite: true } },
          unsafeDirectSockets: [{ host: "127.0.0.1", port, entrypoint: "floor" }],
        },
      ],
    }),
  );
  const close = async (): Promise<void> => {
    await mf.dispose();
    rmSync(state, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await mf.ready;
    const template = JSON.stringify(benchLocation(OWN, "{id}", timeOf(0)));
    const seeded = await fetch(`${url}/seed?rows=${rows}`, { method: "POST", body: template });
    if (!seeded.ok) throw new Error(`The floor cannot be filled: ${await seeded.text()}`);
    return { url, pidFile, close };
  } catch (error) {
    await close();
    throw error;
  }
}
