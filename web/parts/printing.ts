import { useSyncExternalStore } from "react";

/** Whether the page is being put on paper: then what is opened piece by piece on a screen stands there whole. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}

const query = matchMedia("print");

function subscribe(changed: () => void): () => void {
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}
