import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    maxWorkers: "100%",
    setupFiles: ["test/setup.ts"],
    testTimeout: 60_000,
    reporters: ["default"],
  },
});
