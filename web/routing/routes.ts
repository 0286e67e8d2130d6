/** The pages and their paths. Names of queries are the command line's. */
export const pageNames = [
  "losses",
  "incidents",
  "incident",
  "actor",
  "published",
  "trace",
  "screen",
  "screening",
  "address",
  "transaction",
  "cluster",
  "ledger",
] as const;
export type PageName = (typeof pageNames)[number];

/** A page and the parts of its path, decoded. */
export type Place = { readonly page: PageName | "missing"; readonly params: Readonly<Record<string, string>> };

const patterns: readonly (readonly [PageName, string])[] = [
  ["losses", "/"],
  ["losses", "/losses"],
  ["incidents", "/incidents"],
  ["incident", "/incidents/:id"],
  ["actor", "/actors/:id"],
  ["published", "/published/:id"],
  ["trace", "/trace"],
  ["screen", "/screen"],
  ["screening", "/screen/:id"],
  ["address", "/address/:chain/:address"],
  ["transaction", "/tx/:chain/:txid"],
  ["cluster", "/clusters/:id"],
  ["ledger", "/ledger"],
];

/** The page of a path. */
export function placeOf(path: string): Place {
  const parts = path.replace(/\/+$/u, "").split("/").slice(1);
  for (const [page, pattern] of patterns) {
    const wanted = pattern.replace(/\/+$/u, "").split("/").slice(1);
    const params = match(wanted, parts);
    if (params !== undefined) return { page, params };
  }
  return { page: "missing", params: {} };
}

function match(wanted: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const given = decoded(parts[index] ?? "");
    if (part.startsWith(":") ? given === undefined || given === "" : given !== part) return undefined;
    if (part.startsWith(":")) params[part.slice(1)] = given ?? "";
  }
  return params;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** A path from its parts, each of which is text: `pathTo("address", "bitcoin", "1A…")`. */
export function pathTo(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

/** Where things have their page. */
export const paths = {
  incident: (id: string) => pathTo("incidents", id),
  actor: (id: string) => pathTo("actors", id),
  published: (id: string) => pathTo("published", id),
  screening: (id: string) => pathTo("screen", id),
  address: (chain: string, address: string) => pathTo("address", chain, address),
  transaction: (chain: string, txid: string) => pathTo("tx", chain, txid),
  cluster: (id: string) => pathTo("clusters", id),
} as const;

/** A path with its query; what is undefined or empty is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? "") !== "");
  const text = new URLSearchParams(given).toString();
  return text === "" ? path : `${path}?${text}`;
}
