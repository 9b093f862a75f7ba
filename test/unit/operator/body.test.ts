import { expect, test } from "vitest";
import { checkBody } from "../../../src/operator/body.ts";
import { rows } from "../../../src/operator/rows.ts";

/** Faults of a body of an operation; null: it is taken. */
function faultsOf(id: string, body: unknown) {
  const spec = rows.find((row) => row.id === id)?.body;
  if (spec === undefined) throw new Error(`${id} takes no body`);
  const read = checkBody(spec, body === undefined ? "" : JSON.stringify(body));
  if (read.ok) return null;
  return read.error.kind === "invalid" ? read.error.faults : read.error;
}

const taking = rows.filter(({ body }) => body !== undefined && body.stream === undefined).map(({ id }) => id);

test.each(taking)("%s takes no list for an object", (id) => {
  expect(faultsOf(id, [])).toEqual([{ pointer: "", message: "is not a JSON object" }]);
});

test("nor within one", () => {
  const message = "is not a JSON object";
  expect(faultsOf("patchSettings", { authorize: [], commands: {} })).toEqual([{ pointer: "/authorize", message }]);
  expect(faultsOf("createPartner", { name: "P", settings: { share: [] } })).toEqual([
    { pointer: "/settings/share", message },
  ]);
});

test("an object with nothing in it, or no body where none is needed, is what it was", () => {
  for (const id of ["patchSettings", "patchPartner"]) expect(faultsOf(id, {}), id).toBeNull();
  for (const id of ["pullPartner", "registerPartner", "authorizeToken"]) expect(faultsOf(id, undefined), id).toBeNull();
});

test("a place to authorize at: all that is wrong is told at once", () => {
  const pointers = (body: unknown) =>
    (faultsOf("authorizeToken", body) as { pointer: string }[]).map((it) => it.pointer);
  expect(pointers({ evse_uids: "x" }).sort()).toEqual(["/evse_uids", "/location_id"]);
  expect(pointers({ evse_uids: ["x"] })).toEqual(["/location_id"]);
  expect(pointers({ location_id: 7, connector_ids: 7 }).sort()).toEqual(["/connector_ids", "/location_id"]);
  expect(faultsOf("authorizeToken", { location_id: "L" })).toBeNull();
});
