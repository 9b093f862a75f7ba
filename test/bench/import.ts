import { once } from "node:events";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Gateway, startGateway } from "../../src/local/gateway.ts";
import { timeOf, tokenUid } from "./cases.ts";
import { benchLocation, locationId } from "./location.ts";
import { usageOf } from "./process.ts";

/** The gateway's own party, whose Locations are imported. */
export const OWN = { country_code: "NL", party_id: "BEN" };

/** What one bulk import cost. */
export type ImportResult = {
  rows: number;
  perSecond: number;
  /** Most memory workerd ever had, in MB: with the gateway just started, and at the end; undefined where nothing tells. */
  before: number | undefined;
  peak: number | undefined;
  /** Longest time between two lines of the answer, in milliseconds. */
  longestPause: number;
};

/** A gateway of the bench, with one own party; its entry can count round trips to D1 (test/bench/entry.ts). */
export async function startBenchGateway(): Promise<Gateway> {
  const gateway = await startGateway({
    entry: join(import.meta.dirname, "entry.ts"),
    log: (level, message) => level === "error" && console.error(`the gateway logs: ${message}`),
  });
  const party = { roles: ["CPO", "EMSP"], business_details: { name: "Bench" } };
  await operator(gateway, "PUT", `/parties/${OWN.country_code}/${OWN.party_id}`, party);
  return gateway;
}

/** Gives the gateway's own party tokens, for partners to ask about. */
export async function putTokens(gateway: Gateway, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const uid = tokenUid(n);
    const token = { type: "RFID", contract_id: `NL-BEN-${uid}`, issuer: "Bench", valid: true, whitelist: "NEVER" };
    await operator(gateway, "PUT", `/tokens/${OWN.country_code}/${OWN.party_id}/${uid}`, token);
  }
}

/** Where the gateway's workerd has left its process id. */
export function pidFileOf(gateway: Gateway): string {
  return join(gateway.stateDir, "workerd.pid");
}

/**
 * One request to the operator API.
 * @returns the answer's JSON
 * @throws when it is refused
 */
export async function operator(
  gateway: Gateway,
  method: string,
  path: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the answer, of which the caller knows the shape
): Promise<any> {
  const answer = await fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${gateway.operatorToken}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/**
 * `PUT /api/v1/locations` with that many new Locations, a line each.
 * @param reads whether the client reads answers while it sends; else it reads nothing until everything is sent
 * @throws when an object was not created, or the answer is not complete
 */
export async function importLocations(
  gateway: Gateway,
  rows: number,
  options: { reads: boolean; counted?: boolean; from?: number },
): Promise<ImportResult> {
  const before = usageOf(pidFileOf(gateway))?.peakMemory;
  const began = performance.now();
  const outgoing = request(`${gateway.url}/api/v1/locations`, {
    method: "PUT",
    agent: false,
    headers: {
      authorization: `Bearer ${gateway.operatorToken}`,
      "content-type": "application/x-ndjson",
      ...(options.counted ? { "x-count-d1": "1" } : {}),
    },
  });
  const answered = once(outgoing, "response");
  answered.catch(() => {}); // Awaited below, when everything is sent; a refusal in between must not end the process.
  const reading = options.reads ? answered.then(([answer]) => readResults(answer)) : null;
  reading?.catch(() => {});
  await sendLines(outgoing, rows, options.from ?? 0);
  const { created, longestPause } = await (reading ?? readResults((await answered)[0]));
  if (created !== rows) throw new Error(`Of ${rows} imported Locations ${created} were created`);
  const perSecond = rows / ((performance.now() - began) / 1000);
  return { rows, perSecond, before, peak: usageOf(pidFileOf(gateway))?.peakMemory, longestPause };
}

/** Writes the objects as the connection takes them, some tens of kilobytes at a time. */
async function sendLines(outgoing: NodeJS.WritableStream, rows: number, from: number): Promise<void> {
  const template = JSON.stringify(benchLocation(OWN, "{id}", timeOf(0)));
  let failed: Error | undefined;
  outgoing.on("error", (error) => {
    failed = error;
  });
  for (let n = 0; n < rows; n += 20) {
    const lines = Array.from({ length: Math.min(20, rows - n) }, (_, k) =>
      template.replaceAll("{id}", locationId(from + n + k)),
    );
    if (failed) throw failed;
    if (!outgoing.write(`${lines.join("\n")}\n`)) await once(outgoing, "drain");
  }
  outgoing.end();
}

async function readResults(
  answer: NodeJS.ReadableStream & { statusCode?: number },
): Promise<{ created: number; longestPause: number }> {
  let created = 0;
  let last = performance.now();
  let longestPause = 0;
  let other = "";
  for await (const line of createInterface({ input: answer })) {
    longestPause = Math.max(longestPause, performance.now() - last);
    last = performance.now();
    const result = JSON.parse(line) as { line?: number; result?: string };
    if (result.line !== undefined && result.result === "created") created += 1;
    else other = line;
  }
  if (answer.statusCode !== 200) throw new Error(`The import answers ${answer.statusCode}: ${other.slice(0, 500)}`);
  if (created === 0) throw new Error(`Nothing was created: ${other.slice(0, 500)}`);
  return { created, longestPause };
}
