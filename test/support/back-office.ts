import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

/** What the back office was sent. */
export interface Received {
  path: string;
  headers: Record<string, string>;
  /** As it came: signatures are over bytes. */
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  body: any;
}

/** What it answers: a status, with a body when there is one; `hang`: nothing, ever. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | "hang";

/** The owner's own system, listening on loopback for the webhooks of a gateway. */
export interface BackOffice {
  /** Where a path of it stands. */
  url(path: string): string;
  received: Received[];
  /** How it answers from now on; 200 until told otherwise. */
  answer(reply: (received: Received) => Reply): void;
  /** Waits until what was received satisfies; looked at after every request. */
  until<T>(predicate: (received: Received[]) => T, timeoutMs?: number): Promise<NonNullable<T>>;
}

/** Starts one before the tests of this file and stops it after them. */
export function useBackOffice(): BackOffice {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const standard = (): Reply => ({ status: 200 });
  let reply: (received: Received) => Reply = standard;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const one = { path: request.url ?? "", headers, text, body: text === "" ? undefined : JSON.parse(text) };
      received.push(one);
      const said = reply(one);
      if (said !== "hang") {
        response.writeHead(said.status, { "content-type": "application/json", ...said.headers });
        response.end(said.body === undefined ? undefined : JSON.stringify(said.body));
      }
      for (const look of waiting) look();
    });
  });
  beforeAll(() => new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: (path) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    received,
    answer: (next) => {
      reply = next;
    },
    until: (predicate, timeoutMs = 15_000) =>
      new Promise((settle, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`waited ${timeoutMs} ms in vain; received ${received.map(({ path }) => path).join(", ")}`));
        }, timeoutMs);
        const look = () => {
          const found = predicate(received);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          settle(found as NonNullable<typeof found>);
        };
        waiting.add(look);
        look();
      }),
  };
}
