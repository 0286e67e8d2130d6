import { spawn } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import type { Page } from "playwright-core";
import type { Ingest } from "../../web/data/ledger.ts";
import { describePages, expectAccessible, onPage, web } from "./pages.ts";

const deposit = "0x7f187548e72c95bfdbac5be0d65c04ef9f496a0c";
const thief = "0xa7ff197c8a5051040de8cdfdc94968034abbad75";
const mule = "bc1qgmpef6sgj3gq0a7xgzevy8xpjv5r5xsrkyuhhj";

describePages("addresses, transactions, clusters, the ledger", () => {
  it("an address shows every tag with who says so, what contradicts what, and what it is exposed to", async () => {
    await onPage(`/address/ethereum/${deposit}`, async (page) => {
      const tags = page.getByRole("region", { name: "All tags, whoever says so" }).first();
      await tags.getByRole("row").nth(2).waitFor();
      const rows = await tags.locator("tbody tr").allTextContents();
      expect(rows[0]).toMatch(/Harbour Exchange deposit.*Fundtrail demonstration \(simulated\).*2024-07-02.*medium/u);
      expect(rows[1]).toMatch(/Payment processor.*Simulated researcher's notes.*low/u);
      expect(await page.getByText("Its tags disagree").count()).toBe(1);
      await page.getByRole("heading", { name: "Exposures" }).waitFor();
      await page.getByRole("link", { name: "← Trace back" }).waitFor();
    });
  });

  it("an address lists what came and went by dollars, the largest first, and in chain order on demand", async () => {
    await onPage(`/address/ethereum/${thief}`, async (page) => {
      const flows = page.getByRole("region", { name: "In and out" });
      await flows.getByText("Largest by dollars first; those without a price last.").waitFor();
      const dollars = async (): Promise<readonly number[]> => {
        const shown = await flows.locator("tbody .exact").evaluateAll((all) => all.map((one) => one.dataset["exact"]));
        return shown.map((one) => Number(one?.replaceAll(/[$,]/gu, "")));
      };
      const byDollars = await dollars();
      expect(byDollars.length).toBeGreaterThan(5);
      expect(byDollars).toEqual(byDollars.toSorted((left, right) => right - left));
      await flows.getByLabel("Order").selectOption("In chain order");
      await flows.getByText("In chain order.", { exact: true }).waitFor();
      const times = await flows.locator("tbody tr > :first-child").allTextContents();
      expect(times).toEqual(times.toSorted());
      expect(await dollars()).not.toEqual(byDollars);
      expect(new URL(page.url()).search).toBe("?sort=chain");
      await page.reload();
      await flows.getByText("In chain order.", { exact: true }).waitFor();
    });
  });

  it("an order over a part of very many rows is said to be one", async () => {
    await onPage(
      `/address/ethereum/${deposit}`,
      async (page) => {
        await page
          .getByText("Of the latest 5,000 the largest by dollars first; earlier ones are not among these.")
          .waitFor();
      },
      {
        before: async (page) => {
          await page.route("**/transfers?**", async (route) => {
            const answer = (await (await route.fetch()).json()) as object;
            await route.fulfill({ json: { ...answer, sorted: { rows: 5_000, isAll: false } } });
          });
        },
      },
    );
  });

  it("exposures that were not searched are unknown, with how to search them, and never none", async () => {
    const answer = { account: "", block: null, exposures: [], followed: 0 };
    const none = { gap: "index-none", what: "there is no taint index", data: {}, mend: "run fundtrail taint build" };
    const behind = { gap: "index-behind", what: "it ends earlier", data: { index: 1, ledger: 2 }, mend: null };
    const states = [
      { told: { ...answer, missing: [none] }, says: "Unknown: exposures were not searched. That does not mean clean." },
      { told: { ...answer, missing: [] }, says: "Unknown: exposures were not searched. That does not mean clean." },
      {
        told: { ...answer, followed: 9, missing: [behind] },
        says: "None found so far, but not everything could be searched. That does not mean clean.",
      },
      {
        told: { ...answer, block: { height: 700, hash: null, time: "" }, followed: 9, missing: [] },
        says: "None found to block 700: 9 thefts and entities were followed.",
      },
    ];
    for (const { told, says } of states) {
      await onPage(
        `/address/ethereum/${deposit}`,
        async (page) => {
          const panel = page.getByRole("region", { name: "Exposures" });
          await panel.getByText(says).waitFor();
          const searched = told.followed > 0;
          expect(await panel.getByText(/fundtrail taint build/u).count()).toBe(searched ? 0 : 1);
          expect(await panel.locator(".notice.unknown").count()).toBe(told.missing.length > 0 || !searched ? 1 : 0);
        },
        {
          before: async (page) =>
            void (await page.route("**/exposures", async (route) => route.fulfill({ json: told }))),
        },
      );
    }
  });

  it("a part of an address that could not be had says so, and leaves the others", async () => {
    await onPage(
      `/address/ethereum/${deposit}`,
      async (page) => {
        for (const name of ["All tags, whoever says so", "Exposures", "Balance"]) {
          await page.getByRole("region", { name }).getByRole("alert").waitFor();
        }
        await page.getByRole("region", { name: "In and out" }).locator("tbody tr").first().waitFor();
      },
      {
        before: async (page) =>
          void (await page.route(/\/(?:tags|exposures|balance)$/u, async (route) =>
            route.fulfill({
              status: 503,
              contentType: "application/problem+json",
              json: { code: "LEDGER_DAMAGED", status: 503, detail: "see the log", reason: null, values: {} },
            }),
          )),
        expected: /status of 503/u,
      },
    );
  });

  it("leads from an address by its transaction to the other side, and back", async () => {
    await onPage(`/address/bitcoin/${mule}`, async (page) => {
      await page
        .getByRole("link", { name: /^[0-9a-f]{8}/u })
        .first()
        .click();
      await page.getByRole("heading", { name: "Inputs" }).waitFor();
      await page.getByRole("link", { name: "Trace from here" }).first().waitFor();
      await page.getByRole("link", { name: /^bc1q/u }).first().click();
      await page.getByRole("heading", { name: "In and out" }).waitFor();
      expect(page.url()).not.toContain(mule);
      await page.goBack();
      await page.goBack();
      await page.getByText(mule).first().waitFor();
    });
  });

  it("a cluster shows its members with their evidence, page by page", async () => {
    await onPage(`/address/bitcoin/${mule}`, async (page) => {
      await page.getByRole("link", { name: "why?" }).click();
      await page.getByRole("heading", { level: 1, name: /Cluster of 98 addresses/u }).waitFor();
      expect(await page.locator("tbody tr").count()).toBe(50);
      await page.getByRole("button", { name: "Show more" }).click();
      await page.getByText("98 in all.").waitFor();
      expect(await page.locator("tbody tr").count()).toBe(98);
      expect(await page.locator("tbody tr").nth(3).textContent()).toContain("multi-input");
    });
  });

  it("a cluster that nothing names is told how one is named", async () => {
    for (const id of ["foo", ":x", "bitcoin:"]) {
      await onPage(`/clusters/${id}`, async (page) => {
        await page.getByText("A cluster is named by its chain and an address in it, such as bitcoin:bc1q…").waitFor();
        expect(await page.getByRole("alert").count()).toBe(0);
      });
    }
  });

  it("what the ledger has not seen is said to be unknown, not clean", async () => {
    const words = "Not in this ledger (to block 700); that does not mean clean.";
    await onPage("/address/ethereum/0x00000000219ab540356cbb839cbe05303d7705fa", async (page) => {
      await page.getByText(words).waitFor();
    });
    const txid = "f".repeat(64);
    await onPage(
      `/tx/bitcoin/${txid}`,
      async (page) => {
        await page.getByText(words).waitFor();
      },
      { expected: /status of 404/u },
    );
  });

  it("the ledger says what is loaded, to which block, and that it is simulated", async () => {
    await onPage("/ledger", async (page) => {
      await page.locator("tbody tr").first().waitFor();
      const rows = await page.locator("tbody tr").allTextContents();
      expect(rows).toHaveLength(2);
      expect(rows[0]).toMatch(/^ethereum simulated.*0–700.*2024-07-02 04:00 UTC.*known/u);
      await page.getByText("Simulated data: the ledger holds a generated chain, not a real one.").waitFor();
    });
  });

  it("the ledger tells of an ingest: how far it is, that it hangs, and why it failed, in both languages", async () => {
    const ingest: Ingest = {
      state: "running",
      chain: "bip122:000000000019d6689c085ae165831e93",
      source: "bitcoin-blk",
      started: "2026-01-01T00:00:00Z",
      updated: "2026-01-01T00:10:00Z",
      isStale: false,
      height: 620_000,
      lastHeight: 1_000_000,
      blocks: 620_001,
      transactions: 5_000_000,
      bytes: 62,
      bytesTotal: 100,
      secondsLeft: 480,
      problem: null,
    };
    const failed = { code: "SOURCE_UNAVAILABLE", title: "source unavailable" };
    let told: Ingest = ingest;
    const before = async (page: Page): Promise<void> =>
      void (await page.route("**/v1/ledger/ingest", async (route) => route.fulfill({ json: { ingest: told } })));
    await onPage(
      "/ledger",
      async (page) => {
        const progress = page.getByRole("progressbar");
        await progress.waitFor();
        expect(await progress.evaluate((one) => (one as HTMLProgressElement).value)).toBe(0.62);
        await page
          .getByText(
            "Running now: bitcoin, bitcoin-blk · 62.0% · 8 minutes left · Block 620,000 · 5,000,000 Transactions",
          )
          .first()
          .waitFor();
        await expectAccessible(page);
        // It is asked again by itself while one runs.
        told = { ...ingest, bytes: 80, isStale: true };
        await page.getByText("Not heard of for a minute.").waitFor();
        expect(await progress.evaluate((one) => (one as HTMLProgressElement).value)).toBe(0.8);
        told = { ...ingest, state: "failed", problem: failed };
        await page.getByText("The last ingest failed; what it had committed is whole: bitcoin, bitcoin-blk").waitFor();
        await page.getByText("Last progress: 2026-01-01 00:10 UTC · Block 620,000").waitFor();
        expect(await progress.count()).toBe(0);
        await expectAccessible(page);
      },
      { before },
    );
    await onPage(
      "/ledger",
      async (page) => {
        await page.getByText("取込元のノードが応答しません。 (SOURCE_UNAVAILABLE)").waitFor();
        await expectAccessible(page);
      },
      { before, locale: "ja", theme: "dark" },
    );
  });

  it("the ledger names its gaps, and how they are mended", async () => {
    await onPage(
      "/ledger",
      async (page) => {
        await page.getByText("ethereum: 101–199").waitFor();
        expect(await page.locator("tbody tr").first().locator(".chip.unknown").allTextContents()).toEqual([
          "?1",
          "?unknown in 4 blocks",
        ]);
        await expectAccessible(page);
      },
      {
        before: async (page) => {
          await page.route("**/v1/ledger", async (route) => {
            const ledger = (await (await route.fetch()).json()) as { readonly chains: readonly object[] };
            const gap = { gaps: 1, gapsAt: [{ after: 100, before: 200 }], internalUnknown: 4 };
            await route.fulfill({ json: { ...ledger, chains: ledger.chains.map((one) => ({ ...one, ...gap })) } });
          });
        },
      },
    );
  });

  it("without a ledger two commands are told that load one", async () => {
    const program = path.resolve(import.meta.dirname, "../../src/cli/run.ts");
    const child = spawn(process.execPath, [program, "serve", "--port", "0", "--log", "silent"]);
    try {
      const url = await new Promise<string>((resolve) => {
        child.stdout.on("data", (bytes: Buffer) => {
          const found = /http:\S+(?=;)/u.exec(String(bytes))?.[0];
          if (found !== undefined) resolve(found);
        });
      });
      await onPage(
        "/ledger",
        async (page) => {
          await page.getByText("No ledger is loaded").waitFor();
          const commands = await page.locator(".command code").allTextContents();
          expect(commands.map((one) => one.split(" ", 3).join(" "))).toEqual([
            "npx fundtrail ingest",
            "npx fundtrail serve",
          ]);
        },
        { url, expected: /status of 404/u },
      );
    } finally {
      child.kill();
    }
  });

  it("keeps what it has when the server goes away, says since when, and asks again on demand", async () => {
    let isDown = false;
    await onPage(
      "/ledger",
      async (page) => {
        await page.locator("tbody tr").first().waitFor();
        isDown = true;
        await page.getByRole("link", { name: "Incidents" }).first().click();
        await page.getByText("The server does not answer. Run `npm start`.").waitFor();
        // An answer of the last two seconds is not asked for again.
        await page.waitForTimeout(2_100);
        await page.getByRole("link", { name: "Ledger" }).first().click();
        await page.getByText(/^The server does not answer; shown as of \d\d:\d\d UTC\. Run `npm start`\.$/u).waitFor();
        expect(await page.locator("tbody tr").count()).toBe(2);
        isDown = false;
        await page.getByRole("button", { name: "Retry" }).click();
        await page.locator("output.stale").waitFor({ state: "detached" });
      },
      {
        before: async (page) =>
          void (await page.route("**/v1/**", async (route) => (isDown ? route.abort() : route.continue()))),
        expected: /ERR_FAILED/u,
      },
    );
  });

  it("its server keeps each request on this machine", () => {
    expect(new URL(web.url).hostname).toBe("127.0.0.1");
  });
});
