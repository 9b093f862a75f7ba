import type { BenchCase } from "./cases.ts";
import type { ImportResult } from "./import.ts";
import type { LoadResult } from "./load.ts";

/** What one round of one side showed, `cpu` being milliseconds of workerd's time a request; NaN where nothing tells. */
export type Round = LoadResult & { cpu: number };

/** An operation with everything that was measured of it. */
export type Measured = {
  case: BenchCase;
  /** Most round trips to D1 that one request made. */
  roundTrips: number;
  /** What the gateway and the floor did side by side. */
  rounds: { gateway: Round; floor: Round }[];
};

/** Part of the floor's throughput the gateway is to reach. */
const LEAST_RATIO = 0.5;
/** Most that the peak of memory may grow from the small import to the large one. */
const MOST_GROWTH = 1.2;
/** Rows of the small import from which on the growth is judged. */
const LEAST_ROWS = 10_000;

let met = 0;
let missed = 0;

/** `ok` or `MISSED`, and counted for `totals`. */
function verdict(isMet: boolean): string {
  if (isMet) met += 1;
  else missed += 1;
  return isMet ? "ok" : "MISSED";
}

/** How many targets were met, of all that were judged. */
export function totals(): string {
  return `${met} targets met, ${missed} missed.`;
}

/** A line for each operation. */
export function operationTable(measured: Measured[]): string {
  const side = ["req/s", "p50 ms", "cpu ms"];
  const head = [
    "operation",
    ...side.toSpliced(2, 0, "p99 ms"),
    "floor",
    ...side,
    "ratio",
    ">= 0.5",
    "by cpu",
    "D1",
    "target",
  ];
  const lines = measured.map(({ case: each, roundTrips, rounds }) => {
    const gateway = (key: "perSecond" | "p50" | "p99" | "cpu"): number =>
      median(rounds.map((round) => round.gateway[key]));
    const floor = (key: "perSecond" | "p50" | "cpu"): number => median(rounds.map((round) => round.floor[key]));
    const ratio = median(rounds.map((round) => round.gateway.perSecond / round.floor.perSecond));
    return [
      each.name,
      whole(gateway("perSecond")),
      gateway("p50").toFixed(1),
      gateway("p99").toFixed(1),
      gateway("cpu").toFixed(2),
      each.floor,
      whole(floor("perSecond")),
      floor("p50").toFixed(1),
      floor("cpu").toFixed(2),
      ratio.toFixed(2),
      verdict(ratio >= LEAST_RATIO),
      (floor("cpu") / gateway("cpu")).toFixed(2),
      String(roundTrips),
      `${each.roundTrips} ${verdict(roundTrips <= each.roundTrips)}`,
    ];
  });
  return table(
    [head, ...lines],
    [
      "Medians of the rounds; 16 connections. ratio: requests a second, gateway to floor. by cpu: the same from workerd's own time for a",
      "request, steadier on a busy machine. D1: round trips of a request, authentication included, but for those of its Durable Objects.",
    ].join("\n"),
  );
}

/** The bulk imports, in objects a second and in memory. */
export function importTable(found: {
  small: ImportResult;
  large: ImportResult;
  silent: ImportResult;
  /** What the floor upserts, one a request. */
  upserts: number;
  /** Round trips to D1 for 1000 objects. */
  trips: number;
}): string {
  const line = (name: string, result: ImportResult): string[] => [
    name,
    String(result.rows),
    whole(result.perSecond),
    (result.perSecond / found.upserts).toFixed(1),
    result.before === undefined ? "?" : whole(result.before),
    result.peak === undefined ? "?" : whole(result.peak),
    growth(found.small, result),
  ];
  return table(
    [
      ["bulk import", "rows", "rows/s", "of floor", "MB at start", "MB at peak", `growth, <= ${MOST_GROWTH}`],
      line("small", found.small),
      line("large", found.large),
      line("large, answer read at the end", found.silent),
    ],
    `of floor: rows for each single upsert of the floor. MB: workerd's own peak (VmHWM). ${found.trips} D1 round trips for 1000 rows.`,
  );
}

function growth(small: ImportResult, result: ImportResult): string {
  if (result === small || small.peak === undefined || result.peak === undefined) return "";
  const quotient = result.peak / small.peak;
  // After few rows the heap has not yet grown to what the collector lets it have: that says nothing.
  const isTelling = small.rows >= LEAST_ROWS;
  return `${quotient.toFixed(2)}${isTelling ? ` ${verdict(quotient <= MOST_GROWTH)}` : ""}`;
}

/** The middle value; of an even number the lower one of the two. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Columns of words to the left, columns of numbers to the right, the note below. */
function table(rows: string[][], note: string): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = widths.map((_, column) => /^[\d.,?]*$/.test(rows[1]?.[column] ?? ""));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const rule = "-".repeat(Math.max(...lines.map((line) => line.length)));
  return [lines[0], rule, ...lines.slice(1), note].join("\n");
}
