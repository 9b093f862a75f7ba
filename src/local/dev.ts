import { startGateway } from "./gateway.ts";
import { stopWhenAsked } from "./runtime.ts";

/**
 * `npm run dev`: the gateway alone. Settings come from the environment: PORT, STATE_DIR, OPERATOR_TOKEN, PUBLIC_URL.
 * It runs until SIGINT or SIGTERM, or until the npm that started it is gone.
 */
const port = Number(process.env.PORT || 8787);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  console.error(`PORT must be a number from 1 to 65535, not "${process.env.PORT}"`);
  process.exit(1);
}

const started = performance.now();
const gateway = await startGateway({
  port,
  stateDir: process.env.STATE_DIR || ".wrangler/state",
  operatorToken: process.env.OPERATOR_TOKEN || undefined,
  publicUrl: process.env.PUBLIC_URL || undefined,
  log: (level, message) => console.error(`[${level}] ${message}`),
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

console.log(`OCPI gateway ready in ${Math.round(performance.now() - started)} ms

  Console          ${gateway.url}/
  API docs         ${gateway.url}/docs
  OCPI versions    ${process.env.PUBLIC_URL || gateway.url}/ocpi/versions
  Operator token   ${process.env.OPERATOR_TOKEN ? "$OPERATOR_TOKEN" : gateway.operatorToken}
  State            ${gateway.stateDir}

Ctrl-C stops it.`);

stopWhenAsked(gateway.close);
