import { existsSync, readFileSync } from "node:fs";

/** What a workerd process has used so far; undefined where the system has no /proc to tell. */
export type Usage = {
  /** Most memory it ever had at once, in MB (VmHWM). */
  peakMemory: number;
  /** Time on a core, in milliseconds, counted in steps of 10. */
  cpu: number;
};

/** @param pidFile where the runtime has left its process id (src/local/runtime.ts) */
export function usageOf(pidFile: string): Usage | undefined {
  const directory = existsSync(pidFile) ? `/proc/${readFileSync(pidFile, "utf8").trim()}` : "";
  if (!existsSync(`${directory}/status`)) return undefined;
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`${directory}/status`, "utf8"))?.[1];
  // Behind the name of the program, which may have spaces in it, utime and stime are the 12th and 13th field.
  const fields = readFileSync(`${directory}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return { peakMemory: Number(kilobytes) / 1024, cpu: (Number(fields[11]) + Number(fields[12])) * 10 };
}
