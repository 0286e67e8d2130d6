import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiProblem, connect } from "../../src/http/client.ts";
import { fundtrail } from "../cli/terminal.ts";
import { makeLedger, peel } from "./fixture.ts";

let ledger: Awaited<ReturnType<typeof makeLedger>>;
beforeAll(async () => void (ledger = await makeLedger()));
afterAll(() => ledger.remove());

const program = new URL("../../src/cli/run.ts", import.meta.url).pathname;
const onPeel = { chain: "ethereum", origins: [peel.names["theft"] ?? ""] };

async function started(...args: readonly string[]): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [program, "serve", "--ledger", ledger.folder, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [text] = (await once(child.stdout ?? child, "data")) as [Buffer];
  return { child, url: /http:\S+(?=;)/u.exec(String(text))?.[0] ?? "" };
}

describe("fundtrail serve", () => {
  it("answers its typed client over a socket, and ends on SIGTERM with what came in answered", async () => {
    const { child, url } = await started("--log", "silent");
    const client = connect({ url });
    const { chains } = await client.get("/v1/ledger");
    expect(chains.map(({ alias }) => alias)).toEqual(["bitcoin", "ethereum"]);
    const incident = await client.get("/v1/incidents/{id}", { params: { id: "2025-02-21-bybit" } });
    expect(incident.id).toBe("2025-02-21-bybit");
    await expect(client.get("/v1/traces/{id}", { params: { id: "x" } })).rejects.toThrow(ApiProblem);
    const { id } = await client.post("/v1/traces", { body: onPeel });
    const events = await client.get("/v1/traces/{id}/events", { params: { id } });
    expect(events).toContain('"state":"done"');
    const { exits } = await client.get("/v1/traces/{id}/exits", { params: { id }, query: { limit: 20 } });
    expect(exits.every(({ amount }) => /^[0-9]+$/u.test(amount))).toBe(true);
    const list = { items: [{ subject: "nothing" }, { subject: peel.addresses["deposit-1"] ?? "", chain: "ethereum" }] };
    const whole = await client.post("/v1/screenings/batch", { body: list });
    expect(whole.map((line) => ("problem" in line ? line.problem.code : line.verdict.chain))).toEqual([
      "INVALID_VALUE",
      "eip155:1",
    ]);
    const indexes: number[] = [];
    for await (const { index } of client.lines("/v1/screenings/batch", { body: list })) indexes.push(index);
    expect(indexes).toEqual([0, 1]);
    const result = await client.get("/v1/traces/{id}/result", { params: { id } });
    expect(result.policy).toBe("fifo");

    // A request whose end comes only after the signal.
    const { port } = new URL(url);
    const socket = dial(Number(port), "127.0.0.1");
    await once(socket, "connect");
    let answer = "";
    socket.on("data", (bytes: Buffer) => void (answer += String(bytes)));
    const body = JSON.stringify({ ...onPeel, policy: "nonsense" });
    const head = `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    socket.write(head + body.slice(0, 10));
    await new Promise((resolve) => void setTimeout(resolve, 200));
    child.kill("SIGTERM");
    await new Promise((resolve) => void setTimeout(resolve, 200));
    socket.write(body.slice(10));
    const [status] = (await once(child, "exit")) as [number];
    expect([status, answer.split("\r\n", 1)[0]]).toEqual([0, "HTTP/1.1 400 Bad Request"]);
  });

  it("answers others while many clients send slowly, do not read, or say nothing", async () => {
    const { child, url } = await started("--log", "silent");
    const { port } = new URL(url);
    const head = "GET /v1/incidents?limit=500 HTTP/1.1\r\nhost: localhost\r\n";
    const slow = await Promise.all(
      Array.from({ length: 120 }, async (_, at) => {
        const socket = dial(Number(port), "127.0.0.1");
        await once(socket, "connect");
        socket.on("error", () => undefined);
        if (at % 3 === 0) socket.write(head);
        if (at % 3 === 1) socket.pause().write(`${head}\r\n`.repeat(4));
        return socket;
      }),
    );
    const client = connect({ url });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => client.get("/v1/incidents/{id}", { params: { id: "2025-02-21-bybit" } })),
    );
    expect(answers.every(({ id }) => id === "2025-02-21-bybit")).toBe(true);
    expect(slow.filter((socket) => socket.destroyed)).toEqual([]);
    for (const socket of slow) socket.destroy();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("killed, it loses no trace that it accepted", async () => {
    const { child, url } = await started("--log", "silent");
    const client = connect({ url });
    const accepted = await Promise.all(
      Array.from({ length: 8 }, async (_, key) =>
        client.post("/v1/traces", { body: onPeel, idempotencyKey: `k${key}` }),
      ),
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    const again = await started("--log", "silent");
    again.child.kill("SIGTERM");
    expect(await once(again.child, "exit")).toEqual([0, null]);
    expect((await fundtrail("audit", "verify", "--ledger", ledger.folder)).status).toBe(0);
    const text = readFileSync(`${ledger.folder}/server/audit/audit.jsonl`, "utf8");
    for (const { id } of accepted) expect(text).toContain(`"trace":"${id}"`);
  });

  it("beyond loopback it wants tokens, which are made, asked for and revoked", async () => {
    const at = ["--ledger", ledger.folder];
    expect(await fundtrail("serve", ...at, "--host", "0.0.0.0", "--port", "0")).toMatchObject({
      status: 2,
      error: expect.stringMatching(/tokens are required beyond loopback/u) as string,
    });
    const made = await fundtrail("token", "create", ...at, "--name", "a desk", "--role", "read", "--json");
    const { token, id } = JSON.parse(made.out) as { token: string; id: string };
    const { child, url } = await started("--require-token");
    const log: string[] = [];
    child.stderr?.on("data", (bytes: Buffer) => void log.push(String(bytes)));
    await expect(connect({ url }).get("/v1/actors")).rejects.toMatchObject({ problem: { code: "TOKEN_REFUSED" } });
    const desk = connect({ url, token });
    expect((await desk.get("/v1/actors", { query: { limit: 1 } })).actors).toHaveLength(1);
    await expect(desk.post("/v1/traces", { body: onPeel })).rejects.toMatchObject({
      problem: { code: "ROLE_MISSING" },
    });
    await fundtrail("token", "revoke", id, ...at);
    await new Promise((resolve) => void setTimeout(resolve, 1_200));
    await expect(desk.get("/v1/actors")).rejects.toMatchObject({ problem: { code: "TOKEN_REFUSED" } });
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(log.join("")).not.toContain(token.slice(16));
    expect((await fundtrail("token", "list", ...at)).out).toContain("a desk");
  });
});
