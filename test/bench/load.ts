import { Agent, request } from "node:http";
import { parentPort, Worker } from "node:worker_threads";
import { type BenchRequest, type BenchWorld, cases, floorRequest } from "./cases.ts";

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

/** Why an answer is not the one wanted; null when it is. */
export function wrong(side: LoadOrder["side"], answer: { status: number; body: string }): string | null {
  const isGood = answer.status < 300 && (side === "floor" || answer.body.includes('"status_code":1000'));
  return isGood ? null : `HTTP ${answer.status} ${answer.body.slice(0, 300)}`;
}

async function load({ world, index, side, from, durationMs }: LoadOrder): Promise<LoadResult> {
  const measured = cases[index];
  if (!measured) throw new Error(`No case ${index}`);
  const next = (n: number): BenchRequest =>
    side === "floor" ? floorRequest(world, measured.floor, n) : measured.request(world, n);
  const latencies: number[] = [];
  let n = from;
  let failure: string | null = null;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (failure === null && performance.now() - began < durationMs) {
      const sentAt = performance.now();
      const answer = await send(next(n++)).catch((error: Error) => ({ status: 999, body: error.message }));
      latencies.push(performance.now() - sentAt);
      failure ??= wrong(side, answer);
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
