/**
 * Before all tests of the pages: one browser and one server on the demonstration's ledger, which every file of tests uses.
 * `inject("web")` says where they are.
 */
import type { TestProject } from "vitest/node";
import type { Demo } from "../../src/cli/demo/make-demo.ts";
import { startDemoInBrowser } from "./browser/demo-in-browser.ts";
import { noBrowserReason } from "./browser/launch.ts";

export type Web = {
  /** Where the browser listens for those who use it. */
  readonly browser: string;
  /** Where the server is: pages and API on the demonstration's ledger. */
  readonly url: string;
  readonly demo: Demo;
};

declare module "vitest" {
  export interface ProvidedContext {
    /** The reason where this machine can have no browser. */
    readonly web: Web | string;
  }
}

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (noBrowserReason !== undefined) {
    process.stderr.write(`skipped: tests of the pages: ${noBrowserReason}\n`);
    project.provide("web", noBrowserReason);
    return undefined;
  }
  const { browser, url, demo, close } = await startDemoInBrowser();
  project.provide("web", { browser: browser.wsEndpoint(), url, demo });
  return close;
}
