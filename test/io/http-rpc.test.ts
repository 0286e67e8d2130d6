import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Failure } from "../../src/base/failure.ts";
import type { RpcRequest } from "../../src/ingest/rpc.ts";
import { httpRpc, type HttpRpcOptions } from "../../src/io/http-rpc.ts";

type Call = { readonly id: number; readonly method: string; readonly params: readonly unknown[] };
type Handler = (calls: readonly Call[], response: ServerResponse, request: IncomingMessage, body: string) => void;

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(async (server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

/** A node on the loopback interface; its host and port. */
async function node(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces).toString("utf8");
      const calls = JSON.parse(body) as Call | readonly Call[];
      handler(Array.isArray(calls) ? (calls as readonly Call[]) : [calls as Call], response, request, body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const echo = ({ id, method, params }: Call): object => ({ jsonrpc: "2.0", id, result: [method, ...params] });
const reply = (response: ServerResponse, answers: readonly object[], isList = answers.length !== 1): void => {
  response.end(JSON.stringify(isList ? answers : answers[0]));
};
const status = (response: ServerResponse, code: number, headers: Record<string, string> = {}, text = ""): void => {
  response.writeHead(code, headers).end(text);
};
const requests = (count: number): readonly RpcRequest[] =>
  Array.from({ length: count }, (_, index) => ({ method: "m", params: [index] }));
const expected = (count: number): readonly string[] => requests(count).map((_, index) => `["m",${index}]`);

const noon = Date.UTC(2026, 0, 1, 12);
/** A clock that passes without waiting, and how long it was slept. */
function quickClock(): { readonly slept: number[]; readonly options: Pick<HttpRpcOptions, "clock"> } {
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => void slept.push(ms);
  return { slept, options: { clock: { now: () => noon, sleep, random: () => 0 } } };
}
const quick = quickClock().options;

async function failureOf(action: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error(`no failure but ${String(thrown)}`);
}

describe("batches", () => {
  it("answered in part are asked for again in halves", async () => {
    const host = await node((calls, response) => reply(response, calls.slice(0, 3).map(echo)));
    expect(await httpRpc(`http://${host}`, quick).send(requests(20))).toEqual(expected(20));
  });

  it("come back in the order of the requests, whatever the order of the answers", async () => {
    const sizes: number[] = [];
    const host = await node((calls, response) => {
      sizes.push(calls.length);
      reply(response, calls.map(echo).toReversed());
    });
    expect(await httpRpc(`http://${host}`).send(requests(123))).toEqual(expected(123));
    expect(sizes.toSorted((left, right) => left - right)).toEqual([23, 50, 50]);
    expect(await httpRpc(`http://${host}`).send([])).toEqual([]);
  });

  it("are under way at once, as many as allowed and no more", async () => {
    let [now, most] = [0, 0];
    const host = await node((calls, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        reply(response, calls.map(echo));
      }, 10);
    });
    const client = httpRpc(`http://${host}`, { batch: 5, parallel: 3 });
    const both = await Promise.all([client.send(requests(40)), client.send(requests(40))]);
    expect(both).toEqual([expected(40), expected(40)]);
    expect(most).toBe(3);
  });

  const refusals: readonly (readonly [string, (calls: readonly Call[], response: ServerResponse) => void])[] = [
    ["HTTP 413", (_, response) => status(response, 413)],
    [
      "Geth's list of one error",
      ([first], response) =>
        reply(
          response,
          [{ jsonrpc: "2.0", id: first?.id, error: { code: -32_600, message: "batch too large" } }],
          true,
        ),
    ],
    [
      "one error without an id",
      (_, response) => reply(response, [{ id: null, error: { code: -32_000, message: "limit of calls is 7" } }]),
    ],
    [
      "errors for the rest of the batch",
      (calls, response) =>
        reply(
          response,
          calls.map((call, index) =>
            index < 3 ? echo(call) : { id: call.id, error: { code: -32_003, message: "response too large" } },
          ),
        ),
    ],
  ];
  it.each(refusals)("too large for the node are halved: %s", async (_, refuse) => {
    const sizes: number[] = [];
    const host = await node((calls, response) => {
      sizes.push(calls.length);
      if (calls.length > 7) refuse(calls, response);
      else reply(response, calls.map(echo));
    });
    const client = httpRpc(`http://${host}`, { parallel: 1, ...quick });
    expect(await client.send(requests(50))).toEqual(expected(50));
    expect(Math.max(...sizes)).toBe(50);
    expect(sizes.filter((size) => size > 7).length).toBeLessThan(8);
  });

  it("stay small once the node has refused a larger one; a node without batches is asked one by one", async () => {
    const sizes: number[] = [];
    const host = await node((calls, response, _, body) => {
      sizes.push(calls.length);
      if (body.startsWith("[")) status(response, 413);
      else reply(response, calls.map(echo));
    });
    const client = httpRpc(`http://${host}`, { batch: 4, parallel: 1 });
    await client.send(requests(4));
    sizes.length = 0;
    expect(await client.send(requests(9))).toEqual(expected(9));
    expect(sizes).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe("results", () => {
  it("are the node's exact text: no number passes through a float", async () => {
    const text = '{ "a" : 1.0e400, "b\\"]": [0.10000000000000000000001,"\\\\"], "c":123456789012345678901234567890 }';
    const other = '"line \\" } ] , \\\\"';
    const host = await node(([first, second], response) =>
      response.end(
        ` [ {"result":${other},"id":${second?.id},"error":null} ,\n{"jsonrpc":"2.0","res\\u0075lt":${text} , "id":${first?.id}}] `,
      ),
    );
    expect(await httpRpc(`http://${host}`).send(requests(2))).toEqual([text, other]);
  });

  it.each(["null", "true", "-1.50", '"x"', "[]", "{}", "[[],[{}]]"])("of any kind: %s", async (result) => {
    const host = await node(([call], response) => response.end(`{"id":${call?.id},"result":${result}}`));
    expect(await httpRpc(`http://${host}`).send(requests(1))).toEqual([result]);
  });

  const wrong: readonly (readonly [string, (calls: readonly Call[]) => readonly object[], RegExp])[] = [
    ["a missing one", (calls) => calls.slice(1).map(echo), /answer to m is missing/u],
    ["one twice", (calls) => [...calls, ...calls.slice(0, 1)].map(echo), /answers m twice/u],
    ["another's id", (calls) => calls.map((call) => echo({ ...call, id: call.id + 100 })), /id of no request/u],
    ["an id that is text", (calls) => calls.map((call) => ({ ...echo(call), id: String(call.id) })), /id of no/u],
    ["no id", (calls) => calls.map((call) => ({ ...echo(call), id: null })), /id of no request/u],
  ];
  it.each(wrong)("that are not to the requests are refused: %s", async (_, answers, message) => {
    const host = await node((calls, response) => reply(response, answers(calls), true));
    const failure = await failureOf(httpRpc(`http://${host}`, quick).send(requests(3)));
    expect(failure.code).toBe("SOURCE_INVALID");
    expect(failure.message).toMatch(message);
  });
});

describe("trouble that passes", () => {
  const troubles: readonly (readonly [string, (response: ServerResponse, calls: readonly Call[]) => void])[] = [
    ["HTTP 503", (response) => status(response, 503)],
    ["HTTP 500 with a page", (response) => status(response, 500, {}, "<html>oops</html>")],
    ["a closed connection", (response) => response.socket?.destroy()],
    [
      "an answer that breaks off",
      (response) => {
        response.writeHead(200, { "content-length": "100" }).write("[");
        setTimeout(() => response.socket?.destroy(), 10);
      },
    ],
    ["garbage", (response) => response.end("<html>welcome</html>")],
    ["JSON that is no answer", (response) => response.end("[1]")],
    ["no text", (response) => response.end()],
    [
      "an error that says later",
      (response, calls) =>
        reply(
          response,
          calls.map(({ id }) => ({ id, error: { code: -32_005, message: "limit exceeded" } })),
          true,
        ),
    ],
  ];
  it.each(troubles)("is tried again, after growing pauses: %s", async (_, trouble) => {
    let tries = 0;
    const host = await node((calls, response) => {
      tries += 1;
      if (tries <= 3) trouble(response, calls);
      else reply(response, calls.map(echo));
    });
    const { slept, options } = quickClock();
    expect(await httpRpc(`http://${host}`, options).send(requests(2))).toEqual(expected(2));
    expect([tries, slept]).toEqual([4, [250, 500, 1_000]]);
  });

  it("that stays is a failure after six tries", async () => {
    let tries = 0;
    const host = await node((_, response) => {
      tries += 1;
      status(response, 502);
    });
    const { slept, options } = quickClock();
    const failure = await failureOf(httpRpc(`http://${host}`, options).send(requests(2)));
    expect([failure.code, tries, slept.length]).toEqual(["SOURCE_UNAVAILABLE", 6, 5]);
    expect(failure.message).toBe(
      `http://${host} does not answer: HTTP status 502 (6 tries); check that it runs, then run this again to go on`,
    );
  });

  it("pauses by the clock and at random where nothing else is asked for", async () => {
    const host = await node((_, response) => status(response, 502));
    const begun = Date.now();
    await failureOf(httpRpc(`http://${host}`, { attempts: 3 }).send(requests(1)));
    expect(Date.now() - begun).toBeGreaterThanOrEqual(745);
  });

  it("nobody listening is said so", async () => {
    const host = await node(() => undefined);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const failure = await failureOf(httpRpc(`http://${host}`, quick).send(requests(1)));
    expect(failure.message).toMatch(/nothing listens at this address \(6 tries\)/u);
  });

  it.each([
    ["7", 7_000],
    [new Date(noon + 90_000).toUTCString(), 90_000],
    ["soon", 250],
  ])("Retry-After of 429 is kept to: %s", async (header, wait) => {
    let tries = 0;
    const host = await node((calls, response) => {
      tries += 1;
      if (tries === 1) status(response, 429, { "retry-after": header }, '{"error":{"code":-32600,"message":"slow"}}');
      else reply(response, calls.map(echo));
    });
    const { slept, options } = quickClock();
    expect(await httpRpc(`http://${host}`, options).send(requests(1))).toEqual(expected(1));
    expect(slept).toEqual([wait]);
  });

  it("a Retry-After of hours is told, not waited for", async () => {
    const host = await node((_, response) => status(response, 429, { "retry-after": "86400" }));
    const { slept, options } = quickClock();
    const failure = await failureOf(httpRpc(`http://${host}`, options).send(requests(1)));
    expect(failure.message).toMatch(/HTTP status 429, it asks to wait 86400 s \(1 tries\)/u);
    expect(slept).toEqual([]);
  });

  it("no answer in time: the batch is halved, and one request tried again", async () => {
    const sizes: number[] = [];
    const host = await node((calls, response) => {
      sizes.push(calls.length);
      if (calls.length <= 2) reply(response, calls.map(echo));
    });
    const client = httpRpc(`http://${host}`, { timeoutMs: 100, ...quick });
    expect(await client.send(requests(5))).toEqual(expected(5));
    expect(sizes.toSorted((left, right) => left - right)).toEqual([1, 2, 2, 3, 5]);
    let tries = 0;
    const silent = await node((_, response) => {
      tries += 1;
      response.write("[");
    });
    const failure = await failureOf(httpRpc(`http://${silent}`, { timeoutMs: 40, ...quick }).send(requests(50)));
    expect(failure.message).toMatch(/no answer within 40 ms \([67] tries\)/u);
    expect(tries).toBeLessThanOrEqual(7);
  });
});

describe("refusals", () => {
  it.each([200, 400, 404, 500])(
    "a node's error is told with its words, whatever the HTTP status (%i)",
    async (code) => {
      const error = { code: -32_601, message: "the method m does not exist\n\u001b[31m" };
      const host = await node(([call], response) =>
        status(response, code, {}, JSON.stringify({ id: call?.id, error })),
      );
      const failure = await failureOf(httpRpc(`http://${host}`, quick).send(requests(1)));
      expect([failure.code, failure.message]).toEqual([
        "SOURCE_REFUSED",
        `http://${host} refuses m: the method m does not exist [31m (-32601); use a node that offers it`,
      ]);
    },
  );

  it("one error among answers fails the call, by the method's name", async () => {
    const host = await node((calls, response) =>
      reply(
        response,
        calls.map((call) => (call.method === "b" ? { id: call.id, error: { message: "no" } } : echo(call))),
      ),
    );
    const failure = await failureOf(
      httpRpc(`http://${host}`).send(["a", "b"].map((method) => ({ method, params: [] }))),
    );
    expect(failure.message).toMatch(/refuses b: no;/u);
  });

  it.each([
    [401, /HTTP status 401; check the user name/u],
    [403, /HTTP status 403; check the user name/u],
    [302, /HTTP status 302, another address/u],
    [418, /HTTP status 418; check the address/u],
    [413, /HTTP status 413; raise its limit/u],
  ])("HTTP %i is not tried again", async (code, message) => {
    let tries = 0;
    const host = await node((_, response) => {
      tries += 1;
      status(response, code, { location: "http://127.0.0.1:1/" });
    });
    const failure = await failureOf(httpRpc(`http://${host}`, quick).send(requests(1)));
    expect([failure.code, tries]).toEqual(["SOURCE_REFUSED", 1]);
    expect(failure.message).toMatch(message);
  });

  it("an error that says later is told with the node's words in the end", async () => {
    const error = { code: 429, message: "compute units exceeded" };
    const host = await node(([call], response) => reply(response, [{ id: call?.id, error }]));
    const failure = await failureOf(httpRpc(`http://${host}`, quick).send(requests(1)));
    expect(failure.message).toMatch(/refuses m: compute units exceeded \(429\)/u);
  });

  it("an answer over the limit: the batch is halved, one request refused", async () => {
    const host = await node((calls, response) =>
      reply(
        response,
        calls.map((call) => ({ ...echo(call), padding: "x".repeat(600) })),
      ),
    );
    const limited = (answerBytes: number): Partial<HttpRpcOptions> => ({ answerBytes, ...quick });
    expect(await httpRpc(`http://${host}`, limited(2_000)).send(requests(9))).toEqual(expected(9));
    const failure = await failureOf(httpRpc(`http://${host}`, limited(512)).send(requests(4)));
    expect(failure.code).toBe("SOURCE_REFUSED");
    expect(failure.message).toMatch(/its answer is over/u);
  });

  it.each(["", "127.0.0.1:8545", "ws://user:geheim@127.0.0.1", "file:///etc/passwd", "http://user:geheim@:x"])(
    "an address that is none: %j",
    (address) => {
      expect(() => httpRpc(address)).toThrow(/no http or https address/u);
      expect(() => httpRpc(address)).not.toThrow(/geheim/u);
    },
  );
});

describe("credentials", () => {
  const [user, password, key] = ["alice", "pä:ss wörd", "0123456789abcdef"];
  const address = (host: string): string =>
    `http://${user}:${encodeURIComponent(password)}@${host}/v3/${key}?apikey=querykey#x`;

  it("of the address or the option reach the node", async () => {
    const seen: unknown[] = [];
    const host = await node((calls, response, request) => {
      seen.push(request.headers.authorization, request.url);
      reply(response, calls.map(echo));
    });
    await httpRpc(address(host)).send(requests(1));
    await httpRpc(`http://${host}`, { authorization: "Bearer token-1" }).send(requests(1));
    await httpRpc(`http://${host}`).send(requests(1));
    const basic = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const path = `/v3/${key}?apikey=querykey`;
    expect(seen).toEqual([basic, path, "Bearer token-1", "/", undefined, "/"]);
  });

  it("stand in no message, not even where the node repeats them", async () => {
    const host = await node(([call], response, request) => {
      const known = request.url === "/" ? "" : `${user} ${password} ${encodeURIComponent(password)}`;
      const message = `${"no ".repeat(90)}: ${request.headers.authorization} ${request.url} ${known}`;
      if (call?.method === "error") reply(response, [{ id: call.id, error: { code: 1, message } }]);
      else if (call?.method === "forbidden") status(response, 403, {}, message);
      else if (call?.method === "broken") status(response, 502, {}, message);
      else response.end(message);
    });
    for (const method of ["error", "forbidden", "broken", "garbage"]) {
      for (const client of [
        httpRpc(address(host), quick),
        httpRpc(`http://${host}`, { authorization: "Bearer token-1", ...quick }),
      ]) {
        // One after the other: each has the server to itself.
        // eslint-disable-next-line no-await-in-loop
        const { message, stack, cause } = await failureOf(client.send([{ method, params: [] }]));
        const told = `${message} ${stack} ${JSON.stringify(cause)} ${client.name}`;
        const secrets = [user, password, encodeURIComponent(password), key, "querykey", "token-1"];
        const basic = Buffer.from(`${user}:${password}`).toString("base64");
        expect([...secrets, basic.slice(0, 12)].filter((secret) => told.includes(secret) && secret !== user)).toEqual(
          [],
        );
        expect(message).not.toContain(user);
        expect(message).toContain(host);
      }
    }
  });
});
