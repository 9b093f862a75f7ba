import type { Kind } from "../codec.ts";
import { type Endpoint, endpoint } from "../endpoints.ts";

/** `/{command}` names a CommandType, and with it the kind of the body. */
function receiver(otherKinds: readonly Kind[]): readonly Endpoint[] {
  return [
    endpoint({
      module: "commands",
      role: "RECEIVER",
      method: "POST",
      path: "/{command}",
      operation: "postCommand",
      kind: "StartSession",
      otherKinds,
      answerKind: "CommandResponse",
      request: "object",
      response: "object",
    }),
  ];
}

/** Spec: 2.1.1 mod_commands, CPO interface. */
export const commandsReceiver211 = receiver(["StopSession", "ReserveNow", "UnlockConnector"]);
/** Spec: 2.2 and later mod_commands, Receiver interface. */
export const commandsReceiver = receiver(["StopSession", "ReserveNow", "UnlockConnector", "CancelReservation"]);
/** Where our response URLs stand; a partner's may be any. Spec: 2.1.1 and later mod_commands, Sender (eMSP) interface. */
export const commandsSender: readonly Endpoint[] = [
  endpoint({
    module: "commands",
    role: "SENDER",
    method: "POST",
    path: "/{command}/{command_id}",
    operation: "postCommandResult",
    kind: "CommandResult",
    request: "object",
    response: "none",
  }),
];
