/** How much a server lets itself be asked. */
export type TraceLimits = {
  /** At once; more wait. */
  readonly running: number;
  readonly waiting: number;
  /** Ended traces that are kept, with their results. */
  readonly kept: number;
  /** All that is kept of one: its result, and what is read of it page by page. */
  readonly resultBytes: number;
  /** Of all that are kept together; the oldest go first. */
  readonly keptBytes: number;
  readonly seconds: number;
};

export const usualTraceLimits: TraceLimits = {
  running: 1,
  waiting: 16,
  kept: 50,
  resultBytes: 1024 * 1024 * 1024,
  keptBytes: 4 * 1024 * 1024 * 1024,
  seconds: 600,
};
