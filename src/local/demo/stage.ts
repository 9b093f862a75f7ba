import type { Partner as Sandbox } from "../../../test/sandbox/partner.ts";
import type { Operator, Partner } from "./operator.ts";
import { headline, type Print } from "./print.ts";

/** The two companies, connected. */
export type Cast = {
  /** Their platforms. */
  cpo: Sandbox;
  emsp: Sandbox;
  /** What the gateway knows of them. */
  harbour: Partner;
  rondweg: Partner;
};

/** What the chapters of the story need. */
export type Stage = { operator: Operator; print: Print };

/** This second, as OCPI says times. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}

/** A command as `GET /commands/{id}` tells it, the members the demo reads. */
export type Command = {
  id: string;
  type: string;
  status: string;
  response: { result: string } | null;
  result: { result: string } | null;
  session?: { id: string };
};

/** Waits for the final state of a command, and tells it. */
export async function commandLine({ operator, print }: Stage, who: string, id: string): Promise<void> {
  const command = await operator.call<Command>("GET", `/commands/${id}?wait=10`);
  headline(print, `${who}: ${command.response?.result}, then ${command.result?.result} (${command.status})`);
}

/** Waits until a command shows which session came of it. */
export function commandWithSession({ operator }: Stage, id: string): Promise<Command> {
  return operator.lookFor(`the session of command ${id}`, async () => {
    const command = await operator.call<Command>("GET", `/commands/${id}`);
    return command.session === undefined ? undefined : command;
  });
}
