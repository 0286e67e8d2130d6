import { useEffect, useState, type ReactNode } from "react";
import { shell } from "../text/shell-words.ts";
import { Icon } from "./icon.tsx";
import { useAnnounce } from "./live.tsx";
import { useText } from "./settings.tsx";

const shownMs = 1_500;

/** Copies a text, and says so. @param what - What a screen reader calls it; by default the text. */
export function CopyButton({ text, what = text }: { readonly text: string; readonly what?: string }): ReactNode {
  const { t } = useText();
  const announce = useAnnounce();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    const done = await copyText(text);
    setCopied(done);
    announce(t(done ? shell.copied : shell.copyFailed));
  };
  return (
    <button
      type="button"
      className="icon copy"
      aria-label={t(shell.copyThis, { what })}
      title={t(shell.copy)}
      onClick={() => void copy()}
    >
      <Icon name={isCopied ? "check" : "copy"} />
    </button>
  );
}

/** Puts a text on the clipboard. @returns Whether the browser let it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
