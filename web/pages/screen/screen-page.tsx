import { useState, type ReactNode } from "react";
import { useSimulated } from "../../data/ledger.ts";
import { usePasted } from "../../data/pasted-list.ts";
import { screenOne, type ScreeningAsked } from "../../data/screenings.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer, EmptyState } from "../../parts/states.tsx";
import { Link } from "../../routing/link.tsx";
import { push, useQuery } from "../../routing/history.ts";
import { withQuery } from "../../routing/routes.ts";
import { screenWords as words } from "../../text/screen-words.ts";
import "../../styles/explorer.css";
import "../../styles/screen.css";
import { samples } from "./samples.ts";
import { directions, ScreenForm, type FormValues } from "./screen-form.tsx";
import { subjectsIn } from "./subjects.ts";
import { ListResults } from "./lazy-list.tsx";
import { withView } from "./with-view.ts";

type List = { readonly values: FormValues; readonly subjects: readonly string[]; readonly number: number };

/** `/screen`: is it stolen, says who, by which path. A list is kept by the page alone, never in its address. */
export function ScreenPage(): ReactNode {
  const { t } = useText();
  const query = useQuery();
  const [list, setList] = useState<List | undefined>(undefined);
  const subject = query.get("q") ?? "";
  const chain = query.get("chain");
  const direction = directions.find((one) => one === query.get("direction")) ?? "deposit";
  const isList = list !== undefined && subject === "";
  const pasted = usePasted();
  const [taken, setTaken] = useState<readonly string[] | undefined>(undefined);
  if (pasted !== undefined && pasted !== taken) {
    setTaken(pasted);
    const text = pasted.join("\n");
    setList({
      values: { text, chain: undefined, direction },
      subjects: subjectsIn(text),
      number: (list?.number ?? 0) + 1,
    });
  }
  const onScreen = (values: FormValues, subjects: readonly string[]): void => {
    const [first, ...others] = subjects;
    if (others.length === 0) {
      setList(undefined);
      push(withQuery("/screen", { q: first, chain: values.chain, direction: values.direction }));
      return;
    }
    if (subject !== "") push("/screen");
    setList((before) => ({ values, subjects, number: (before?.number ?? 0) + 1 }));
  };
  const values = isList ? list.values : { text: subject, chain, direction };
  return (
    <Page title={t(words.title)}>
      <ScreenForm values={values} onScreen={onScreen} />
      {subject !== "" ? (
        <One subject={subject} chain={chain} direction={direction} />
      ) : isList ? (
        <ListResults
          key={list.number}
          subjects={list.subjects}
          chain={list.values.chain}
          direction={list.values.direction}
        />
      ) : (
        <Start />
      )}
    </Page>
  );
}

function One(asked: ScreeningAsked): ReactNode {
  const { subject, chain, direction } = asked;
  const answer = useAnswer(`screening ${direction} ${chain ?? ""} ${subject}`, async (signal) =>
    withView(screenOne(asked, signal)),
  );
  return (
    <Answer asked={answer} rows={14}>
      {({ screening, view: { VerdictView } }) => <VerdictView screening={screening} />}
    </Answer>
  );
}

/** Before anything was asked: what can be, with samples where the ledger is the simulated one. */
function Start(): ReactNode {
  const { t } = useText();
  const isSimulated = useSimulated();
  return (
    <EmptyState title={t(words.startTitle)}>
      <p className="reading">{t(words.startNote)}</p>
      {isSimulated ? (
        <>
          <h2>{t(words.samples)}</h2>
          <p className="caption">{t(words.samplesNote)}</p>
          <ul className="samples">
            {samples.map(({ subject, chain, text }) => (
              <li key={subject}>
                <Link to={withQuery("/screen", { q: subject, chain, direction: "deposit" })}>{t(words[text])}</Link>{" "}
                <code>{subject}</code>
              </li>
            ))}
          </ul>
        </>
      ) : undefined}
    </EmptyState>
  );
}
