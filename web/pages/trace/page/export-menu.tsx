import { useRef, type ReactNode } from "react";
import { errorOf } from "../../../data/answers.ts";
import { useAnnounce } from "../../../parts/live.tsx";
import { useText } from "../../../parts/settings.tsx";
import { readWork, writeWork } from "../keep/work.ts";
import { getRaw, tracePath } from "../state/raw.ts";
import { words } from "../words.ts";
import type { Bench } from "./desk.ts";
import { forms, saidOf, withCarried, type Carried, type Form } from "./carried.ts";
import { pngOf, saveFile } from "./exports.ts";

type ExportProps = {
  readonly trace: string;
  readonly digest: string;
  readonly carried: Carried;
  /** The picture as it is shown; undefined: not yet. */
  readonly svg: (() => string) | undefined;
  readonly say: (text: string) => void;
};

/** Files of a trace: the picture as it is seen, the whole flow as it is. */
export function ExportMenu({ trace, digest, carried, svg, say }: ExportProps): ReactNode {
  const { t } = useText();
  const menu = useRef<HTMLDetailsElement>(null);
  const name = (end: string): string => `fundtrail-trace-${digest.slice(0, 12)}.${end}`;
  const run = (end: string, make: () => Promise<Blob | undefined>): void => {
    menu.current?.removeAttribute("open");
    make().then(
      (blob) => {
        if (blob === undefined) say(t(words.pngLarge));
        else {
          saveFile(name(end), blob);
          say(t(words.exported, { name: name(end) }));
        }
      },
      (thrown: unknown) => {
        const error = errorOf(thrown);
        say(t(words.exportFailed, { why: error.kind === "silent" ? "" : error.detail }));
      },
    );
  };
  const whole = async (form: Form): Promise<Blob> => {
    const path = tracePath(trace, form === "json" ? "graph?whole=on" : `graph?format=${form}`);
    const text = await (await getRaw(path, AbortSignal.timeout(600_000))).text();
    return new Blob([withCarried(text, form, carried)]);
  };
  return (
    <details className="trace-menu" ref={menu}>
      <summary className="button">{t(words.exportMenu)}</summary>
      <div className="trace-menu-body">
        <p className="caption">{t(words.exportPicture)}</p>
        <button
          type="button"
          disabled={svg === undefined}
          onClick={() => run("svg", async () => Promise.resolve(new Blob([svg?.() ?? ""], { type: "image/svg+xml" })))}
        >
          SVG
        </button>
        <button
          type="button"
          disabled={svg === undefined}
          onClick={() => run("png", async () => pngOf(svg?.() ?? "", saidOf(carried)))}
        >
          PNG
        </button>
        <p className="caption">{t(words.exportAll)}</p>
        {forms.map((form) => (
          <button key={form} type="button" onClick={() => run(form, async () => whole(form))}>
            {form === "graphml" ? "GraphML" : form.toUpperCase()}
          </button>
        ))}
      </div>
    </details>
  );
}

type NotesProps = { readonly bench: Bench; readonly digest: string; readonly say: (text: string) => void };

/** Notes, groups and what is opened, as a file. */
export function NotesMenu({ bench, digest, say }: NotesProps): ReactNode {
  const { t } = useText();
  const announce = useAnnounce();
  const menu = useRef<HTMLDetailsElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const opened = async (chosen: File): Promise<void> => {
    const read = readWork(await chosen.text());
    const problems = {
      "not-json": words.notesBad,
      "not-notes": words.notesBad,
      newer: words.notesNewer,
      damaged: words.notesDamaged,
    } as const;
    const text =
      read.state === "refused" ? problems[read.problem] : read.digest === digest ? words.notesOpened : words.notesOther;
    if (read.state === "read" && read.digest === digest) bench.kept.change(() => read.work);
    menu.current?.removeAttribute("open");
    say(t(text));
    announce(t(text));
  };
  return (
    <details className="trace-menu" ref={menu}>
      <summary className="button">{t(words.notesMenu)}</summary>
      <div className="trace-menu-body">
        <button
          type="button"
          onClick={() =>
            saveFile(
              `fundtrail-notes-${digest.slice(0, 12)}.json`,
              new Blob([writeWork(bench.kept.work, digest)], { type: "application/json" }),
            )
          }
        >
          {t(words.saveNotes)}
        </button>
        <button type="button" onClick={() => file.current?.click()}>
          {t(words.openNotes)}
        </button>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label={t(words.openNotes)}
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            if (chosen !== undefined) void opened(chosen);
            event.currentTarget.value = "";
          }}
        />
      </div>
    </details>
  );
}
