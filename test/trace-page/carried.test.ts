import fc from "fast-check";
import { parse } from "csv-parse/sync";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { csvCell, withCarried, type Carried } from "../../web/pages/trace/page/carried.ts";

const carriedOf = (origin: string): Carried => ({
  origin,
  policy: "fifo",
  stops: "services named by tags",
  tip: "700",
  digest: "ab12",
  simulated: true,
});

describe("a cell of CSV", () => {
  it("comes back as it was, but for a quote before what a spreadsheet would run", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const [[cell] = []] = parse(`${csvCell(text)},end\r\n`, { bom: false, record_delimiter: "\r\n" });
        expect(cell).toBe(/^[=+\-@\t\r]/u.test(text) ? `'${text}` : text);
      }),
    );
  });
  it("is guarded against formulas", () => {
    expect(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "plain"].map((text) => csvCell(text)[0])).toEqual([
      "'",
      "'",
      "'",
      "'",
      "'",
      "p",
    ]);
  });
});

describe("what an export carries", () => {
  it("stands in each form, and leaves it whole", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (origin) => {
        const carried = carriedOf(origin);
        const json = JSON.parse(withCarried('{"nodes":[]}', "json", carried)) as { readonly carried: Carried };
        expect(json.carried).toEqual(JSON.parse(JSON.stringify(carried)));
        for (const [form, head] of [
          ["graphml", "<graphml xmlns='a'></graphml>"],
          ["gexf", "<gexf xmlns='a'></gexf>"],
        ] as const) {
          let text = "";
          const parser = new SaxesParser();
          parser.on("text", (piece) => {
            text += piece;
          });
          parser.on("error", (error) => {
            throw error;
          });
          parser.write(withCarried(head, form, carried)).close();
          expect(text).toContain("policy: fifo");
          expect(text).toContain("simulated: true");
        }
      }),
    );
  });
  it("is a column of each row of CSV", () => {
    const text = withCarried("source,target\na,b\nc,d\n", "csv", carriedOf("=evil"));
    expect(text).toBe(
      "source,target,origin,policy,stops,tip,digest,simulated\na,b,'=evil,fifo,services named by tags,700,ab12,true\nc,d,'=evil,fifo,services named by tags,700,ab12,true\n",
    );
  });
});
