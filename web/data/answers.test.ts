import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "./api.ts";
import { answered, askAgain, errorOf, onTokenWanted, watch } from "./answers.ts";

afterEach(() => vi.useRealTimers());

const settled = async (): Promise<void> => new Promise((resolve) => void setTimeout(resolve));
let number = 0;
const newKey = (): string => `question ${(number += 1)}`;

function problem(status: number): ApiProblem {
  return new ApiProblem({
    type: "",
    title: "",
    status,
    code: "TOKEN_REFUSED",
    detail: "a token is required",
    reason: null,
    values: {},
    instance: "1",
  });
}

describe("an answer", () => {
  it("is loading, then ready, and its listeners are told", async () => {
    const key = newKey();
    const told = vi.fn<() => void>();
    const stop = watch(key, async () => 1, told);
    expect(answered(key)).toEqual({ state: "loading" });
    await settled();
    expect(answered(key)).toMatchObject({ state: "ready", value: 1 });
    expect(told).toHaveBeenCalledTimes(1);
    stop();
  });

  it("stays, with its time, when asking again fails", async () => {
    const key = newKey();
    const stop = watch(
      key,
      async () => "first",
      () => undefined,
    );
    await settled();
    const { at } = answered<string>(key) as { readonly at: number };
    await askAgain(key, async () => Promise.reject(new TypeError("fetch failed")));
    expect(answered(key)).toEqual({ state: "stale", value: "first", at, error: { kind: "silent" } });
    await askAgain(key, async () => "second");
    expect(answered(key)).toMatchObject({ state: "ready", value: "second" });
    stop();
  });

  it("that never came has failed, and is asked again by whoever looks next", async () => {
    const key = newKey();
    const stop = watch(
      key,
      async () => Promise.reject(new Error("broken")),
      () => undefined,
    );
    await settled();
    expect(answered(key)).toEqual({ state: "failed", error: { kind: "fault", detail: "broken" } });
    stop();
    const again = watch(
      key,
      async () => 2,
      () => undefined,
    );
    await settled();
    expect(answered(key)).toMatchObject({ state: "ready", value: 2 });
    again();
  });

  it("that nobody waits for any more is not waited for", async () => {
    const key = newKey();
    let signal: AbortSignal | undefined;
    const stop = watch(
      key,
      async (given) => new Promise(() => void (signal = given)),
      () => undefined,
    );
    stop();
    expect(signal?.aborted).toBe(true);
    expect(answered(key)).toEqual({ state: "loading" });
  });

  it("that comes late does not replace a later question's", async () => {
    const key = newKey();
    let late: (value: string) => void = () => undefined;
    const stop = watch(
      key,
      async () => new Promise<string>((resolve) => void (late = resolve)),
      () => undefined,
    );
    await askAgain(key, async () => "new");
    late("old");
    await settled();
    expect(answered(key)).toMatchObject({ value: "new" });
    stop();
  });

  it("is asked once for all who look", async () => {
    const key = newKey();
    const ask = vi.fn<() => Promise<number>>(async () => 1);
    const stops = [watch(key, ask, () => undefined), watch(key, ask, () => undefined)];
    await settled();
    watch(key, ask, () => undefined)();
    expect(ask).toHaveBeenCalledTimes(1);
    for (const stop of stops) stop();
  });

  it("that wants a token says so", async () => {
    const wanted = vi.fn<() => void>();
    const forget = onTokenWanted(wanted);
    const stop = watch(
      newKey(),
      async () => Promise.reject(problem(401)),
      () => undefined,
    );
    await settled();
    expect(wanted).toHaveBeenCalledTimes(1);
    expect(errorOf(problem(429))).toMatchObject({ kind: "problem", status: 429, detail: "a token is required" });
    forget();
    stop();
  });
});
