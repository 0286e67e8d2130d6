/** One answer of a JSON-RPC node. */
export type RpcAnswer = {
  /** Undefined where it is none of ours: null, a text, missing. */
  readonly id: number | undefined;
  /** The exact JSON text of `result`; undefined where there is none. */
  readonly result: string | undefined;
  readonly error: { readonly code: number | undefined; readonly message: string } | undefined;
};

export type RpcAnswers = { readonly form: "one" | "list"; readonly answers: readonly RpcAnswer[] };

/**
 * Reads a node's answer to one request, or the list of its answers to several.
 *
 * @returns undefined where the text is no JSON, or holds something that is no answer of JSON-RPC 1 or 2.
 * Source: https://www.jsonrpc.org/specification, 5 "Response object"
 * Cost: linear; the text is read twice, once to prove that it is JSON, once to find where results begin and end.
 */
export function readAnswers(text: string): RpcAnswers | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const form = Array.isArray(parsed) ? "list" : "one";
  const values: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const starts = form === "list" ? elementStarts(text) : [text.search(/\S/u)];
  const answers: RpcAnswer[] = [];
  for (const [position, value] of values.entries()) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const { id, error } = value as { readonly id?: unknown; readonly error?: unknown };
    const hasError = error !== undefined && error !== null;
    if (!hasError && !("result" in value)) return undefined;
    answers.push({
      id: typeof id === "number" ? id : undefined,
      result: "result" in value ? memberText(text, starts[position] ?? 0, "result") : undefined,
      error: hasError ? errorOf(error) : undefined,
    });
  }
  return { form, answers };
}

function errorOf(error: unknown): NonNullable<RpcAnswer["error"]> {
  if (typeof error !== "object" || error === null) return { code: undefined, message: String(error) };
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === "number" ? code : undefined,
    message: typeof message === "string" ? message : JSON.stringify(error),
  };
}

// What follows walks over text that is proven to be JSON.

/** Where the elements of a list begin. */
function elementStarts(text: string): readonly number[] {
  const starts: number[] = [];
  let at = skipSpace(text, text.indexOf("[") + 1);
  while (at < text.length && text[at] !== "]") {
    starts.push(at);
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return starts;
}

/** The text of an object's member; of several with one name the last, as JSON.parse takes it. */
function memberText(text: string, start: number, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== "}") {
    const keyEnd = valueEnd(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, valueStart);
    if (key === name) found = text.slice(valueStart, end);
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return found;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at += 1;
  return at;
}

/** Where the value that begins here ends. */
function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first !== "{" && first !== "[") {
    const after = /[,\]}\s]/gu;
    after.lastIndex = start;
    return after.exec(text)?.index ?? text.length;
  }
  const marks = /["{}[\]]/gu;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '"') marks.lastIndex = stringEnd(text, mark.index);
    else depth += mark[0] === "{" || mark[0] === "[" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text[before] === "\\") before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return text.length;
}
