import { datedPaging, type Endpoint, endpoint, list } from "../endpoints.ts";

const cdr = { module: "cdrs", kind: "CDR" } as const;

/** Spec: all mod_cdrs, Sender (CPO) interface. */
export const cdrsList: readonly Endpoint[] = [endpoint({ ...cdr, ...list, query: datedPaging })];
/**
 * The answer to a POST names, in its Location header, the URL at which the CDR can be got. Ours are `/{cdr_id}`; a partner's
 * may be any. Spec: all mod_cdrs, Receiver (eMSP) interface.
 */
export const cdrsReceiver: readonly Endpoint[] = [
  endpoint({
    ...cdr,
    role: "RECEIVER",
    method: "GET",
    path: "/{cdr_id}",
    operation: "getCdr",
    request: "none",
    response: "object",
  }),
  endpoint({
    ...cdr,
    role: "RECEIVER",
    method: "POST",
    path: "",
    operation: "postCdr",
    request: "object",
    response: "none",
  }),
];
