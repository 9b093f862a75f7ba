import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

/** A state directory that is ours for as long as this process lives, or until `release`. */
export type State = {
  /** What Miniflare persists to. Wrangler's own layout, so `wrangler d1 execute DB --local` finds the same database. */
  persist: string;
  /** Where the runtime leaves its process id. */
  pidFile: string;
  release(): void;
};

/**
 * Takes a state directory, created if missing, for one gateway alone. The lock is one of the operating system on an SQLite
 * file: it goes with the process, a SIGKILL included. What an earlier gateway left running is given a few seconds to end.
 * @throws when another gateway has it
 */
export async function takeState(stateDir: string): Promise<State> {
  mkdirSync(stateDir, { recursive: true });
  const lock = new DatabaseSync(join(stateDir, "lock.sqlite"), { timeout: 2_000 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new Error(`Another gateway uses the state in ${stateDir}`, { cause });
  }
  const pidFile = join(stateDir, "workerd.pid");
  for (let waited = 0; waited < 3_000 && isRuntimeAlive(pidFile); waited += 50) await sleep(50);
  return { persist: join(stateDir, "v3"), pidFile, release: () => lock.close() };
}

/**
 * The key that encrypts partners' tokens, 32 random bytes in Base64, created if missing (mode 600). It lives beside the
 * state it encrypts, so that a state can always be read again.
 */
export function keptMasterKey(stateDir: string): string {
  const file = join(stateDir, "master.key");
  try {
    writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8").trim();
}

/** Whether the runtime a pid file names still runs; a watcher (src/local/runtime.ts) is about to end it. */
function isRuntimeAlive(pidFile: string): boolean {
  const pid = Number(readText(pidFile));
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // The id may belong to another program by now, or to a process that has ended and waits for its parent: Linux tells.
  const status = readText(`/proc/${pid}/stat`);
  return status === undefined || /^\d+ \(workerd.*\) [^ZX] /.test(status);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
