import { authorizeRows } from "./rows/authorize.ts";
import { cdrRows } from "./rows/cdrs.ts";
import { chargingProfileRows } from "./rows/charging-profiles.ts";
import { commandRows } from "./rows/commands.ts";
import { deliveryRows } from "./rows/deliveries.ts";
import { eventRows } from "./rows/events.ts";
import { healthRows } from "./rows/health.ts";
import { messageRows } from "./rows/messages.ts";
import { objectReadRows } from "./rows/object-reads.ts";
import { objectWriteRows } from "./rows/object-writes.ts";
import { partyRows } from "./rows/parties.ts";
import { partnerRows } from "./rows/partners.ts";
import { registrationRows } from "./rows/registration.ts";
import { sessionRows } from "./rows/sessions.ts";
import { settingsRows } from "./rows/settings.ts";
import { webhookRows } from "./rows/webhooks.ts";
import type { Row } from "./table.ts";

/** The table: every operation of the operator API. Router and OpenAPI document know nothing else. */
export const rows: readonly Row[] = [
  ...healthRows,
  ...partyRows,
  ...partnerRows,
  ...registrationRows,
  ...objectReadRows,
  ...objectWriteRows,
  ...cdrRows,
  ...sessionRows,
  ...commandRows,
  ...chargingProfileRows,
  ...authorizeRows,
  ...eventRows,
  ...webhookRows,
  ...settingsRows,
  ...deliveryRows,
  ...messageRows,
];
