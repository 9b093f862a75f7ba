import worker from "../worker.ts";

export * from "../worker.ts";
export { default } from "../worker.ts";

/** `run_worker_first` of wrangler.toml, set by the bundler. */
declare const RUN_WORKER_FIRST: string[];

const answer: ExportedHandlerFetchHandler<Env> = worker.fetch;
const prefixes = RUN_WORKER_FIRST.map((pattern) => pattern.replace(/\*$/, ""));
const isWorkerFirst = (path: string): boolean =>
  prefixes.some((prefix) => (prefix.endsWith("/") ? path.startsWith(prefix) : path === prefix));

/**
 * The Worker as the local socket sees it. The platform sends a request to the static files first, unless
 * `run_worker_first` says otherwise; Miniflare simulates that by two more Workers in front, which halves the requests per
 * second. This does the same in place. Only what runs locally is bundled from here; a deployment starts at src/worker.ts.
 */
export const direct: ExportedHandler<Env> = {
  async fetch(request, env, context) {
    const isFileLike = request.method === "GET" || request.method === "HEAD";
    if (isFileLike && !isWorkerFirst(new URL(request.url).pathname)) {
      const file = await env.ASSETS.fetch(request);
      if (file.status !== 404) return file;
    }
    return answer(request, env, context);
  },
};
