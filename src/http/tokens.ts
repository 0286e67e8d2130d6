import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Failure } from "../base/failure.ts";
import { roles, type Role } from "./contract/route.ts";

/** What is kept of a token: never the token itself. */
export type TokenEntry = {
  readonly id: string;
  /** Whose it is. */
  readonly name: string;
  readonly role: Role;
  readonly perMinute: number;
  /** ISO 8601. */
  readonly created: string;
  readonly revoked: string | null;
  readonly salt: string;
  readonly hash: string;
};

const form = /^ft_(?<id>[0-9a-f]{12})_(?<secret>[-_A-Za-z0-9]{43})$/u;

/** A new token, and what is kept of it. The text is told once, and can be found out by nobody later. */
export function makeToken(of: Pick<TokenEntry, "name" | "role" | "perMinute" | "created">): {
  readonly text: string;
  readonly entry: TokenEntry;
} {
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  const salt = randomBytes(16).toString("hex");
  return { text: `ft_${id}_${secret}`, entry: { id, ...of, revoked: null, salt, hash: keyedHash(salt, secret) } };
}

/**
 * The entry of a token; undefined where it is none, or was revoked.
 *
 * A keyed hash and no slow one: a secret is 256 random bits, which no guessing reaches however fast the hash is, and each
 * request is checked.
 */
export function entryOf(entries: ReadonlyMap<string, TokenEntry>, text: string): TokenEntry | undefined {
  const { id = "", secret = "" } = form.exec(text)?.groups ?? {};
  const entry = entries.get(id);
  if (entry === undefined) return undefined;
  const [left, right] = [Buffer.from(keyedHash(entry.salt, secret), "hex"), Buffer.from(entry.hash, "hex")];
  const isRight = left.length === right.length && timingSafeEqual(left, right);
  return isRight && entry.revoked === null ? entry : undefined;
}

/**
 * The entries of a tokens file.
 *
 * @throws {Failure} `TOKENS_INVALID`: nobody is let in by a file that cannot be read whole.
 */
export function readTokens(text: string, file: string): readonly TokenEntry[] {
  const invalid = (why: string): Failure =>
    new Failure("TOKENS_INVALID", { file, why, mend: "restore it, or remove it and create new tokens" });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw invalid("it is no JSON");
  }
  const { tokens } = (content ?? {}) as { readonly tokens?: unknown };
  if (!Array.isArray(tokens) || !tokens.every(isEntry)) throw invalid("it is no list of tokens");
  return tokens;
}

export function writeTokens(tokens: readonly TokenEntry[]): string {
  return `${JSON.stringify({ tokens }, null, 2)}\n`;
}

function isEntry(one: unknown): one is TokenEntry {
  if (typeof one !== "object" || one === null) return false;
  const { id, name, role, perMinute, created, revoked, salt, hash } = one as Readonly<Record<string, unknown>>;
  const isText = [id, name, created, salt, hash].every((text) => typeof text === "string");
  const isRevoked = revoked === null || typeof revoked === "string";
  return isText && isRevoked && roles.some((known) => known === role) && Number.isSafeInteger(perMinute);
}

function keyedHash(salt: string, secret: string): string {
  return createHmac("sha256", Buffer.from(salt, "hex")).update(secret).digest("hex");
}
