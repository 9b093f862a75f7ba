import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Makes Miniflare start workerd by src/local/workerd.sh, in this process from now on.
 * @param pidFile where the runtime is to leave its process id
 * @returns environment of the runtime, for Miniflare's `unsafeRuntimeEnv`
 */
export function traceableRuntime(pidFile: string): Record<string, string> {
  if (process.platform === "win32") return {};
  const require = createRequire(fileURLToPath(import.meta.resolve("miniflare")));
  process.env.MINIFLARE_WORKERD_PATH = join(import.meta.dirname, "workerd.sh");
  process.env.GATEWAY_WORKERD ??= require("workerd").default as string;
  return { GATEWAY_PID_FILE: pidFile };
}

/**
 * Ends workerd when this process ends without being asked (SIGKILL, a crash). Alone, workerd would go on serving, and keep
 * the port and the state from the next start. A shell waits on a pipe that the operating system closes with this process.
 * @returns stops watching; to be called once the runtime has ended
 */
export function endWithThisProcess(pidFile: string): () => void {
  if (process.platform === "win32") return () => {};
  const script = 'read -r _; kill -KILL "$(cat "$1")"; rm -f "$1"';
  const watch = spawn("/bin/sh", ["-c", script, "watch", pidFile], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watch.unref();
  return () => {
    watch.kill("SIGKILL");
    rmSync(pidFile, { force: true });
  };
}

/**
 * Calls `stop` on SIGINT, SIGTERM and SIGHUP, once, and ends the process after it; to be called when the gateway runs. Under npm also when npm is gone: npm runs
 * a script by a shell that passes no signal on, and cannot pass on its own SIGKILL, so nobody else would stop this process.
 */
export function stopWhenAsked(stop: () => Promise<void>): void {
  let stopping = false;
  const once = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Miniflare listens too, and would end the process before anything is stopped.
    process.removeAllListeners(signal);
    process.on(signal, once);
  }
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  setInterval(() => (process.ppid !== shell || parentOf(shell) !== npm) && void once(), 50).unref();
}

/** The parent of a process; known on Linux only. */
function parentOf(pid: number): string | undefined {
  try {
    return /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
