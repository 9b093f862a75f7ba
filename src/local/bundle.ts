import { join } from "node:path";
import { build, stop } from "esbuild";
import { type LocalWorker, repository } from "./wrangler-toml.ts";

const bundles = new Map<string, Promise<string>>();

/**
 * The Worker as one ES module, bundled with the settings Wrangler uses for a deployment (target, conditions, names kept);
 * once in a process, however many gateways run in it.
 * @param entry source file to start from, absolute; default: src/local/entry.ts
 * @returns the code, source map inline
 * @throws when the source does not compile; the message lists the errors
 */
export function bundleWorker(worker: LocalWorker, entry = join(repository, "src/local/entry.ts")): Promise<string> {
  const bundle = bundles.get(entry) ?? bundleOnce(worker, entry).finally(stop);
  bundles.set(entry, bundle);
  return bundle;
}

async function bundleOnce(worker: LocalWorker, entry: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: repository,
    outdir: join(repository, ".wrangler/bundle"),
    write: false,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".sql": "text", ".txt": "text", ".html": "text" },
    keepNames: true,
    sourcemap: "inline",
    sourcesContent: false,
    define: {
      "process.env.NODE_ENV": '"production"',
      RUN_WORKER_FIRST: JSON.stringify(worker.runWorkerFirst),
    },
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error("esbuild wrote nothing");
  return file.text;
}
