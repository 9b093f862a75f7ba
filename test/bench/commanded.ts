import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** A partner that takes commands, for the gateway and the floor alike. */
export type Commanded = {
  url: string;
  close(): Promise<unknown>;
};

/**
 * Starts the least a CPO can be that takes commands, in a thread of its own: it accepts whatever is posted to it, and posts the
 * result to its `response_url` at once.
 * @param port of the endpoints it has registered with
 * @param authorization what it posts with
 */
export function startCommanded(port: number, authorization: string): Promise<Commanded> {
  const worker = new Worker(import.meta.filename, { workerData: { port, authorization } });
  return new Promise((settle, fail) => {
    worker.once("error", fail);
    worker.once("message", (url: string) => settle({ url, close: () => worker.terminate() }));
  });
}

function serve({ port, authorization }: { port: number; authorization: string }): void {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization, "content-type": "application/json" };
  const envelope = { status_code: 1000, timestamp: "2025-01-01T00:00:00Z" };
  const accepted = JSON.stringify({ data: { result: "ACCEPTED", timeout: 30 }, ...envelope });
  const server = createServer((incoming, outgoing) => {
    let text = "";
    incoming.on("data", (chunk: Buffer) => {
      text += chunk;
    });
    incoming.on("end", () => {
      outgoing.writeHead(200, { "content-type": "application/json" }).end(accepted);
      const { response_url } = JSON.parse(text) as { response_url: string };
      const result = request(response_url, { method: "POST", agent, headers }, (answer) => answer.resume());
      result.on("error", (error) => console.error(`a result could not be posted: ${error.message}`));
      result.end('{"result":"ACCEPTED"}');
    });
  });
  server.listen(port, "127.0.0.1", () => {
    parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
}

if (!isMainThread && workerData?.authorization) serve(workerData);
