import type * as v from "valibot";
import { ci, closedEnum, object, optional } from "./atoms.ts";
import { lastUpdated } from "./common.ts";
import { connectionStatuses, roles } from "./enums.ts";

/** Whether a party behind a hub can be reached. Since 2.2. Spec: 2.3.0 mod_hub_client_info, ClientInfo. */
export const ClientInfo = object("ClientInfo", {
  party_id: ci(3),
  country_code: ci(2),
  role: optional(closedEnum("Role", roles)),
  status: optional(closedEnum("ConnectionStatus", connectionStatuses)),
  last_updated: lastUpdated(),
});

export type ClientInfo = v.InferOutput<typeof ClientInfo>;
