import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begin, redo, step, undo } from "../../../web/pages/trace/keep/history.ts";
import { noWork, readWork, withNote, writeWork, type Work } from "../../../web/pages/trace/keep/work.ts";

const works: fc.Arbitrary<Work> = fc.record({
  notes: fc.dictionary(fc.string({ maxLength: 30 }), fc.string({ minLength: 1, maxLength: 50 })),
  choices: fc.record({
    opened: fc.dictionary(fc.string({ maxLength: 30 }), fc.integer({ min: 1, max: 9 })),
    collapsed: fc.array(fc.string({ maxLength: 30 })),
    grouped: fc.array(fc.string({ maxLength: 30 })),
  }),
});

describe("a file of notes", () => {
  it("comes back as it was written", () => {
    fc.assert(
      fc.property(works, fc.string(), (work, digest) => {
        expect(readWork(writeWork(work, digest))).toEqual({
          state: "read",
          work: expect.objectContaining({}) as Work,
          digest,
        });
        const back = readWork(writeWork(work, digest));
        expect(back.state === "read" ? JSON.stringify(back.work) : "").toBe(JSON.stringify(work));
      }),
    );
  });

  it("is refused whole where it is none, newer, or damaged", () => {
    const problem = (text: string): string => {
      const found = readWork(text);
      return found.state === "refused" ? found.problem : "read";
    };
    expect(problem("{")).toBe("not-json");
    expect(problem("[]")).toBe("not-notes");
    expect(problem(`{"schema":"other"}`)).toBe("not-notes");
    expect(problem(`{"schema":"fundtrail/trace-notes","version":2}`)).toBe("newer");
    expect(problem(`{"schema":"fundtrail/trace-notes","version":1}`)).toBe("damaged");
    const good = JSON.parse(writeWork(withNote(noWork, "a", "b"), "d")) as Record<string, unknown>;
    expect(problem(JSON.stringify(good))).toBe("read");
    expect(problem(JSON.stringify({ ...good, notes: { a: 1 } }))).toBe("damaged");
    expect(problem(JSON.stringify({ ...good, notes: { a: "x".repeat(5_000) } }))).toBe("damaged");
    expect(problem(JSON.stringify({ ...good, choices: { opened: { a: -1 }, collapsed: [], grouped: [] } }))).toBe(
      "damaged",
    );
    expect(problem(JSON.stringify({ ...good, choices: { opened: {}, collapsed: [1], grouped: [] } }))).toBe("damaged");
  });

  it("has no empty notes", () => {
    const work = withNote(noWork, "a", "seen before");
    expect(withNote(work, "a", "  ").notes).toEqual({});
    expect(withNote(work, "__proto__", "x").notes["__proto__"]).toBe("x");
  });
});

describe("undo", () => {
  it("takes back what was done, and redo does it again", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), fc.nat(30), (values, back) => {
        const steps = [0, ...values].filter((value, place, all) => value !== all[place - 1]);
        let history = begin(0);
        for (const value of steps.slice(1)) history = step(history, value);
        const undone = Math.min(back, steps.length - 1);
        let earlier = history;
        for (let at = 0; at < undone; at += 1) earlier = undo(earlier);
        expect(earlier.now).toBe(steps.at(-1 - undone));
        for (let at = 0; at < undone; at += 1) earlier = redo(earlier);
        expect(earlier).toEqual(history);
      }),
    );
  });

  it("forgets what was taken back when something new is done", () => {
    const history = step(undo(step(begin("a"), "b")), "c");
    expect(redo(history).now).toBe("c");
    expect(undo(history).now).toBe("a");
    expect(undo(undo(undo(history))).now).toBe("a");
  });
});
