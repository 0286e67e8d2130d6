import type { ReactNode } from "react";
import type { Text } from "../text/text.ts";
import { useText } from "./settings.tsx";

/** Keys, and what each does. */
export function KeyList({ keys }: { readonly keys: readonly (readonly [key: string, text: Text])[] }): ReactNode {
  const { t } = useText();
  return (
    <dl className="keys">
      {keys.map(([key, text]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{t(text)}</dd>
        </div>
      ))}
    </dl>
  );
}
