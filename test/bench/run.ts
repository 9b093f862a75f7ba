import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Gateway } from "../../src/local/gateway.ts";
import { type BenchCase, type BenchWorld, cases } from "./cases.ts";
import { startCommanded } from "./commanded.ts";
import { type ImportResult, importLocations, pidFileOf, putTokens, startBenchGateway } from "./import.ts";
import { operate, send, startLoad } from "./load.ts";
import { registerPartner } from "./partners.ts";
import { usageOf } from "./process.ts";
import { importTable, type Measured, median, operationTable, type Round, totals } from "./report.ts";
import { startFloor } from "./start-floor.ts";

/**
 * `npm run bench`: the whole gateway on this machine against a floor, the bare D1 call (test/bench/floor.ts). Absolute
 * numbers are of this machine at this hour; the ratios are what a change is judged by. `--quick` for a first look.
 */
const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const plan = values.quick
  ? { rows: 10_000, small: 2_000, rounds: 3, roundMs: 400, partnerRows: 100, tokens: 50, sessions: 50 }
  : { rows: 100_000, small: 10_000, rounds: 5, roundMs: 1_200, partnerRows: 400, tokens: 400, sessions: 400 };

/** How long after the last answer the journal is written: part of the work, and of no other round's. */
const JOURNAL_MS = 120;

const began = performance.now();
const closing: (() => Promise<unknown>)[] = [];
try {
  await bench();
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
} finally {
  for (const close of closing.reverse()) await close();
}

async function bench(): Promise<void> {
  say(`Bulk import of ${plan.small} and ${plan.rows} Locations, each into a gateway just started`);
  const small = await imported(plan.small, true);
  const silent = await imported(plan.rows, false);
  const gateway = await startBenchGateway();
  closing.push(gateway.close);
  const large = await importLocations(gateway, plan.rows, { reads: true });

  say(`Operations in ${plan.rounds} rounds of ${plan.roundMs} ms, gateway and floor in turns`);
  const floor = await startFloor(plan.rows);
  closing.push(floor.close);
  const world = await worldOf(gateway, floor.url);
  const measured = await measure(world, { gateway: pidFileOf(gateway), floor: floor.pidFile });
  const importTrips = await importRoundTrips(gateway);

  console.log(`\n${operationTable(measured)}`);
  console.log(`\n${importTable({ small, large, silent, upserts: upsertsPerSecond(measured), trips: importTrips })}`);
  console.log(`\n${totals()} ${((performance.now() - began) / 1000).toFixed(0)} s in all.`);
}

async function imported(rows: number, reads: boolean): Promise<ImportResult> {
  const gateway = await startBenchGateway();
  try {
    return await importLocations(gateway, rows, { reads });
  } finally {
    await gateway.close();
  }
}

/** Registers the partners, and finds the way to the last page as a partner does. */
async function worldOf(gateway: Gateway, floor: string): Promise<BenchWorld> {
  const partners = {
    "2.2.1": await registerPartner(gateway, "2.2.1", "PTA", { rows: plan.partnerRows, sessions: plan.sessions }),
    "2.3.0": await registerPartner(gateway, "2.3.0", "PTB", { rows: 1, sessions: 0 }),
  };
  const { authorization: posting, port } = partners["2.2.1"];
  const commanded = await startCommanded(port, posting);
  closing.push(commanded.close);
  await putTokens(gateway, plan.tokens);
  const { sender, authorization } = partners["2.3.0"];
  const before = `${sender}?offset=${plan.rows - 100}&limit=50`;
  const answer = await send({ method: "GET", url: before, headers: { authorization } });
  const lastPage = /<([^>]+)>; *rel="next"/.exec(String(answer.headers.link))?.[1];
  if (lastPage === undefined) throw new Error(`GET ${before} names no next page: ${answer.headers.link}`);
  const { rows, partnerRows, tokens, sessions } = plan;
  const { url, operatorToken } = gateway;
  const own = { api: `${url}/api/v1`, operatorToken, commanded: commanded.url };
  return { floor, rows, partnerRows, tokens, sessions, partners, lastPage, ...own };
}

/** Every case in every round, at the gateway and at the floor by turns, which of them first changing from round to round. */
async function measure(world: BenchWorld, pidFiles: Record<"gateway" | "floor", string>): Promise<Measured[]> {
  const load = startLoad();
  closing.push(load.stop);
  let from = 0;
  const run = async (index: number, side: "gateway" | "floor", durationMs: number): Promise<Round> => {
    const before = usageOf(pidFiles[side]);
    const result = await load.run({ world, index, side, from, durationMs });
    if (result.failure) throw new Error(`${cases[index]?.name} at the ${side}: ${result.failure}`);
    from += result.sent;
    await sleep(JOURNAL_MS);
    const after = usageOf(pidFiles[side]);
    return { ...result, cpu: before && after ? (after.cpu - before.cpu) / result.sent : Number.NaN };
  };
  const measured: Measured[] = [];
  for (const [index, each] of cases.entries()) {
    await run(index, "floor", plan.roundMs / 4);
    await run(index, "gateway", plan.roundMs / 4);
    const roundTrips = await roundTripsOf(world, each, from);
    from += roundTrips.length + 1;
    measured.push({ case: each, roundTrips: Math.max(...roundTrips), rounds: [] });
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const [index, { rounds }] of measured.entries()) {
      const first = round % 2 === 0 ? "floor" : "gateway";
      const one = await run(index, first, plan.roundMs);
      const other = await run(index, first === "floor" ? "gateway" : "floor", plan.roundMs);
      rounds.push(first === "floor" ? { floor: one, gateway: other } : { floor: other, gateway: one });
    }
  }
  return measured;
}

/** Round trips to D1 of each of a few requests, once the first has made the partner known to the isolate. */
async function roundTripsOf(world: BenchWorld, each: BenchCase, from: number): Promise<number[]> {
  const counts: number[] = [];
  for (let n = from; n < from + 6; n++) {
    const { failure, all } = await operate(world, each, "gateway", n, { "x-count-d1": "1" });
    if (failure) throw new Error(`${each.name}: ${failure}`);
    counts.push(all.reduce((sum, { headers }) => sum + Number(headers["x-count-d1"]), 0));
  }
  return counts.slice(1);
}

/** Round trips to D1 of an import of 1000 Locations. */
async function importRoundTrips(gateway: Gateway): Promise<number> {
  await fetch(`${gateway.url}/count-d1`).then((answer) => answer.arrayBuffer());
  await importLocations(gateway, 1_000, { reads: true, counted: true, from: plan.rows });
  const { calls } = (await (await fetch(`${gateway.url}/count-d1`)).json()) as { calls: number };
  return calls;
}

function upsertsPerSecond(measured: Measured[]): number {
  const upserting = measured.filter(({ case: { floor } }) => floor === "upsert a row");
  return median(upserting.flatMap(({ rounds }) => rounds.map(({ floor }) => floor.perSecond)));
}

function say(line: string): void {
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`);
}
