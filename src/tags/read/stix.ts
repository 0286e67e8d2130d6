import { contextDetails } from "./details.ts";
import { isObject, text, texts, type JsonDocument } from "./json-document.ts";
import type { ChainHint, TagInput, TagSink } from "./tag-input.ts";
import { confidenceOfStix, extensionId } from "../stix-words.ts";

type StixObject = Record<string, unknown> & { readonly id: string; readonly type: string };

/** Whether a JSON value is a STIX bundle. */
export function isStixBundle(value: Record<string, unknown>): boolean {
  return value["type"] === "bundle" && (value["objects"] === undefined || Array.isArray(value["objects"]));
}

/** What an object that a wallet is related to says of it. */
const meanings: Readonly<Record<string, Pick<TagInput, "category" | "abuse">>> = {
  "threat-actor": { category: "perpetrator" },
  "intrusion-set": { category: "perpetrator" },
  campaign: { category: "perpetrator" },
  malware: { abuse: "hacking" },
  tool: {},
  infrastructure: {},
  identity: {},
  incident: {},
};

/**
 * Reads a STIX 2.1 bundle: wallets that are related to a threat actor, an identity or the like; notes about wallets; and
 * indicators whose pattern names one.
 *
 * The wallet is the observable `cryptocurrency-wallet`, by its `address` or `value` (both are in use: STIX itself defines
 * none). What Fundtrail exported comes back as it was. A wallet of which nothing is said becomes a finding.
 *
 * Source: STIX 2.1, sections 4 and 5; stix2extensions for the observable
 */
export function* stixTags({ value, lineOf }: JsonDocument, sink: TagSink): Generator<TagInput> {
  const list = (value as { readonly objects?: readonly unknown[] }).objects ?? [];
  const objects = new Map(list.filter(isStixObject).map((object) => [object.id, object]));
  const about = new Set<string>();
  const bundle: Bundle = { objects, about, lineOf, sink };
  for (const object of objects.values()) if (object.type === "note") yield* noteTags(object, bundle);
  for (const object of objects.values()) {
    if (object.type === "relationship") yield* relationTags(object, bundle);
    else if (object.type === "indicator") yield* indicatorTags(object, bundle);
  }
  for (const object of objects.values()) {
    if (object.type !== "cryptocurrency-wallet" || about.has(object.id)) continue;
    sink.reject(lineOf(object.id), "no label", `nothing is said about the wallet ${addressOf(object)}`);
  }
}

type Bundle = {
  readonly objects: ReadonlyMap<string, StixObject>;
  /** Wallets of which something is said. */
  readonly about: Set<string>;
  readonly lineOf: (text: string) => number;
  readonly sink: TagSink;
};

function* noteTags(note: StixObject, bundle: Bundle): Generator<TagInput> {
  const extension = objectAt(note["extensions"], extensionId);
  for (const id of texts(note["object_refs"])) {
    const subject = subjectOf(bundle.objects.get(id), extension);
    if (subject === undefined) continue;
    bundle.about.add(id);
    const shared = sharedOf(note, bundle);
    const label = text(note["abstract"]) || text(note["content"]).slice(0, 200);
    yield { ...shared, ...(extension === undefined ? {} : ownOf(extension)), label, subject };
  }
}

function* relationTags(relation: StixObject, bundle: Bundle): Generator<TagInput> {
  const ends = [text(relation["source_ref"]), text(relation["target_ref"])];
  const [wallet, other] = [ends.find(isWallet), ends.find((id) => !isWallet(id))];
  const said = bundle.objects.get(other ?? "");
  const subject = subjectOf(bundle.objects.get(wallet ?? ""), undefined);
  if (wallet === undefined || said === undefined || subject === undefined) return;
  // A relation that an export of Fundtrail's adds for other programs repeats what its note says.
  if (objectAt(relation["extensions"], extensionId) !== undefined && bundle.about.has(wallet)) return;
  bundle.about.add(wallet);
  const meaning = Object.hasOwn(meanings, said.type) ? meanings[said.type] : undefined;
  if (meaning === undefined) return;
  const types = [...texts(said["malware_types"]), ...texts(said["labels"])];
  const abuse = types.includes("ransomware") ? "ransomware" : meaning.abuse;
  yield {
    ...sharedOf(relation, bundle, said),
    subject,
    label: text(said["name"]),
    category: meaning.category,
    abuse,
    actor: text(said["name"]),
    details: [
      ["relation", text(relation["relationship_type"])],
      ["object", said.id],
    ],
  };
}

const patternAddress = /cryptocurrency-wallet:(?:address|value)\s*=\s*'(?<address>[^'\\]{1,200})'/gu;

function* indicatorTags(indicator: StixObject, bundle: Bundle): Generator<TagInput> {
  const pattern = text(indicator["pattern"]);
  for (const { groups } of pattern.matchAll(patternAddress)) {
    const indicated = [...bundle.objects.values()].find(
      (one) =>
        one.type === "relationship" && one["relationship_type"] === "indicates" && one["source_ref"] === indicator.id,
    );
    const said = bundle.objects.get(text(indicated?.["target_ref"]));
    const meaning = said !== undefined && Object.hasOwn(meanings, said.type) ? meanings[said.type] : undefined;
    yield {
      ...sharedOf(indicator, bundle, said),
      subject: { kind: "address", text: groups?.["address"] ?? "", chain: { kind: "form" } },
      label: text(indicator["name"]) || text(said?.["name"]),
      ...meaning,
      actor: text(said?.["name"]),
      from: text(indicator["valid_from"]).slice(0, 10),
      to: text(indicator["valid_until"]).slice(0, 10),
      details: [["object", indicator.id]],
    };
  }
}

/** What a statement's own properties tell: how sure it is, when it was made, and by whom. */
function sharedOf(object: StixObject, bundle: Bundle, said?: StixObject): Omit<TagInput, "subject"> {
  const line = bundle.lineOf(object.id);
  const number = object["confidence"] ?? said?.["confidence"];
  const references = [...listOf(object["external_references"]), ...listOf(said?.["external_references"])];
  const [reference] = references;
  const author =
    bundle.objects.get(text(object["created_by_ref"])) ?? bundle.objects.get(text(said?.["created_by_ref"]));
  if (typeof number !== "number") {
    const mend = "what it says is taken in with the lowest, low";
    bundle.sink.warn(line, "the bundle gives no confidence", mend);
  }
  return {
    line,
    confidence: typeof number === "number" ? confidenceOfStix(number) : "low",
    sourceName: text(reference?.["source_name"]) || text(author?.["name"]),
    url: text(reference?.["url"]),
    date: text(object["modified"]).slice(0, 10),
  };
}

/** The fields of an exported tag. Only texts are taken: the file is anybody's. */
function ownOf(extension: Record<string, unknown>): Partial<TagInput> {
  const names = [
    "category",
    "abuse",
    "actor",
    "confidence",
    "grade",
    "sourceName",
    "url",
    "date",
    "licence",
    "from",
    "to",
    "clusterDefiner",
  ] as const;
  return {
    ...Object.fromEntries(names.map((name) => [name, text(extension[name])])),
    concepts: texts(extension["concepts"]),
    details: contextDetails(extension["details"] === undefined ? undefined : JSON.stringify(extension["details"])),
  };
}

function subjectOf(
  object: StixObject | undefined,
  extension: Record<string, unknown> | undefined,
): TagInput["subject"] | undefined {
  const code = text(extension?.["chain"]);
  const chain: ChainHint = code === "" ? { kind: "form" } : { kind: "code", code };
  switch (object?.type) {
    case "cryptocurrency-wallet":
      return { kind: "address", text: addressOf(object), chain };
    case "cryptocurrency-transaction":
      return { kind: "transaction", text: text(object["hash"]), chain };
    case "incident":
      return extension === undefined ? undefined : { kind: "incident", text: text(object["name"]) };
    default:
      return undefined;
  }
}

function addressOf(wallet: StixObject): string {
  return text(wallet["address"]) || text(wallet["value"]);
}

function isWallet(id: string): boolean {
  return id.startsWith("cryptocurrency-wallet--");
}

function isStixObject(value: unknown): value is StixObject {
  return isObject(value) && typeof value["id"] === "string" && typeof value["type"] === "string";
}

function objectAt(value: unknown, name: string): Record<string, unknown> | undefined {
  const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(found) ? found : undefined;
}

function listOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
