import fc from "fast-check";
import { expect, test } from "vitest";
import { envelopeText, timestampOf } from "../../../src/ocpi/envelope.ts";

test("an envelope says what it was given, data as it stands", () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.option(fc.string(), { nil: undefined }),
      fc.integer({ min: 1000, max: 4999 }),
      (data, message, code) => {
        const text = envelopeText({ code, message }, data, "2026-01-01T00:00:00Z");
        expect(text).toContain(`"data":${data},`);
        expect(JSON.parse(text)).toEqual({
          data: JSON.parse(data),
          status_code: code,
          ...(message === undefined ? {} : { status_message: message }),
          timestamp: "2026-01-01T00:00:00Z",
        });
      },
    ),
  );
});

test("data is left out where there is none", () => {
  expect(envelopeText({ code: 1000 }, undefined, "2026-01-01T00:00:00Z")).toBe(
    '{"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}',
  );
});

test("a version without fractions of a second gets none, nor does a caller whose version is not known", () => {
  const now = Date.UTC(2026, 0, 1) + 250;
  expect(timestampOf(now, { fractions: true })).toBe("2026-01-01T00:00:00.250Z");
  expect(timestampOf(now, { fractions: false })).toBe("2026-01-01T00:00:00Z");
  expect(timestampOf(now, undefined)).toBe("2026-01-01T00:00:00Z");
});
