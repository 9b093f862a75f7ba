import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { freePort } from "../../src/local/gateway.ts";

const root = join(import.meta.dirname, "../..");

/** What a demo that runs has printed so far, and a promise of its exit code. */
type Demo = { child: ChildProcess; output: string[]; errors: () => string; ended: Promise<number | null> };

const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** `npm start` without npm, whose process would stand between this one and the demo. */
function startDemo(port: number): Demo {
  const child = spawn(process.execPath, [join(root, "src/local/start.ts")], {
    cwd: root,
    env: { ...process.env, PORT: String(port), OPERATOR_TOKEN: "", PUBLIC_URL: "", npm_lifecycle_event: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const output: string[] = [];
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { child, output, errors: () => errors, ended };
}

/** Reads the demo's lines until one says this; fails with all of them when it ends before. */
async function readUntil(demo: Demo, text: string): Promise<void> {
  for await (const line of createInterface({ input: demo.child.stdout as NodeJS.ReadableStream })) {
    demo.output.push(line);
    if (line.includes(text)) return;
  }
  throw new Error(`The demo never said "${text}":\n${demo.output.join("\n")}\n${demo.errors()}`);
}

test("the demo tells its story and ends on Ctrl-C", { timeout: 60_000 }, async () => {
  const port = await freePort();
  const demo = startDemo(port);
  await readUntil(demo, "Ctrl-C");
  const story = demo.output.join("\n");

  for (const line of [
    /^Harbour Charge \(CPO NL\*HBR\) registered with the gateway in OCPI 2\.1\.1$/m,
    /^Rondweg Mobility \(EMSP DE\*RWM\) was registered with by the gateway in OCPI 2\.3\.0$/m,
    /Harbour Charge → gateway +POST +\/ocpi\/emsp\/2\.1\.1\/credentials +200 1000$/m,
    /gateway → Rondweg Mobility +POST +\S+\/credentials +200 1000$/m,
    /^Harbour Charge \(2\.1\.1\) sends tariffs DAY to Rondweg Mobility \(2\.3\.0\): DELIVERED$/m,
    /^Harbour Charge \(2\.1\.1\) sends locations GARAGE to Rondweg Mobility \(2\.3\.0\): DELIVERED$/m,
    / translated .*\btype → parking_type\b/,
    /\bamperage → max_amperage\b/,
    /^Harbour Charge has news: location\.changed, GARAGE-1 CHARGING, GARAGE-2 AVAILABLE$/m,
    /gateway → Rondweg Mobility +PUT +\S+\/NL\/HBR\/GARAGE\/GARAGE-1 +200 1000$/m,
    /^Rondweg Mobility \(2\.3\.0\) sends tokens 04A1B2C3D4E5F6 to Harbour Charge \(2\.1\.1\): DELIVERED$/m,
    / lost +\/group_id \(/,
    /^The gateway's own back office stores tokens APP-1 \(token\.changed\), for Harbour Charge: DELIVERED$/m,
    /^Rondweg Mobility fetches the Locations it may see: NL\*HBR GARAGE, NL\*RGC DEPOT$/m,
    /^Card 04F00D5A17E0C2 of Rondweg Mobility is held to the Depot's reader: ALLOWED \(REALTIME\)$/m,
    /gateway → Rondweg Mobility +POST +\S+\/04F00D5A17E0C2\/authorize\?type=RFID +200 1000$/m,
    /^Harbour Charge asks whether Roamgate Mobility's driver APP-1 may charge: ALLOWED$/m,
    /^Roamgate Mobility sends START_SESSION to Harbour Charge: ACCEPTED, then ACCEPTED \(DONE\)$/m,
    /Harbour Charge → gateway +POST +\S+\/commands\/START_SESSION\/\S+ +200 1000$/m,
    /^Roamgate Mobility sends STOP_SESSION to Harbour Charge: ACCEPTED, then ACCEPTED \(DONE\)$/m,
    /^Rondweg Mobility sends STOP_SESSION to the gateway's own CPO: ACCEPTED, then ACCEPTED \(DONE\)$/m,
    /^START_SESSION became session HBR-S1 of Harbour Charge; who watched it saw ACTIVE 0, 4\.2, 9\.5, COMPLETED 9\.8 kWh$/m,
    /^cdr\.received: HBR-C1 of Harbour Charge, 9\.8 kWh, 4\.12 EUR, for NL-RGM-C00001-4 of NL\*RGM$/m,
    /^Harbour Charge \(2\.1\.1\) sends sessions HBR-S2 to Rondweg Mobility \(2\.3\.0\): DELIVERED$/m,
    /\bauth_id → cdr_token\.contract_id\b/,
    /^Harbour Charge \(2\.1\.1\) sends cdrs HBR-C2 to Rondweg Mobility \(2\.3\.0\): DELIVERED$/m,
    /^Rondweg Mobility sends START_SESSION to the gateway's own CPO: ACCEPTED, then ACCEPTED \(DONE\)$/m,
    /^Session RGC-S1 at the Depot; who watched it saw ACTIVE 0, 3\.6, 7\.1, COMPLETED 7\.3 kWh; for Rondweg Mobility: DELIVERED$/m,
    /CDR RGC-C1, 7\.3 kWh, 2\.85 EUR and 0\.6 VAT, for Rondweg Mobility: DELIVERED$/m,
    /credit CDR RGC-C1-CREDIT for RGC-C1, 7\.3 kWh, -2\.85 EUR and -0\.6 VAT, for Rondweg Mobility: DELIVERED$/m,
    /: 0 faults$/m,
    new RegExp(`API docs +http://127\\.0\\.0\\.1:${port}/docs`),
    /Operator token +dev-operator-token/,
  ]) {
    expect(story).toMatch(line);
  }
  expect(story).not.toMatch(/ error: /);
  const health = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect(health.status).toBe(200);
  await health.text();

  demo.child.kill("SIGINT");
  expect(await demo.ended).toBe(0);
  expect(demo.errors()).toBe("");
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});

test("the demo says so when its port is taken", async () => {
  const taken = createServer();
  await new Promise<void>((settle) => taken.listen(0, "127.0.0.1", settle));
  try {
    const { port } = taken.address() as { port: number };
    const demo = startDemo(port);
    expect(await demo.ended).toBe(1);
    expect(demo.errors()).toContain(`Port ${port} of 127.0.0.1 is in use`);
  } finally {
    taken.close();
  }
});
