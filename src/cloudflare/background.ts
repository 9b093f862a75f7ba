import type { Background, Log } from "../ports/world.ts";

/**
 * Work that outlives the response it belongs to.
 * @param run keeps the request (or Durable Object) alive until a promise settles: `ctx.waitUntil`
 */
export function background(run: (work: Promise<unknown>) => void, log: Log): Background {
  return {
    run(work) {
      run(
        work.catch((error: unknown) => {
          const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
          log.write("error", "Work in the background failed", { stack });
        }),
      );
    },
  };
}
