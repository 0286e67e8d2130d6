/** Losses, incidents, actors, published sets and the search box, as readers use them. */
import { describe, expect, it } from "vitest";
import type { Locator, Page } from "playwright-core";
import {
  describePages,
  expectAccessible,
  expectReflow,
  layoutShift,
  locales,
  narrow,
  onPage,
  themes,
  web,
} from "./pages.ts";

const paths = {
  losses: "/losses",
  opened: "/losses?open=JP.2018",
  nothing: "/losses?from=2011-01-01&to=2011-12-31",
  incidents: "/incidents?q=bithumb",
  incident: "/incidents/2018-01-25-coincheck",
  onChain: "/incidents/2025-02-21-bybit",
  actor: "/actors/lazarus-group",
  published: "/published/elliptic-nikkei-2023",
  unknown: "/incidents/nothing-of-the-kind",
  missing: "/no/such/page",
} as const;

const filter = (page: Page, name: string): Locator =>
  page.locator(".filters label", { hasText: new RegExp(`^${name}`, "u") }).locator("select");

/** Once everything that is asked for at first has come. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(
    () => document.querySelector("[aria-busy=true]") === null && document.querySelector("h1") !== null,
  );
}

/** What is answered with 404 is reported by the browser; these tests mean it. */
const missed = { expected: /404/u } as const;

describePages("the pages of the register", () => {
  describe.each(Object.entries(paths))("%s", (name, path) => {
    const allowed = name === "unknown" || name === "missing" ? missed : {};
    it.each(locales)("has no fault and nothing that axe finds, in both themes (%s)", async (locale) => {
      await onPage(
        path,
        async (page) => {
          await settled(page);
          for (const colorScheme of themes) {
            await page.emulateMedia({ colorScheme });
            await expectAccessible(page);
          }
          const heading = (await page.locator("h1").textContent()) ?? "";
          expect(heading.length).toBeGreaterThan(1);
          expect(await page.locator("html").getAttribute("lang")).toBe(locale);
        },
        { locale, ...allowed },
      );
    });

    it("fits into 320 pixels, and nothing moves while it loads", async () => {
      await onPage(
        path,
        async (page) => {
          await settled(page);
          await expectReflow(page);
        },
        { size: narrow, ...allowed },
      );
      await onPage(
        path,
        async (page) => {
          await settled(page);
          expect(await layoutShift(page)).toBeLessThan(0.005);
        },
        allowed,
      );
    });
  });
});

describePages("Losses", () => {
  it("says the figure, its range and its rule in both languages", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      expect(await page.locator("h1").textContent()).toBe("North Korea-linked thefts took $2.31bn, 2017–2022");
      expect(await page.locator(".rule").textContent()).toContain("range $2.06–2.92bn");
      await page.getByRole("button", { name: "日本語" }).click();
      expect(await page.locator("h1").textContent()).toBe(
        "北朝鮮を背景とする窃取の被害額は23億1,000万ドル（2017〜2022年）",
      );
      await page.reload();
      await settled(page);
      expect(await page.locator("h1").textContent()).toContain("被害額");
    });
  });

  it("keeps its filters in the address, replacing, and answers them with the API's figures", async () => {
    await onPage("/incidents", async (page) => {
      await settled(page);
      await page.getByRole("link", { name: "Losses", exact: true }).click();
      await settled(page);
      await filter(page, "From").selectOption("2020-01-01");
      await filter(page, "Confidence").selectOption("high");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("2020–2022") === true);
      await page.waitForURL((url) => url.search === "?from=2020-01-01&confidence=high");
      const answer = (await (
        await page.request.get(`${web.url}/v1/losses?from=2020-01-01&confidence=high`)
      ).json()) as { readonly total: { readonly usd: string } };
      const millions = Number(answer.total.usd) / 1_000_000;
      const total = page.locator(".losses-table tbody.total td").first();
      await expect
        .poll(async () => Number((await total.textContent())?.replaceAll(",", "")), { timeout: 30_000 })
        .toBeCloseTo(millions, 0);
      await page.goBack();
      await page.waitForURL((url) => url.pathname === "/incidents");
    });
  });

  it("opens a cell's thefts in place, and each leads to its incident and its source: three steps", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      await page
        .locator(".losses-table")
        .getByRole("button", { name: /^Japan 2018: 594\.0/u })
        .click();
      expect(new URL(page.url()).search).toBe("?open=JP.2018");
      const opened = page.locator(".opened");
      expect(await opened.getByRole("link", { name: "Coincheck" }).count()).toBe(1);
      expect(await opened.textContent()).not.toContain("Liquid");
      await opened.getByRole("link", { name: "Coincheck" }).click();
      await page.waitForURL(/2018-01-25-coincheck/u);
      await settled(page);
      expect(await page.locator(".sources a[href^='https://']").count()).toBeGreaterThan(3);
    });
  });

  it("opens by keys what the map and the bars show", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      const first = page.locator(".plot [data-open]").first();
      await first.waitFor();
      await page.locator(".plot [data-open][tabindex='0']").first().focus();
      await page.keyboard.press("ArrowRight");
      const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-open"));
      await page.keyboard.press("Enter");
      await page.waitForFunction((open) => new URLSearchParams(location.search).get("open") === open, focused);
      expect(await page.locator(".opened").count()).toBe(1);
    });
  });

  it("shows no style element within its drawings, and the same numbers as a table", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      await page.locator(".plot").first().waitFor();
      expect(await page.locator(".plot style").count()).toBe(0);
      expect(await page.locator(".plot").count()).toBe(3);
      await page.locator("details.alternative summary", { hasText: "Show as table" }).first().click();
      // It is made when it is opened.
      await page.locator("figure details[open] table").waitFor();
      expect(await page.locator("figure details[open] table tbody tr").count()).toBeGreaterThan(10);
    });
  });

  it("saves CSV, SVG and PNG, each with its options and its register", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      const saved = async (name: RegExp): Promise<Buffer> => {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name }).first().click(),
        ]);
        const chunks: Buffer[] = [];
        for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      };
      const csv = (await saved(/^CSV$/u)).toString("utf8");
      expect(csv.split("\r\n")[0]).toContain("key,label,usd");
      expect(csv).toMatch(
        /\r\nJP,Japan,691000000\.00,[^\n]*,lazarus-group,2017-01-01,2022-12-31,theft,medium,published,,[0-9a-f]{64}\r\n/u,
      );
      const svg = (await saved(/^SVG/u)).toString("utf8");
      expect(svg).toMatch(/^<\?xml[^>]*>\s*<svg[^]*<desc>[^<]*Register SHA-256 [0-9a-f]{64}/u);
      expect(svg).not.toMatch(/var\(|<style|currentColor/u);
      const png = await saved(/^PNG/u);
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      const told = png.subarray(png.indexOf("iTXtDescription"), png.indexOf("IDAT")).toString();
      expect(told).toMatch(/actor lazarus-group, 2017-01-01 to 2022-12-31.*Register SHA-256 [0-9a-f]{64}/u);
      expect(png.length).toBeGreaterThan(5_000);
    });
  });

  it("tells in its method what the published figures say of it", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      const answer = await page.request.get(`${web.url}/v1/reconciliations?confidence=medium&countryRule=published`);
      type Sets = { readonly sets: readonly { readonly figures: readonly { readonly agreement: string }[] }[] };
      const figures = ((await answer.json()) as Sets).sets.flatMap((set) => set.figures);
      const equal = figures.filter(({ agreement }) => agreement === "equal").length;
      await page.locator(".losses-table").getByRole("button", { name: "Method" }).click();
      await page.getByRole("dialog").getByText(`Beside ${figures.length} published figures`).waitFor();
      expect(await page.getByRole("dialog").textContent()).toContain(`${equal} are equal`);
    });
  });

  it("can be told apart where the system sets the colours", async () => {
    for (const theme of themes) {
      await onPage(
        "/losses",
        async (page) => {
          await settled(page);
          await page.locator(".plot").nth(2).waitFor();
          const fills = await page
            .locator(".plot [data-open]")
            .evaluateAll((parts) => parts.map((part) => getComputedStyle(part).fill));
          expect(new Set(fills).size).toBeGreaterThan(4);
          // The letters of a drawing on its own ground, not on the system's.
          const [ink, ground] = await page
            .locator(".drawing")
            .first()
            .evaluate((box) => [getComputedStyle(box).color, getComputedStyle(box).backgroundColor]);
          const expected = {
            light: ["rgb(22, 27, 34)", "rgb(255, 255, 255)"],
            dark: ["rgb(232, 236, 241)", "rgb(24, 30, 38)"],
          };
          expect([ink, ground]).toEqual(expected[theme]);
          const lines = await page
            .locator(".nav nav a")
            .evaluateAll((links) => links.map((link) => getComputedStyle(link).borderBottomColor));
          expect(lines.filter((line) => line === lines[0]).length).toBe(1);
        },
        { theme, context: { forcedColors: "active" } },
      );
    }
  });

  it("names the filter to drop where nothing fits", async () => {
    await onPage(paths.nothing, async (page) => {
      await settled(page);
      expect(await page.locator(".empty .lead").textContent()).toBe("No theft fits these filters.");
      await page.getByRole("button", { name: "Drop “From–To”" }).click();
      await page.locator(".losses-table").waitFor();
    });
  });

  it("keeps the last table with its time when the server is gone", async () => {
    await onPage(
      "/losses",
      async (page) => {
        await settled(page);
        await page.route("**/v1/**", async (route) => route.abort());
        await filter(page, "Value").selectOption("now");
        await page.getByText("The server does not answer").first().waitFor();
        expect(await page.locator(".losses-table tbody tr").count()).toBeGreaterThan(5);
      },
      { expected: /ERR_FAILED/u },
    );
  });
});

describePages("an incident", () => {
  it("shows text from the register as text, whatever it holds", async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script>';
    await onPage(
      paths.incident,
      async (page) => {
        await settled(page);
        expect(await page.locator("h1").textContent()).toBe(hostile);
        expect(await page.locator("h1 img, h1 script").count()).toBe(0);
        expect(await page.locator("a[href^='javascript:']").count()).toBe(0);
        expect(await page.getByText("A source").count()).toBeGreaterThan(0);
      },
      {
        before: async (page) => {
          await page.route("**/v1/incidents/2018-01-25-coincheck", async (route) => {
            const answer = await route.fetch();
            const incident = (await answer.json()) as Record<string, unknown> & { victim: Record<string, unknown> };
            incident.victim["name"] = hostile;
            incident["sources"] = { a: { name: "A source", url: "javascript:alert(1)" } };
            await route.fulfill({ response: answer, json: incident });
          });
        },
      },
    );
  });

  it("of the simulated ledger says so, and leads to its trace", async () => {
    await onPage("/incidents?q=simulated", async (page) => {
      await settled(page);
      expect(await page.locator("tbody .chip.simulated").count()).toBe(1);
      await page.locator("tbody a").first().click();
      await settled(page);
      expect(await page.locator(".facts .chip.simulated").count()).toBe(1);
      expect(await page.getByRole("link", { name: "Trace" }).count()).toBeGreaterThan(0);
    });
  });

  it("copies an address whole", async () => {
    await onPage(
      paths.onChain,
      async (page) => {
        await settled(page);
        await page.getByRole("button", { name: "Copy 0x47666Fab8bd0Ac7003bce3f5C3585383F09486E2" }).click();
        expect(await page.evaluate(async () => navigator.clipboard.readText())).toBe(
          "0x47666Fab8bd0Ac7003bce3f5C3585383F09486E2",
        );
      },
      { context: { permissions: ["clipboard-read", "clipboard-write"] } },
    );
  });
});

describePages("the search box", () => {
  it("is reached by / and by Ctrl K, opens the one exact hit, and gives the focus back", async () => {
    await onPage("/incidents", async (page) => {
      await settled(page);
      await page.keyboard.press("/");
      await page.keyboard.type("2018-01-25-coincheck");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/incidents\/2018-01-25-coincheck$/u);
      await settled(page);
      const link = page.locator("main a").first();
      await link.focus();
      await page.keyboard.press("Control+k");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
      await page.keyboard.press("Escape");
      expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    });
  });

  it("lists what is alike, by arrows, and offers to screen what is not found", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      await page.keyboard.press("/");
      await page.keyboard.type("lazarus");
      await page.locator(".choice").first().waitFor();
      await page.keyboard.press("ArrowDown");
      expect(await page.locator("[role=option][aria-selected=true]").count()).toBe(1);
      await expectAccessible(page);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/(?:actors|incidents)\//u);
      await page.keyboard.press("/");
      await page.keyboard.type("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx");
      await page.locator(".choice").first().waitFor();
      expect(await page.locator(".choice").first().textContent()).toMatch(/checksum|Screen/u);
    });
  });

  it("keeps what is typed while the page that was gone to is still to come", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      let deliver = (): void => undefined;
      const asked = new Promise<void>((resolve) => void (deliver = resolve));
      await page.route(/incident-page.*\.js/u, async (route) => {
        await asked;
        await route.continue();
      });
      await page.keyboard.press("/");
      await page.keyboard.type("2018-01-25-coincheck");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/incidents\//u);
      await page.keyboard.press("/");
      await page.keyboard.type("laza");
      deliver();
      await page.locator("main h1").waitFor();
      await page.keyboard.type("rus");
      expect(await page.locator("input[type=search]").inputValue()).toBe("lazarus");
    });
  });

  it("takes many lines as a list to screen, and puts none of them into an address", async () => {
    await onPage(
      "/losses",
      async (page) => {
        await settled(page);
        await page.keyboard.press("/");
        await page.evaluate(async () => navigator.clipboard.writeText("first-line\nsecond-line\n\nthird-line\n"));
        await page.keyboard.press("Control+v");
        expect(await page.locator(".choice").textContent()).toContain("Screen 3 items");
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/screen$/u);
        expect(page.url()).not.toContain("line");
      },
      { context: { permissions: ["clipboard-read", "clipboard-write"] } },
    );
  });

  it("does not hear single keys once they are turned off", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      await page.keyboard.press("?");
      await page.getByRole("checkbox").uncheck();
      await page.keyboard.press("Escape");
      await page.keyboard.press("/");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).not.toBe("search");
    });
  });
});

describePages("the frame", () => {
  it("keeps the theme that was chosen, from the first frame on", async () => {
    await onPage("/incidents", async (page) => {
      await settled(page);
      await page.getByRole("button", { name: /^Theme/u }).click();
      await page.getByRole("button", { name: /^Theme/u }).click();
      expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
      await page.reload({ waitUntil: "commit" });
      await page.waitForFunction(() => document.documentElement.dataset["theme"] === "dark");
      const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      expect(background).toBe("rgb(15, 19, 24)");
    });
  });

  it("is opened by a link of another site, whose scripts get nothing of it", async () => {
    const elsewhere = web.url.replace("127.0.0.1", "localhost");
    await onPage(
      "/incidents",
      async (page) => {
        await page.goto(`${elsewhere}/docs`);
        const got = await page.evaluate(
          async (url) =>
            Promise.all(
              ["/v1/actors", "/incidents"].map(async (path) => {
                const answer = await fetch(`${url}${path}`, { mode: "no-cors" });
                return answer.type === "opaque" ? "opaque" : "read";
              }),
            ).catch(() => "refused"),
          web.url,
        );
        expect(got).toBe("refused");
        await page.evaluate((to) => {
          const link = document.createElement("a");
          link.href = to;
          link.textContent = "See this theft";
          document.body.prepend(link);
        }, `${web.url}/incidents/2018-01-25-coincheck`);
        await page.getByRole("link", { name: "See this theft" }).click();
        await page.locator(".figures").waitFor();
        expect(await page.locator("h1").textContent()).toBe("Coincheck");
      },
      // What the foreign page does is reported, and meant.
      { expected: /localhost|ERR_BLOCKED|421|Content Security Policy|Failed to fetch/u },
    );
  });

  it("skips to the content, and begins each page at its heading", async () => {
    await onPage("/losses", async (page) => {
      await settled(page);
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
      await page.getByRole("link", { name: "Incidents", exact: true }).click();
      await settled(page);
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
      expect(await page.title()).toBe("Incidents · Fundtrail");
    });
  });
});
