import type { Commands } from "../ports/commands.ts";
import type { Clock } from "../ports/world.ts";
import { commandIndex } from "./d1/commands.ts";
import type { CommandObject } from "./durable/command-object.ts";

/** Commands behind their port: a Durable Object each, by the command's id, and the index in D1. */
export function commandHosts(namespace: DurableObjectNamespace<CommandObject>, db: D1Database, clock: Clock): Commands {
  return {
    ...commandIndex(db, clock),
    async open(command, events) {
      await namespace.getByName(command.id).open(JSON.stringify(command), JSON.stringify(events));
    },
    async step(id, of, event) {
      const text = await namespace.getByName(id).step(JSON.stringify(of), JSON.stringify(event));
      return text === null ? null : JSON.parse(text);
    },
    async read(id, waitMs) {
      // An object that moves house lets those go who wait for it: they are told how it stands.
      const text = await namespace
        .getByName(id)
        .read(waitMs)
        .catch(() => namespace.getByName(id).read(0));
      return text === null ? null : JSON.parse(text);
    },
  };
}
