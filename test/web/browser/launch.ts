import { chromium, type BrowserServer } from "playwright-core";
import { writeFontsFile } from "./fonts.ts";
import { unpackBrowser } from "./unpack.ts";

/** Why there can be no browser on this machine; undefined where there is one. */
export const noBrowserReason =
  process.platform === "linux" && process.arch === "x64"
    ? undefined
    : `no browser for ${process.platform} ${process.arch} in the npm package, which has Linux x64 only`;

/**
 * What Chromium is started with, besides what Playwright gives. Neither `--single-process` nor `--disable-web-security`,
 * which the package's own list has: the pages' policies are among what is tested.
 */
const launchArguments = [
  // WebGL by the processor: there is no graphics card in a test.
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  // The same letters on every machine.
  "--font-render-hinting=none",
  // Containers give little shared memory.
  "--disable-dev-shm-usage",
];

/** Starts the browser. Others connect to it by `wsEndpoint()`. */
export async function launchBrowser(): Promise<BrowserServer> {
  const unpacked = await unpackBrowser();
  return chromium.launchServer({
    executablePath: unpacked.program,
    args: launchArguments,
    // It sees these pages alone, and its sandbox can be had neither by root nor in most containers.
    chromiumSandbox: false,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [unpacked.libraries, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":"),
      FONTCONFIG_FILE: writeFontsFile(unpacked),
    },
  });
}
