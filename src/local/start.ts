import { operatorOf } from "./demo/operator.ts";
import { changeStatus, tellStory } from "./demo/story.ts";
import { startGateway } from "./gateway.ts";
import { stopWhenAsked } from "./runtime.ts";

/** Milliseconds between two changes of an EVSE's status, once the story is told. */
const HEARTBEAT_MS = 15_000;

/**
 * `npm start`: the demo. A gateway, a CPO that speaks 2.1.1 and an eMSP that speaks 2.3.0 start on loopback, register by
 * real handshakes and trade. Settings come from the environment: PORT, OPERATOR_TOKEN, PUBLIC_URL. State is thrown away at
 * the end. It runs until SIGINT or SIGTERM, or until the npm that started it is gone.
 */
const port = Number(process.env.PORT || 8787);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  console.error(`PORT must be a number from 1 to 65535, not "${process.env.PORT}"`);
  process.exit(1);
}

const closing: (() => Promise<unknown>)[] = [];
let stopped = false;
const close = async (): Promise<void> => {
  stopped = true;
  for (const step of closing.splice(0).reverse()) await step();
};
const fail = async (error: unknown): Promise<never> => {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  await close();
  process.exit(1);
};

try {
  await run();
} catch (error) {
  if (!stopped) await fail(error);
}

async function run(): Promise<void> {
  const started = performance.now();
  const gateway = await startGateway({
    port,
    operatorToken: process.env.OPERATOR_TOKEN || undefined,
    publicUrl: process.env.PUBLIC_URL || undefined,
    log: (level, message) => level === "error" && console.error(`[${level}] ${message}`),
  });
  closing.push(gateway.close);
  stopWhenAsked(close);
  console.log(`Two companies that speak different versions of OCPI roam through this gateway.
What follows is read back from its own journal (/messages), events (/events) and deliveries (/deliveries).`);

  const stage = { operator: operatorOf(gateway), print: console.log };
  const cast = await tellStory(stage, closing);
  console.log(`
That was the story, in ${((performance.now() - started) / 1000).toFixed(1)} s. Look around:

  Console          ${gateway.url}/
  API docs         ${gateway.url}/docs
  OCPI versions    ${process.env.PUBLIC_URL || gateway.url}/ocpi/versions
  Operator token   ${process.env.OPERATOR_TOKEN ? "$OPERATOR_TOKEN" : gateway.operatorToken}

Every ${HEARTBEAT_MS / 1000} s an EVSE changes its status. Ctrl-C stops it all.`);

  for (let beat = 0; !stopped; beat++) {
    await new Promise((settle) => setTimeout(settle, HEARTBEAT_MS));
    if (!stopped) await changeStatus(stage, cast, beat % 2 === 0 ? "AVAILABLE" : "CHARGING");
  }
}
