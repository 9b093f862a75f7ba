import { AsyncLocalStorage } from "node:async_hooks";
import { direct as production } from "../../src/local/entry.ts";
import { countingDatabase, type Tally } from "./counting.ts";

export { CommandObject, default, PartnerObject, SessionObject, WebhookObject } from "../../src/worker.ts";

/** Header of a request whose round trips to D1 are to be counted, and of the answer that tells the number. */
const COUNT = "x-count-d1";

/** Since the last `GET /count-d1`, which answers and resets it: everything asked of D1 on behalf of counted requests. */
let total: Tally = { calls: 0, statements: 0 };

/** The tally of the request at hand, also behind timers and promises it left. */
const own = new AsyncLocalStorage<Tally>();

/** The environment of counted requests: always the same one, for what the gateway remembers it remembers by environment. */
const counted = new WeakMap<Env, Env>();

function countedEnv(env: Env): Env {
  const known = counted.get(env);
  if (known) return known;
  const tallies = (): Tally[] => {
    const tally = own.getStore();
    return tally ? [total, tally] : [total];
  };
  const made = { ...env, DB: countingDatabase(env.DB, tallies) };
  counted.set(env, made);
  return made;
}

/**
 * The gateway as its local socket sees it, with one thing more: a request with `X-Count-D1` is served with a D1 binding
 * that counts, and its answer carries the number of round trips made until it was answered. Other requests take the
 * production's way untouched, so what is timed is what is shipped. Work after the answer (the journal) is in the total only.
 */
export const direct: ExportedHandler<Env> = {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/count-d1") {
      const answer = Response.json(total);
      total = { calls: 0, statements: 0 };
      return answer;
    }
    const serve = production.fetch as NonNullable<ExportedHandler<Env>["fetch"]>;
    if (!request.headers.has(COUNT)) return serve(request, env, context);
    const tally: Tally = { calls: 0, statements: 0 };
    const answer = await own.run(tally, () => serve(request, countedEnv(env), context));
    const headers = new Headers(answer.headers);
    headers.set(COUNT, String(tally.calls));
    return new Response(answer.body, { status: answer.status, headers });
  },
};
