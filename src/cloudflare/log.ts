import type { Log } from "../ports/world.ts";

/** Longest text of a field that is logged: a stack, not a body. */
const MAX_LENGTH = 4000;

/** Writes one JSON line a message, which Workers Logs indexes by field. What may be logged is the callers' choice. */
export const consoleLog: Log = {
  write(level, message, fields = {}) {
    const cut = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? value.slice(0, MAX_LENGTH) : value,
    ]);
    console[level](JSON.stringify({ level, message, ...Object.fromEntries(cut) }));
  },
};
