import { useEffect, useState, type ReactNode } from "react";
import { useText } from "../../../parts/settings.tsx";
import { stillNodes } from "../group/limits.ts";
import { words } from "../words.ts";

/** The picture where the browser draws none: an SVG of ours as an image, in which nothing can run. */
export function Still({ svg }: { readonly svg: () => string }): ReactNode {
  const { t } = useText();
  const [url, setUrl] = useState<string | undefined>(undefined);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg()], { type: "image/svg+xml" }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
    // Drawn once: what is still does not follow.
    // eslint-disable-next-line react/exhaustive-deps
  }, []);
  return (
    <div className="trace-still">
      <p>{t(words.noWebgl, { n: stillNodes })}</p>
      {url === undefined ? undefined : <img src={url} alt={t(words.canvas)} />}
    </div>
  );
}
