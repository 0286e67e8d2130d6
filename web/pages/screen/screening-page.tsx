import type { ReactNode } from "react";
import { keptScreening } from "../../data/screenings.ts";
import { useAnswer } from "../../data/use-answer.ts";
import { Page } from "../../parts/page.tsx";
import { useText } from "../../parts/settings.tsx";
import { Answer } from "../../parts/states.tsx";
import { Link } from "../../routing/link.tsx";
import { withQuery } from "../../routing/routes.ts";
import { screenWords as words } from "../../text/screen-words.ts";
import "../../styles/explorer.css";
import "../../styles/screen.css";
import type { PageProps } from "../page-props.ts";
import { withView } from "./with-view.ts";

/** `/screen/SCREENING-ID`: a verdict as it was given. */
export function ScreeningPage({ params: { id = "" } }: PageProps): ReactNode {
  const { t } = useText();
  const asked = useAnswer(`screening ${id}`, async (signal) => withView(keptScreening(id, signal)));
  const again = "value" in asked ? asked.value.screening.verdict : undefined;
  return (
    <Page
      title={`${t(words.title)} ${id}`}
      heading={t(words.permanent)}
      actions={
        again === undefined ? undefined : (
          <Link
            className="button"
            to={withQuery("/screen", {
              q: again.subject.text,
              chain: again.chain ?? undefined,
              direction: again.direction,
            })}
          >
            {t(words.again)}
          </Link>
        )
      }
    >
      <Answer asked={asked} rows={14}>
        {({ screening, view: { VerdictView } }) => <VerdictView screening={screening} />}
      </Answer>
    </Page>
  );
}
