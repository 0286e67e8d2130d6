import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Failure } from "../base/failure.ts";
import type { BuiltPages, PageFile } from "../io/built-pages.ts";
import { namesWhatIsThere } from "./conditions.ts";
import { answerOtherMethodsBelow, readMethods } from "./methods.ts";

/** What the pages may do: run and load what comes from here, talk to here, and nothing inline. */
export const pagesPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const media: ReadonlyMap<string, string> = new Map([
  ["html", "text/html; charset=utf-8"],
  ["js", "text/javascript; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["json", "application/json; charset=utf-8"],
  ["svg", "image/svg+xml; charset=utf-8"],
  ["png", "image/png"],
  ["woff2", "font/woff2"],
]);

/** Paths that the pages know; their program reads the rest of them. Another path is told that there is no such page. */
const pagePaths: readonly RegExp[] = [
  /^\/(?:losses|incidents|trace|screen|ledger)?\/?$/u,
  /^\/(?:incidents|actors|published|screen|clusters)\/[^/]+\/?$/u,
  /^\/(?:address|tx)\/[^/]+\/[^/]+\/?$/u,
];

/**
 * Serves the pages beside the API, whose paths come first: files by their exact name, and for whatever a browser navigates
 * to the one document, whose program reads the path.
 */
export function servePages(app: FastifyInstance, pages: BuiltPages): void {
  app.route({
    method: [...readMethods],
    url: "/*",
    config: { operation: "pages" },
    handler: async (request, reply) => {
      const path = pathOf(request);
      const file = fileAt(pages, path);
      if (file !== undefined) return send(request, reply, { path, file });
      const document = pages.get("/index.html");
      const isPage = pagePaths.some((known) => known.test(path));
      if (path.startsWith("/v1/") || (!isPage && !wantsHtml(request))) throw nothingAt(request);
      if (document === undefined) {
        const mend = "run `npm run build:web`; the API is described at /docs";
        throw new Failure("NOT_FOUND", { what: "the pages have not been built", mend });
      }
      reply.code(isPage ? 200 : 404);
      return send(request, reply, { path: "/index.html", file: document });
    },
  });
  answerOtherMethodsBelow(app, "/*", (request) => {
    const path = pathOf(request);
    const isThere = fileAt(pages, path) !== undefined || pagePaths.some((known) => known.test(path));
    if (!isThere) throw nothingAt(request);
  });
}

/** What is said of a path at which there is nothing, by this method or by any. */
export function nothingAt({ method }: FastifyRequest): Failure {
  return new Failure("NOT_FOUND", { what: `there is no ${method} at this path`, mend: "see /docs" });
}

function pathOf({ url }: FastifyRequest): string {
  return url.split("?", 1)[0] ?? "";
}

function fileAt(pages: BuiltPages, path: string): PageFile | undefined {
  return path === "/index.html" ? undefined : pages.get(path);
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, file }: { readonly path: string; readonly file: PageFile },
): FastifyReply {
  const [name, body] = encodingOf(request.headers["accept-encoding"], file);
  const etag = `"${file.digest}${name === undefined ? "" : `-${name}`}"`;
  reply.headers({
    etag,
    vary: "accept-encoding",
    "content-security-policy": pagesPolicy,
    "cross-origin-opener-policy": "same-origin",
    // A name with a hash in it never means anything else.
    "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    "content-type": media.get(/\.(?<end>[a-z0-9]+)$/u.exec(path)?.groups?.["end"] ?? "") ?? "application/octet-stream",
  });
  if (reply.statusCode === 200 && namesWhatIsThere(request.headers["if-none-match"], etag))
    return reply.code(304).send();
  if (name !== undefined) reply.header("content-encoding", name);
  // What HEAD sends has GET's length, and no body.
  if (request.method === "HEAD") return reply.header("content-length", body.length).send();
  return reply.send(body);
}

function encodingOf(accepted: string | undefined, file: PageFile): readonly ["br" | "gzip" | undefined, Buffer] {
  const names = new Set(
    (accepted ?? "")
      .split(",")
      .filter((one) => !/;\s*q=0(?:\.0*)?\s*$/u.test(one))
      .map((one) => one.split(";", 1)[0]?.trim().toLowerCase()),
  );
  if (names.has("br") && file.brotli !== undefined) return ["br", file.brotli];
  if (names.has("gzip") && file.gzip !== undefined) return ["gzip", file.gzip];
  return [undefined, file.content];
}

function wantsHtml({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? "").includes("text/html");
}
