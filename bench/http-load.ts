/** A small loader: keeps some connections busy from this process, one request at a time on each, and times each answer. */
import { connect } from "node:net";

export type Load = {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
};

/** Each connection asks for one path after the other. */
export async function load(
  port: number,
  paths: readonly string[],
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Load> {
  const times: number[] = [];
  let failed = 0;
  let next = 0;
  const end = performance.now() + seconds * 1_000;
  const busy = async (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      let begun = 0;
      let text = "";
      const ask = (): void => {
        begun = performance.now();
        if (begun >= end) {
          socket.end();
          resolve();
          return;
        }
        text = "";
        next += 1;
        socket.write(`GET ${paths[next % paths.length]} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      };
      socket.setNoDelay(true);
      socket.on("connect", ask);
      socket.on("error", reject);
      socket.on("data", (bytes: Buffer) => {
        text += bytes.toString("latin1");
        const head = text.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/content-length: (?<bytes>[0-9]+)/iu.exec(text)?.groups?.["bytes"] ?? 0);
        if (text.length < head + 4 + length) return;
        times.push(performance.now() - begun);
        if (!text.startsWith("HTTP/1.1 200")) failed += 1;
        ask();
      });
    });
  await Promise.all(Array.from({ length: connections }, busy));
  times.sort((left, right) => left - right);
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), failed };
}
