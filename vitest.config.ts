import { defineConfig } from "vitest/config";

const shared = { setupFiles: ["test/setup.ts"], testTimeout: 60_000 };

export default defineConfig({
  test: {
    maxWorkers: "100%",
    reporters: ["default"],
    projects: [
      {
        test: {
          ...shared,
          name: "program",
          include: ["src/**/*.test.ts", "web/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["test/web/**"],
        },
      },
      {
        // In a browser: one of them, and one server, for all files. Beside a machine's other work it answers late; what is wrong
        // is wrong twice.
        test: {
          ...shared,
          name: "pages",
          include: ["test/web/**/*.test.ts"],
          globalSetup: "test/web/setup.ts",
          retry: 1,
        },
      },
    ],
  },
});
