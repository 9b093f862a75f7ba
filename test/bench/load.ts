import { Agent, request } from "node:http";
import { parentPort, Worker } from "node:worker_threads";
import { type BenchCase, type BenchRequest, type BenchWorld, cases, floorFollow, floorRequest } from "./cases.ts";

/** Requests in flight at once; a lane sends its next when the last was answered. */
const LANES = 16;

/** What to send, and for how long. */
export type LoadOrder = {
  world: BenchWorld;
  /** Index into `cases`. */
  index: number;
  side: "gateway" | "floor";
  /** Number of the first request. */
  from: number;
  durationMs: number;
};

/** What came of it; latencies in milliseconds. */
export type LoadResult = {
  sent: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** The first answer that was not what it should be. */
  failure: string | null;
};

/** A load generator in a thread of its own, so that nothing else makes it wait. */
export function startLoad(): { run(order: LoadOrder): Promise<LoadResult>; stop(): Promise<unknown> } {
  const worker = new Worker(import.meta.filename);
  return {
    run: (order) =>
      new Promise((settle, fail) => {
        worker.once("error", fail);
        worker.once("message", (result: LoadResult) => {
          worker.off("error", fail);
          settle(result);
        });
        worker.postMessage(order);
      }),
    stop: () => worker.terminate(),
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: LANES });

/** Sends one request and reads its answer whole. */
export function send(order: BenchRequest): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((settle, fail) => {
    const { method, headers } = order;
    const outgoing = request(order.url, { method, headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", fail);
      answer.on("end", () =>
        settle({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on("error", fail);
    outgoing.end(order.body);
  });
}

/** Why an answer is not the one wanted; null when it is: of OCPI a success, of a command its result. */
export function wrong(side: LoadOrder["side"], answer: { status: number; body: string }): string | null {
  const isDone = /"status_code":1000|"status":"(ACCEPTED|DONE)"/.test(answer.body);
  const isGood = answer.status < 300 && (side === "floor" || isDone);
  return isGood ? null : `HTTP ${answer.status} ${answer.body.slice(0, 300)}`;
}

/** An answer as it is judged. */
type Answered = Awaited<ReturnType<typeof send>>;

/** Makes the nth request of an operation, and the one that follows on it; answers the last answer, and every one in `all`. */
export async function operate(
  world: BenchWorld,
  each: BenchCase,
  side: LoadOrder["side"],
  n: number,
  headers: Record<string, string> = {},
): Promise<{ failure: string | null; all: Answered[] }> {
  const order = side === "floor" ? floorRequest(world, each.floor, n) : each.request(world, n);
  const all: Answered[] = [];
  for (let next: BenchRequest | undefined = order; next !== undefined; ) {
    const answer = await send({ ...next, headers: { ...next.headers, ...headers } });
    all.push(answer);
    const failure = wrong(side, answer);
    if (failure !== null) return { failure, all };
    if (all.length > 1) break;
    next = side === "floor" ? floorFollow(world, each.floor, answer.body) : each.follow?.(world, answer.body);
  }
  const isOpen = all.length > 1 && side === "gateway" && !all[1]?.body.includes('"status":"DONE"');
  return { failure: isOpen ? `No result: ${all[1]?.body.slice(0, 300)}` : null, all };
}

async function load({ world, index, side, from, durationMs }: LoadOrder): Promise<LoadResult> {
  const measured = cases[index];
  if (!measured) throw new Error(`No case ${index}`);
  const latencies: number[] = [];
  let n = from;
  let failure: string | null = null;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (failure === null && performance.now() - began < durationMs) {
      const sentAt = performance.now();
      const done = await operate(world, measured, side, n++).catch((error: Error) => ({ failure: error.message }));
      latencies.push(performance.now() - sentAt);
      failure ??= done.failure;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number => latencies[Math.floor((latencies.length - 1) * q)] ?? 0;
  const sent = latencies.length;
  return { sent, perSecond: sent / seconds, p50: quantile(0.5), p99: quantile(0.99), failure };
}

parentPort?.on("message", async (order: LoadOrder) => {
  const result = await load(order).catch((error: Error) => ({
    sent: 0,
    perSecond: 0,
    p50: 0,
    p99: 0,
    failure: error.message,
  }));
  parentPort?.postMessage(result);
});
