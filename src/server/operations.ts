import type { Operation } from "../ocpi/endpoints.ts";
import { deleteCredentials, getCredentials, postCredentials, putCredentials } from "./credentials.ts";
import type { Operate } from "./exchange.ts";
import {
  deleteClientOwnedObject,
  getClientOwnedObject,
  patchClientOwnedObject,
  putClientOwnedObject,
} from "./receiver.ts";
import { getObject, listObjects } from "./sender.ts";
import { getVersionDetails, getVersions } from "./versions.ts";

/** What is done for each operation of the endpoint table. */
export const operations: Readonly<Record<Operation, Operate>> = {
  getVersions,
  getVersionDetails,
  getCredentials,
  postCredentials,
  putCredentials,
  deleteCredentials,
  listObjects,
  getObject,
  getClientOwnedObject,
  putClientOwnedObject,
  patchClientOwnedObject,
  deleteClientOwnedObject,
};
