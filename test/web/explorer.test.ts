import { spawn } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { describePages, onPage, web } from "./pages.ts";

const deposit = "0x7f187548e72c95bfdbac5be0d65c04ef9f496a0c";
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
      await page.getByText("All 98.").waitFor();
      expect(await page.locator("tbody tr").count()).toBe(98);
      expect(await page.locator("tbody tr").nth(3).textContent()).toContain("multi-input");
    });
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
