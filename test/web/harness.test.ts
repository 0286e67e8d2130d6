import { expect, it } from "vitest";
import { describePages, onPage, web } from "./pages.ts";

describePages("the browser", () => {
  it("shows Japanese and Latin by the fonts of npm packages, and draws WebGL", async () => {
    await onPage("/docs", async (page) => {
      await page.evaluate(() => {
        for (const [index, text] of ["被害額", "Losses"].entries()) {
          const element = document.createElement("p");
          element.id = `probe-${index}`;
          element.textContent = text;
          document.body.append(element);
        }
      });
      const session = await page.context().newCDPSession(page);
      await session.send("DOM.enable");
      await session.send("CSS.enable");
      const { root } = await session.send("DOM.getDocument", { depth: -1 });
      const fontOf = async (selector: string): Promise<readonly string[]> => {
        const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector });
        const { fonts } = await session.send("CSS.getPlatformFontsForNode", { nodeId });
        return fonts.map(({ familyName }) => familyName);
      };
      expect(await fontOf("#probe-0")).toEqual(["Noto Sans JP"]);
      expect(await fontOf("#probe-1")).toEqual(["Open Sans"]);
      const hasWebGl = await page.evaluate(() => document.createElement("canvas").getContext("webgl2") !== null);
      expect(hasWebGl).toBe(true);
    });
  });

  it("keeps sites apart and their policies in force", async () => {
    await onPage(
      "/docs",
      async (page) => {
        const answered = await page.evaluate(async (url) => {
          try {
            await fetch(url.replace("127.0.0.1", "localhost"));
            return "answered";
          } catch {
            return "refused";
          }
        }, web.url);
        expect(answered).toBe("refused");
      },
      { expected: /./u },
    );
  });

  it("fails a test whose page reports a fault", async () => {
    const faulty = onPage("/docs", async (page) => {
      await page.evaluate(
        () =>
          void setTimeout(() => {
            throw new Error("broken");
          }),
      );
      await page.waitForTimeout(50);
    });
    await expect(faulty).rejects.toThrow("broken");
  });
});
