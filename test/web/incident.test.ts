/** What an incident's page says of the chain: where the funds went, and what the theft's transactions really took. */
import { expect, it } from "vitest";
import type { Page } from "playwright-core";
import { describePages, expectAccessible, expectReflow, locales, narrow, onPage, themes, web } from "./pages.ts";

const simulated = "/incidents/2024-06-10-simulated-northwind";
type Json = Record<string, unknown>;

/** Answers a path with what `change` makes of the server's own answer. */
async function altered(page: Page, path: RegExp, change: (json: Json) => void): Promise<void> {
  await page.route(path, async (route) => {
    const response = await route.fetch();
    const json = (await response.json()) as Json;
    change(json);
    await route.fulfill({ response, json });
  });
}

async function refused(page: Page, code: string, status: number): Promise<void> {
  await page.route(/\/v1\/traces$/u, async (route) =>
    route.fulfill({
      status,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "", title: code, status, code, detail: "<b>said by the server</b>", instance: "" }),
    }),
  );
}

/** The rows of a table by their first cell. */
async function rowsOf(page: Page, caption: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = await page
    .getByRole("group", { name: caption })
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())));
  return Object.fromEntries(rows.map(([first = "", ...rest]) => [first, rest]));
}

describePages("where a theft's funds went", () => {
  it("is what the trace of the theft says, part by part", async () => {
    await onPage(simulated, async (page) => {
      await page.locator(".flow-bar").nth(1).waitFor();
      const body = { chain: "ethereum", incident: "2024-06-10-simulated-northwind" };
      const started = await page.request.post(`${web.url}/v1/traces`, { data: body });
      const { id } = (await started.json()) as { readonly id: string };
      type Result = Readonly<
        Record<"holdings" | "exits", readonly { amount: string; category?: string; asset: string }[]>
      >;
      let result: Result | undefined;
      await expect
        .poll(async () => {
          const answer = await page.request.get(`${web.url}/v1/traces/${id}/result`);
          if (answer.ok()) result = (await answer.json()) as Result;
          return answer.ok();
        })
        .toBe(true);
      // All of it has become one asset by then, so that shares of the amount are shares of the value.
      const ends = [...(result?.exits ?? []), ...(result?.holdings ?? [])];
      expect(new Set(ends.map(({ asset }) => asset)).size).toBe(1);
      const sum = (list: readonly { readonly amount: string }[]): number =>
        list.reduce((total, { amount }) => total + Number(amount), 0);
      const rows = await rowsOf(page, "Where it went: Ethereum");
      for (const [name, category] of [
        ["exchange", "exchange"],
        ["mixer", "mixing_service"],
        ["bridge", "defi_bridge"],
      ] as const) {
        const share = sum((result?.exits ?? []).filter((one) => one.category === category)) / sum(ends);
        expect([name, rows[name]?.[1]]).toEqual([name, `${(share * 100).toFixed(1)}%`]);
      }
      expect(rows["rests, not moved on"]?.[1]).toBe(`${((sum(result?.holdings ?? []) / sum(ends)) * 100).toFixed(1)}%`);
      await page.getByRole("link", { name: "Follow it in the trace" }).first().click();
      await page.waitForURL(/\/trace\?incident=2024-06-10-simulated-northwind&chain=ethereum/u);
    });
  });

  it("comes behind the page's first view, and moves nothing of it", async () => {
    let deliver = (): void => undefined;
    const asked = new Promise<void>((resolve) => void (deliver = resolve));
    await onPage(
      simulated,
      async (page) => {
        await page.getByText("Following the funds on Ethereum…").waitFor();
        const top = async (): Promise<number | undefined> =>
          (await page.getByRole("heading", { name: "On chain", exact: true }).boundingBox())?.y;
        const before = await top();
        deliver();
        await page.locator(".flow-bar").nth(1).waitFor();
        expect(await top()).toBe(before);
      },
      {
        before: async (page) => {
          await page.route(/\/v1\/traces$/u, async (route) => {
            await asked;
            await route.continue();
          });
        },
      },
    );
  });

  it("says what is unknown, and never shows it as 0", async () => {
    const unpriced = (json: Json): void => {
      const usd = json["usd"] as { readonly assets: Json[] };
      for (const one of usd.assets) {
        for (const part of ["origin", "holdings", "exits", "fees"]) {
          one[part] = { atTheft: null, unpriced: { atTheft: [{ asset: one["asset"], amount: "1" }] } };
        }
      }
    };
    await onPage(
      simulated,
      async (page) => {
        await page.locator(".flow-bar").nth(1).waitFor();
        const rows = await rowsOf(page, "Where it went: Bitcoin");
        expect(rows["Followed"]?.[0]).toBe("?unknown");
        expect(rows["exchange"]?.[0]).toBe("?unknown");
        // One asset: by amount the shares are still known.
        expect(rows["exchange"]?.[1]).toBe("29.7%");
        expect(await page.locator(".flow").nth(1).textContent()).not.toMatch(/\$0\b/u);
      },
      { before: async (page) => altered(page, /\/v1\/traces\/[^/]+\/summary$/u, unpriced) },
    );
  });

  it("says that it was not followed to its end, and how much of it", async () => {
    const cut = (json: Json): void => {
      const [first] = json["assets"] as { readonly asset: string; readonly holdings: string }[];
      const amount = String(BigInt(first?.holdings ?? "0") / 2n);
      json["limits"] = [{ limit: "budget", asset: first?.asset, amount, count: 3 }];
    };
    await onPage(
      simulated,
      async (page) => {
        await page.getByText("Only the first 50,000 transactions were followed").first().waitFor();
        const rows = await rowsOf(page, "Where it went: Bitcoin");
        expect(rows["not followed further"]?.[1]).toBe("31.5%");
        expect(rows["not followed further"]?.[2]).toBe("?unknown");
        expect(rows["rests, not moved on"]?.slice(1, 3)).toEqual(["31.5%", "?unknown"]);
        await expectAccessible(page);
      },
      { before: async (page) => altered(page, /\/v1\/traces\/[^/]+\/summary$/u, cut) },
    );
  });

  it.each([
    ["ROLE_MISSING", 403, "Following it takes a token of the role “screen”", "screenロールのトークン"],
    ["RESULT_TOO_LARGE", 409, "Too large to be followed on this page", "規模が大きすぎます"],
    [
      "USAGE",
      400,
      "None of the theft transactions is in the ledger of Ethereum (to block 700)",
      "台帳（ブロック700まで）に",
    ],
    ["SERVER_BUSY", 503, "Other traces are running", "他の追跡を実行中"],
  ])("says why it is not shown: %s", async (code, status, english, japanese) => {
    for (const [locale, text] of [
      ["en", english],
      ["ja", japanese],
    ] as const) {
      await onPage(
        simulated,
        async (page) => {
          await page.getByText(text).first().waitFor();
          expect(await page.locator(".flow-bar").count()).toBe(0);
          expect(await page.locator(".flow b").count()).toBe(0);
        },
        { locale, expected: /status of/u, before: async (page) => refused(page, code, status) },
      );
    }
  });

  it("asks nothing where no chain of the theft is in the ledger, and holds made-up chains for no real ones", async () => {
    const asked: string[] = [];
    await onPage(
      "/incidents/2025-02-21-bybit",
      async (page) => {
        await page.getByText("The ledger does not hold Ethereum").waitFor();
        expect(asked).toEqual([]);
      },
      {
        before: async (page) => {
          page.on("request", (request) => {
            if (request.url().includes("/v1/traces")) asked.push(request.url());
          });
        },
      },
    );
  });
});

describePages("an incident verified on its page", () => {
  it("shows by transaction what left and its worth, which sum to what the API says", async () => {
    await onPage(simulated, async (page) => {
      await page.getByRole("button", { name: "Verify" }).click();
      const rows = await rowsOf(page, "By transaction");
      expect(Object.keys(rows).length).toBe(3);
      const answer = await page.request.get(`${web.url}/v1${simulated}/verify`);
      const { usd } = (await answer.json()) as { readonly usd: string };
      const sum = Object.values(rows).reduce((total, row) => total + Number((row[4] ?? "").replaceAll(",", "")), 0);
      expect(sum.toFixed(2)).toBe(usd);
      expect(await page.locator(".verified .chip").first().textContent()).toBe("agrees");
      expect((await rowsOf(page, "What left, by asset"))["ETH"]?.slice(0, 3)).toEqual(["9,400 ETH", "9,400 ETH", "0"]);
      expect(await page.evaluate(() => document.activeElement?.className)).toBe("verified");
    });
  });

  const states: readonly (readonly [name: string, change: (json: Json) => void, en: string, ja: string])[] = [
    [
      "differs",
      (json) => {
        const [first] = json["assets"] as Json[];
        if (first !== undefined) [first["registered"], first["difference"]] = ["40000000000", "1000000000"];
      },
      "What left the victim is not what the register says.",
      "事案台帳の記載と異なります",
    ],
    [
      "partly",
      (json) => {
        const [chain] = json["chains"] as Json[];
        if (chain !== undefined) chain["missing"] = ["ab".repeat(32)];
        json["complete"] = false;
      },
      "at least $64.5m",
      "少なくとも6,450万ドル",
    ],
    [
      "no price",
      (json) => {
        for (const asset of json["assets"] as Json[])
          [asset["usd"], asset["prices"], asset["unpriced"]] = [null, [], 1];
        [json["usd"], json["complete"]] = [null, false];
      },
      "Value unknown: no price of those days.",
      "評価額不明：当日の価格がありません。",
    ],
    [
      "unseen",
      (json) => {
        for (const chain of json["chains"] as Json[])
          [chain["missing"], chain["transactions"]] = [["ab".repeat(32)], []];
        [json["usd"], json["assets"], json["complete"]] = [null, [], false];
      },
      "None of the theft transactions is in the ledger: what they took is unknown.",
      "窃取された数量は不明です",
    ],
  ];
  it.each(states)("says what it cannot say: %s", async (_, change, english, japanese) => {
    for (const [locale, text] of [
      ["en", english],
      ["ja", japanese],
    ] as const) {
      await onPage(
        simulated,
        async (page) => {
          await page.getByRole("button", { name: locale === "en" ? "Verify" : "検証" }).click();
          await page.locator(".verified").getByText(text).first().waitFor();
          expect(await page.locator(".verified .chip.unknown").count()).toBeGreaterThan(0);
          expect(await page.locator(".verified").textContent()).not.toMatch(/\$0\b/u);
          await expectAccessible(page);
        },
        {
          locale,
          theme: locale === "en" ? "light" : "dark",
          before: async (page) => altered(page, /\/verify$/u, change),
        },
      );
    }
  });

  it("has no button where the register names no transaction", async () => {
    await onPage("/incidents/2018-01-25-coincheck", async (page) => {
      await page.locator(".figures").waitFor();
      expect(await page.getByRole("button", { name: "Verify" }).count()).toBe(0);
    });
  });

  it.each(locales)("is accessible in both themes, and fits into 320 pixels (%s)", async (locale) => {
    const open = async (page: Page): Promise<void> => {
      await page.locator(".flow-bar").nth(1).waitFor();
      await page.locator("button[aria-expanded=false]").first().click();
      await page.locator(".verified table").nth(1).waitFor();
    };
    await onPage(
      simulated,
      async (page) => {
        await open(page);
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme });
          await expectAccessible(page);
        }
      },
      { locale },
    );
    await onPage(
      simulated,
      async (page) => {
        await open(page);
        await expectReflow(page);
      },
      { locale, size: narrow },
    );
  });
});
