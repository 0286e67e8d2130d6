import { lazy, Suspense, useEffect, useRef, useState, type ComponentType, type ReactNode } from "react";
import { onTokenWanted } from "../data/answers.ts";
import { useSimulated } from "../data/ledger.ts";
import { LiveRegion } from "../parts/live.tsx";
import { Boundary, Loading } from "../parts/states.tsx";
import { SettingsProvider, useText } from "../parts/settings.tsx";
import { usePlace } from "../routing/history.ts";
import type { PageName, Place } from "../routing/routes.ts";
import { shell } from "../text/shell-words.ts";
import { usePageKeys } from "../parts/keys.ts";
import type { PageProps } from "../pages/page-props.ts";
import { HelpDialog } from "./help.tsx";
import { Missing } from "./missing.tsx";
import { Nav } from "./nav.tsx";
import { PrintFoot } from "./print-foot.tsx";
import { TokenDialog } from "./token-dialog.tsx";

/** Each page comes when it is first looked at. */
const pages: Readonly<Record<PageName, ComponentType<PageProps>>> = {
  losses: lazy(async () => ({ default: (await import("../pages/losses/losses-page.tsx")).LossesPage })),
  incidents: lazy(async () => ({ default: (await import("../pages/incidents/incidents-page.tsx")).IncidentsPage })),
  incident: lazy(async () => ({ default: (await import("../pages/incident/incident-page.tsx")).IncidentPage })),
  actor: lazy(async () => ({ default: (await import("../pages/actor/actor-page.tsx")).ActorPage })),
  published: lazy(async () => ({ default: (await import("../pages/published/published-page.tsx")).PublishedPage })),
  trace: lazy(async () => ({ default: (await import("../pages/trace/trace-page.tsx")).TracePage })),
  screen: lazy(async () => ({ default: (await import("../pages/screen/screen-page.tsx")).ScreenPage })),
  screening: lazy(async () => ({ default: (await import("../pages/screen/screening-page.tsx")).ScreeningPage })),
  address: lazy(async () => ({ default: (await import("../pages/address/address-page.tsx")).AddressPage })),
  transaction: lazy(async () => ({
    default: (await import("../pages/transaction/transaction-page.tsx")).TransactionPage,
  })),
  cluster: lazy(async () => ({ default: (await import("../pages/cluster/cluster-page.tsx")).ClusterPage })),
  ledger: lazy(async () => ({ default: (await import("../pages/ledger/ledger-page.tsx")).LedgerPage })),
};

export function App(): ReactNode {
  return (
    <SettingsProvider>
      <LiveRegion>
        <Frame />
      </LiveRegion>
    </SettingsProvider>
  );
}

function Frame(): ReactNode {
  const { t } = useText();
  const place = usePlace();
  const [dialog, setDialog] = useState<"help" | "token" | undefined>(undefined);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => onTokenWanted(() => setDialog("token")), []);
  const toSearch = (): void => {
    search.current?.focus();
    search.current?.select();
  };
  usePageKeys({ "/": toSearch, "mod+k": toSearch, "?": () => setDialog("help") });
  return (
    <>
      <a className="skip" href="#content">
        {t(shell.skip)}
      </a>
      <Nav place={place} search={search} openHelp={() => setDialog("help")} />
      <main id="content" tabIndex={-1}>
        <Boundary
          key={`${place.page} ${Object.values(place.params).join(" ")}`}
          fallback={(error) => <Fault error={error} />}
        >
          <Suspense fallback={<Loading rows={24} />}>
            <Shown place={place} />
          </Suspense>
        </Boundary>
      </main>
      <PrintFoot />
      <SimulatedBar />
      {dialog === "help" ? <HelpDialog close={() => setDialog(undefined)} /> : undefined}
      {dialog === "token" ? <TokenDialog close={() => setDialog(undefined)} /> : undefined}
    </>
  );
}

function Shown({ place }: { readonly place: Place }): ReactNode {
  if (place.page === "missing") return <Missing />;
  const One = pages[place.page];
  return <One params={place.params} />;
}

function SimulatedBar(): ReactNode {
  const { t } = useText();
  const isSimulated = useSimulated();
  return isSimulated ? (
    <aside className="simulated-bar" aria-label={t(shell.simulatedChip)}>
      {t(shell.simulatedBar)}
    </aside>
  ) : undefined;
}

function Fault({ error }: { readonly error: Error }): ReactNode {
  const { t } = useText();
  return (
    <div className="page error" role="alert">
      <h1>{t(shell.fault)}</h1>
      <p>{t(shell.faultHint)}</p>
      <pre>{error.message}</pre>
    </div>
  );
}
