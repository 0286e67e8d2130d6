import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FastifyInstance } from "fastify";
import { makeApp } from "../../src/http/app.ts";
import { Callers } from "../../src/http/callers.ts";
import { pagesPolicy } from "../../src/http/pages.ts";
import { makeToken } from "../../src/http/tokens.ts";
import type { BuiltPages, PageFile } from "../../src/io/built-pages.ts";
import { register } from "./fixture.ts";

const file = (text: string): PageFile => {
  const content = Buffer.from(text);
  return { content, brotli: brotliCompressSync(content), gzip: gzipSync(content), digest: `digest${text.length}` };
};
const built: BuiltPages = new Map([
  ["/index.html", file("<!doctype html><title>Fundtrail</title>")],
  ["/assets/index-AbC.js", file("console.log(1)".repeat(20))],
  ["/icon.svg", file("<svg/>")],
]);

function server(pages: BuiltPages = built, tokens?: Parameters<typeof withToken>[0]): FastifyInstance {
  return makeApp({
    register,
    views: undefined,
    jobs: undefined,
    callers: new Callers(tokens),
    pages,
    reach: "loopback",
    log: { level: "silent", write: () => undefined },
    stopping: new AbortController().signal,
  } as never);
}

function withToken(tokens: ConstructorParameters<typeof Callers>[0]): FastifyInstance {
  return server(built, tokens);
}

const html = { accept: "text/html,*/*", host: "localhost" };

describe("the pages", () => {
  it("send one document for every page's path, with a policy that allows nothing inline", async () => {
    const app = server();
    const paths = [
      "/",
      "/losses",
      "/losses?actor=all",
      "/incidents/2018-01-25-coincheck",
      "/actors/x",
      "/published/x",
      "/trace",
      "/screen",
      "/screen/1",
      "/address/bitcoin/1A",
      "/tx/bitcoin/ab",
      "/clusters/1",
      "/ledger",
    ];
    for (const url of paths) {
      const { statusCode, headers, body } = await app.inject({ url, headers: html });
      expect([url, statusCode, headers["content-type"]]).toEqual([url, 200, "text/html; charset=utf-8"]);
      expect(body).toContain("<title>Fundtrail</title>");
      expect(headers["content-security-policy"]).toBe(pagesPolicy);
      expect(headers["cache-control"]).toBe("no-cache");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
    expect(pagesPolicy).not.toContain("unsafe");
    expect(pagesPolicy).toContain("default-src 'none'");
  });

  it("keep hashed files for good and others by their ETag, one for each encoding", async () => {
    const app = server();
    const asset = await app.inject({ url: "/assets/index-AbC.js", headers: { "accept-encoding": "gzip, br" } });
    expect(asset.headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-encoding": "br",
      "content-type": "text/javascript; charset=utf-8",
      vary: "accept-encoding",
    });
    const zipped = await app.inject({ url: "/assets/index-AbC.js", headers: { "accept-encoding": "gzip, br;q=0" } });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    const plain = await app.inject({ url: "/assets/index-AbC.js", headers: { "accept-encoding": "identity" } });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(new Set([asset, zipped, plain].map(({ headers }) => headers["etag"])).size).toBe(3);
    const again = await app.inject({
      url: "/",
      headers: { ...html, "if-none-match": String((await app.inject({ url: "/", headers: html })).headers["etag"]) },
    });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });

  it("answer HEAD without a body", async () => {
    const { statusCode, body, headers } = await server().inject({ method: "HEAD", url: "/losses" });
    expect([statusCode, body]).toEqual([200, ""]);
    expect(Number(headers["content-length"])).toBeGreaterThan(10);
  });

  it("never reach a file that was not built, however a path is written", async () => {
    const app = server();
    const paths = [
      "/../package.json",
      "/assets/../../package.json",
      "/assets/%2e%2e/%2e%2e/package.json",
      "/assets/..%2f..%2fpackage.json",
      "/assets//etc/passwd",
      "/%2fetc/passwd",
      "/assets/index-AbC.js/../../x",
      "/sources.sha256",
      "/.vite/manifest.json",
      "/index.html.br",
      "/constructor",
      "/__proto__",
    ];
    for (const url of paths) {
      const { statusCode, body } = await app.inject({ url, headers: { host: "localhost" } });
      expect([url, statusCode]).toEqual([url, 404]);
      expect(body).not.toContain('fundtrail",');
    }
  });

  it("leave the API's paths alone, and say what is none's", async () => {
    const app = server();
    const incident = await app.inject({ url: "/v1/incidents/2018-01-25-coincheck", headers: html });
    expect(incident.headers["content-type"]).toBe("application/json; charset=utf-8");
    const none = await app.inject({ url: "/v1/nothing", headers: html });
    expect([none.statusCode, none.headers["content-type"]]).toEqual([404, "application/problem+json; charset=utf-8"]);
    const mistyped = await app.inject({ url: "/losess", headers: html });
    expect([mistyped.statusCode, mistyped.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    const program = await app.inject({ url: "/losess", headers: { host: "localhost", accept: "*/*" } });
    expect(program.headers["content-type"]).toContain("application/problem+json");
  });

  it("take GET and HEAD, say so where they are, and are 404 by any method where they are not", async () => {
    const app = server();
    for (const url of ["/", "/losses", "/assets/index-AbC.js", "/icon.svg"]) {
      const [head, get] = [
        await app.inject({ method: "HEAD", url, headers: html }),
        await app.inject({ url, headers: html }),
      ];
      expect([url, head.statusCode, head.body]).toEqual([url, 200, ""]);
      for (const name of ["etag", "content-type", "content-length", "cache-control", "content-security-policy"]) {
        expect([url, name, head.headers[name]]).toEqual([url, name, get.headers[name]]);
      }
      const star = await app.inject({ url, headers: { ...html, "if-none-match": "*" } });
      expect([url, star.statusCode, star.headers["etag"]]).toEqual([url, 304, get.headers["etag"]]);
      const options = await app.inject({ method: "OPTIONS", url, headers: html });
      expect([url, options.statusCode, options.headers["allow"]]).toEqual([url, 204, "GET, HEAD, OPTIONS"]);
      for (const method of ["POST", "PUT", "DELETE"] as const) {
        const { statusCode, headers } = await app.inject({ method, url, headers: html });
        expect([url, method, statusCode, headers["allow"]]).toEqual([url, method, 405, "GET, HEAD, OPTIONS"]);
      }
    }
    for (const url of ["/losess", "/index.html", "/assets/none.js", "/v1/nothing"]) {
      for (const method of ["POST", "OPTIONS", "PUT"] as const) {
        const { statusCode, headers } = await app.inject({ method, url, headers: html });
        expect([url, method, statusCode, headers["allow"]]).toEqual([url, method, 404, undefined]);
      }
    }
    const lost = await app.inject({ url: "/losess", headers: { ...html, "if-none-match": "*" } });
    expect(lost.statusCode).toBe(404);
  });

  it("are sent to this machine only, and without a token, which the API still asks for", async () => {
    const { entry } = makeToken({ name: "a", role: "read", perMinute: 60, created: "2026-01-01" });
    const app = withToken(() => new Map([[entry.id, entry]]));
    expect((await app.inject({ url: "/losses", headers: html })).statusCode).toBe(200);
    expect((await app.inject({ url: "/v1/losses", headers: html })).statusCode).toBe(401);
    expect((await app.inject({ url: "/losses", headers: { ...html, host: "evil.example" } })).statusCode).toBe(421);
  });

  it("are followed to from other sites by a link, and are no answer to anything else that comes from there", async () => {
    const app = server();
    const ask = async (url: string, mode: string, dest: string, method: "GET" | "HEAD" | "POST" = "GET") =>
      (
        await app.inject({
          method,
          url,
          headers: { ...html, "sec-fetch-site": "cross-site", "sec-fetch-mode": mode, "sec-fetch-dest": dest },
        })
      ).statusCode;
    expect(await ask("/incidents/2018-01-25-coincheck", "navigate", "document")).toBe(200);
    expect(await ask("/", "navigate", "document", "HEAD")).toBe(200);
    for (const dest of ["iframe", "frame", "object", "embed", "empty"]) {
      expect([dest, await ask("/losses", "navigate", dest)]).toEqual([dest, 421]);
    }
    expect(await ask("/losses", "no-cors", "document")).toBe(421);
    expect(await ask("/assets/index-AbC.js", "no-cors", "script")).toBe(421);
    expect(await ask("/icon.svg", "no-cors", "image")).toBe(421);
    for (const [url, method] of [
      ["/v1/losses", "GET"],
      ["/v1/incidents/2018-01-25-coincheck", "GET"],
      ["/openapi.json", "GET"],
      ["/healthz", "GET"],
      ["/v1/traces", "POST"],
      ["/losses", "POST"],
    ] as const) {
      expect([url, await ask(url, "navigate", "document", method)]).toEqual([url, 421]);
    }
  });

  it("say how they are built where they are not", async () => {
    const { statusCode, body } = await server(new Map()).inject({ url: "/losses", headers: html });
    expect(statusCode).toBe(404);
    expect(body).toContain("npm run build:web");
  });
});
