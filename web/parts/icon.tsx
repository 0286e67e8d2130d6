import type { ReactNode } from "react";

const paths = {
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  check: "M3 8.5l3.5 3.5L13 4.5",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9M10.5 10.5L14 14",
  close: "M4 4l8 8M12 4l-8 8",
  sun: "M8 5a3 3 0 1 1 0 6a3 3 0 0 1 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3A5.5 5.5 0 1 0 13 9.5z",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  down: "M4 6l4 4l4-4",
  right: "M6 4l4 4l-4 4",
  stop: "M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12M4.5 8h7",
  warning: "M8 2L15 14H1zM8 6.5v3.5M8 12v.5",
} as const;

export type IconName = keyof typeof paths;

/** A small drawing beside a word, never instead of one. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
