import type { JsonValue } from "../lib/json.ts";
import type { Result } from "../lib/result.ts";
import type { MessageIds, Routing } from "../ocpi/headers.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Version } from "../ocpi/versions.ts";
import type { Actor } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./authenticate.ts";
import type { Route } from "./router.ts";

/** An authenticated request on its way through the pipeline. */
export interface Exchange {
  route: Route;
  caller: Caller;
  /** URL as the caller wrote it. */
  url: URL;
  /** Where partners reach this gateway, no slash at its end. */
  base: string;
  ids: MessageIds;
  /** Who the message is from and to; both null where the version or the module has no routing headers. */
  routing: Routing;
  /** Parsed JSON, for rows that take a body. */
  body: JsonValue | undefined;
  /** When the request came. */
  now: number;
}

/** An exchange with a module, which always has a version. */
export type ModuleExchange = Exchange & { route: { version: Version } };

/** Why an operation was not done; 'stale': the caller changed meanwhile, and must be authenticated anew. */
export type Refusal = Reason | "stale";

/** What the rows of one operation do. */
export type Operate = (ports: Ports, exchange: ModuleExchange) => Promise<Result<Answer, Refusal>>;

/** The caller, as the stores check it in the statement that does the work. */
export function actorOf({ caller }: Exchange): Actor {
  return { kind: "partner", id: caller.partner.id, epoch: caller.partner.epoch };
}
