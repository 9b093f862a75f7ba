import { expect, test } from "vitest";
import { canonical } from "../../../src/ocpi/canonical.ts";

test("nothing, null and an empty list are the same; so is a time however it is spelt; all else is as it is", () => {
  const said = { id: "1", start_date_time: "2026-01-01T00:00:00Z", list: [{ a: 1 }], remark: "2026-01-01T00:00:00Z" };
  const again = {
    ...said,
    start_date_time: "2026-01-01T00:00:00.000Z",
    tariffs: [],
    list: [{ a: 1, b: null }],
    meter_id: null,
  };
  expect(canonical(again)).toEqual(canonical(said));
  expect(canonical({ ...said, remark: "2026-01-01T00:00:00.000Z" })).not.toEqual(canonical(said));
  expect(canonical({ ...said, id: "2" })).not.toEqual(canonical(said));
  expect(canonical({ ...said, list: [{ a: 1 }, { a: 1 }] })).not.toEqual(canonical(said));
});
