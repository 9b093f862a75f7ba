import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkUrl, hostOf, urlRules } from "../../../src/client/url-rules.ts";

const strict = { allowPrivateNetwork: false, ownHosts: ["gw.example-gateway.net"] };
const reason = (url: string, rules = strict) => {
  const verdict = checkUrl(url, rules);
  return verdict.ok ? "ok" : verdict.reason;
};

describe("which URLs may be called", () => {
  test.each([
    ["https://ocpi.example.com/versions", "ok"],
    ["https://ocpi.example.com:8443/versions", "ok"],
    ["https://ocpi.example.com./versions", "ok"],
    ["https://ocpi.example.com:22/", "port"],
    ["https://ocpi.example.com:80/", "port"],
    ["http://ocpi.example.com/", "scheme"],
    ["ftp://ocpi.example.com/", "scheme"],
    ["data:text/plain,x", "scheme"],
    ["//ocpi.example.com/", "syntax"],
    ["", "syntax"],
    [`https://example.com/${"a".repeat(3000)}`, "syntax"],
    ["https://a@example.com/", "userinfo"],
    ["https://:b@example.com/", "userinfo"],
    ["https://example.com\\@evil.example/", "characters"],
    ["https://example.com/a b", "characters"],
    ["https://example.com/\u2028", "characters"],
    // Every way to write loopback, as the URL parser folds it.
    ...[
      "127.1",
      "0177.0.0.1",
      "0x7f000001",
      "2130706433",
      "\u2460\u2461\u2466.0.0.1",
      "127.0.0.1.",
      "10.0.0.1",
      "192.168.1.1",
    ].map((host) => [`https://${host}/`, "ip"]),
    ...["[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::]"].map((host) => [
      `https://${host}/`,
      "ip",
    ]),
    ["https://localhost/", "host"],
    ["https://LOCALHOST./", "host"],
    ["https://a.localhost/", "suffix"],
    ["https://metadata.google.internal/", "suffix"],
    ["https://x.home.arpa./", "suffix"],
    ["https://gw.example-gateway.net:8443/x", "own-host"],
    ["https://GW.example-gateway.net./x", "own-host"],
  ])("%s: %s", (url, expected) => {
    expect(reason(url as string)).toBe(expected);
  });

  test("a private network opens loopback and http, and nothing that is wrong anyway", () => {
    const open = { allowPrivateNetwork: true, ownHosts: ["127.0.0.1:8787"] };
    expect(reason("http://127.0.0.1:9001/ocpi", open)).toBe("ok");
    expect(reason("http://localhost:9001/ocpi", open)).toBe("ok");
    expect(reason("http://127.0.0.1:8787/ocpi/versions", open)).toBe("own-host");
    expect(reason("file:///etc/passwd", open)).toBe("scheme");
    expect(reason("http://u:p@127.0.0.1/", open)).toBe("userinfo");
    expect(reason(" http://127.0.0.1/", open)).toBe("characters");
  });

  test("own hosts are those of the configured URL and of the request at hand", () => {
    const rules = urlRules(
      { allowPrivateNetwork: false, publicUrl: "https://gw.example.com" },
      "https://edge.example.com:8443",
    );
    expect(rules.ownHosts).toEqual(["gw.example.com", "edge.example.com:8443"]);
    expect(urlRules({ allowPrivateNetwork: false, publicUrl: null }).ownHosts).toEqual([]);
  });

  test("a host is spelt as in a URL", () => {
    expect(hostOf("https://Example.com:443/x")).toBe("example.com");
    expect(hostOf("https://example.com:8443/x")).toBe("example.com:8443");
    expect(hostOf("nothing")).toBeNull();
    expect(hostOf(null)).toBeNull();
  });
});

// Shared vectors are read where they stand beside the repository; they are not copied into it.
const vectors = join(import.meta.dirname, "../../../../shared/vectors/ssrf-urls.jsonl");
describe.runIf(existsSync(vectors))("shared vectors", () => {
  const rows = existsSync(vectors)
    ? readFileSync(vectors, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  test.each(rows)("$url", ({ url, allow, reason: why }) => {
    expect(reason(url)).toBe(allow ? "ok" : why);
  });
});
