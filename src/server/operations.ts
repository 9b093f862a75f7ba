import type { Operation } from "../ocpi/endpoints.ts";
import { postAuthorize } from "./authorize.ts";
import { getCdr, postCdr } from "./cdrs.ts";
import { listClientInfo, showClientInfo, takeClientInfo } from "./client-info.ts";
import {
  deleteChargingProfile,
  getChargingProfile,
  postCommand,
  postCommandResult,
  putActiveChargingProfile,
  putChargingProfile,
} from "./commands.ts";
import { deleteCredentials, getCredentials, postCredentials, putCredentials } from "./credentials.ts";
import type { Operate } from "./exchange.ts";
import {
  deleteClientOwnedObject,
  getClientOwnedObject,
  patchClientOwnedObject,
  putClientOwnedObject,
} from "./receiver.ts";
import { getObject, listObjects } from "./sender.ts";
import { deleteSession, getOwnSession, patchSession, putChargingPreferences, putSession } from "./sessions.ts";
import { getVersionDetails, getVersions } from "./versions.ts";

/** An operation that some modules do in their own way. */
const unless =
  (own: Readonly<Record<string, Operate>>, ordinary: Operate): Operate =>
  (ports, exchange) =>
    (own[exchange.route.row.module] ?? ordinary)(ports, exchange);

/** What is done for each operation of the endpoint table. */
export const operations: Readonly<Record<Operation, Operate>> = {
  getVersions,
  getVersionDetails,
  getCredentials,
  postCredentials,
  putCredentials,
  deleteCredentials,
  listObjects: unless({ hubclientinfo: listClientInfo }, listObjects),
  getObject,
  getClientOwnedObject: unless({ hubclientinfo: showClientInfo, sessions: getOwnSession }, getClientOwnedObject),
  putClientOwnedObject: unless({ hubclientinfo: takeClientInfo, sessions: putSession }, putClientOwnedObject),
  patchClientOwnedObject: unless({ sessions: patchSession }, patchClientOwnedObject),
  deleteClientOwnedObject: unless({ sessions: deleteSession }, deleteClientOwnedObject),
  putChargingPreferences,
  postCdr,
  getCdr,
  postAuthorize,
  postCommand,
  postCommandResult,
  getChargingProfile,
  putChargingProfile,
  deleteChargingProfile,
  postChargingProfileResult: postCommandResult,
  putActiveChargingProfile,
};
