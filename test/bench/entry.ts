import { direct as production } from "../../src/local/entry.ts";
import { countingDatabase, type Tally } from "./counting.ts";

export { default, PartnerObject } from "../../src/worker.ts";

/** Header of a request whose round trips to D1 are to be counted, and of the answer that tells the number. */
const COUNT = "x-count-d1";

/** Since the last `POST /count-d1`, which answers and resets it: everything asked of D1 on behalf of counted requests. */
let total: Tally = { calls: 0, statements: 0 };

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
    const own: Tally = { calls: 0, statements: 0 };
    const counted = { ...env, DB: countingDatabase(env.DB, own, total) };
    const answer = await serve(request, counted, context);
    const headers = new Headers(answer.headers);
    headers.set(COUNT, String(own.calls));
    return new Response(answer.body, { status: answer.status, headers });
  },
};
