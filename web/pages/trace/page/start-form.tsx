import { useState, type FormEvent, type ReactNode } from "react";
import { useIncidents } from "../../../data/register.ts";
import type { Ledger } from "../../../data/ledger.ts";
import { Panel } from "../../../parts/dialog.tsx";
import { useText } from "../../../parts/settings.tsx";
import { push } from "../../../routing/history.ts";
import { withQuery } from "../../../routing/routes.ts";
import { referencesOf } from "../state/question.ts";
import { policyTexts, words } from "../words.ts";

type FormProps = { readonly ledger: Ledger };

/** Three ways to begin: an incident of the register, outputs or transfers, an address. */
export function StartForm({ ledger }: FormProps): ReactNode {
  const { t } = useText();
  const [options, setOptions] = useState<Options>(usual);
  return (
    <>
      <p className="reading">{t(words.lead)}</p>
      <OptionFields options={options} set={setOptions} hasTiho={ledger.chains.some(({ model }) => model === "utxo")} />
      <div className="trace-starts">
        <ByIncident options={options} />
        <ByOrigin options={options} ledger={ledger} />
        <ByAddress options={options} ledger={ledger} />
      </div>
    </>
  );
}

/** In the words of the page's address. */
type Options = Readonly<Record<"policy" | "compare" | "backward" | "swaps" | "until" | "hops-max", string>>;
const usual: Options = { policy: "", compare: "", backward: "", swaps: "", until: "", "hops-max": "" };

function begin(what: Readonly<Record<string, string>>, options: Options): void {
  push(withQuery("/trace", { ...what, ...options }));
}

function OptionFields({
  options,
  set,
  hasTiho,
}: {
  readonly options: Options;
  readonly set: (options: Options) => void;
  readonly hasTiho: boolean;
}): ReactNode {
  const { t } = useText();
  const check = (name: "compare" | "backward", text: string): ReactNode => (
    <label className="check">
      <input
        type="checkbox"
        checked={options[name] === "on"}
        onChange={(event) => set({ ...options, [name]: event.currentTarget.checked ? "on" : "" })}
      />
      {text}
    </label>
  );
  const count = (name: "until" | "hops-max", text: string): ReactNode => (
    <label>
      {text}{" "}
      <input
        inputMode="numeric"
        pattern="[0-9]{0,10}"
        size={9}
        value={options[name]}
        onChange={(event) =>
          set({ ...options, [name]: event.currentTarget.value.replaceAll(/[^0-9]/gu, "").slice(0, 10) })
        }
      />
    </label>
  );
  return (
    <fieldset className="trace-options">
      <legend className="unseen">{t(words.options)}</legend>
      <label>
        {t(words.policy)}{" "}
        <select
          value={options.policy === "" ? "fifo" : options.policy}
          onChange={(event) =>
            set({ ...options, policy: event.currentTarget.value === "fifo" ? "" : event.currentTarget.value })
          }
        >
          <PolicyOptions hasTiho={hasTiho} />
        </select>
      </label>
      {check("compare", t(words.compare))}
      {check("backward", t(words.backward))}
      <label className="check">
        <input
          type="checkbox"
          checked={options.swaps !== "off"}
          onChange={(event) => set({ ...options, swaps: event.currentTarget.checked ? "" : "off" })}
        />
        {t(words.swaps)}
      </label>
      {count("until", t(words.until))}
      {count("hops-max", t(words.hopsMax))}
    </fieldset>
  );
}

/** Every policy; `tiho` is not defined for accounts. */
export function PolicyOptions({ hasTiho }: { readonly hasTiho: boolean }): ReactNode {
  const { t } = useText();
  return Object.entries(policyTexts)
    .filter(([policy]) => hasTiho || policy !== "tiho")
    .map(([policy, text]) => (
      <option key={policy} value={policy}>
        {t(text)}
      </option>
    ));
}

function ByIncident({ options }: { readonly options: Options }): ReactNode {
  const { t } = useText();
  const incidents = useIncidents();
  const [id, setId] = useState("");
  const all = "value" in incidents ? incidents.value : [];
  // What the chain does not show cannot be traced.
  const traceable = all.filter(({ chain }) => chain.theft.length > 0).toReversed();
  return (
    <Start
      title={t(words.byIncident)}
      hint={t(words.byIncidentHint)}
      missing={id === "" ? t(words.nothingGiven) : undefined}
      go={() => begin({ incident: id }, options)}
    >
      <label>
        {t(words.incident)}
        <select value={id} onChange={(event) => setId(event.currentTarget.value)}>
          <option value="">{t(words.incidentChoose)}</option>
          {traceable.map((one) => (
            <option key={one.id} value={one.id}>
              {one.date} {one.victim.name}
            </option>
          ))}
        </select>
      </label>
    </Start>
  );
}

function ByOrigin({ options, ledger }: FormProps & { readonly options: Options }): ReactNode {
  const { t } = useText();
  const [text, setText] = useState("");
  const [chain, setChain] = useState(ledger.chains[0]?.alias ?? "");
  const refs = referencesOf(text);
  const wrong = refs.find((ref) => !/^[^\s:]+:[0-9]{1,10}$/u.test(ref));
  const missing =
    refs.length === 0
      ? t(words.nothingGiven)
      : wrong === undefined
        ? undefined
        : t(words.badOrigin, { text: wrong.slice(0, 80) });
  return (
    <Start
      title={t(words.byOrigin)}
      hint={t(words.byOriginHint)}
      missing={missing}
      go={() => begin({ origin: refs.join(","), chain }, options)}
    >
      <ChainField {...{ chain, setChain, ledger }} />
      <label>
        {t(words.origins)}
        <textarea
          className="mono"
          rows={3}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
    </Start>
  );
}

function ByAddress({ options, ledger }: FormProps & { readonly options: Options }): ReactNode {
  const { t } = useText();
  const [address, setAddress] = useState("");
  const [chain, setChain] = useState(ledger.chains[0]?.alias ?? "");
  const given = address.trim();
  return (
    <Start
      title={t(words.byAddress)}
      hint={t(words.byAddressHint)}
      missing={given === "" ? t(words.nothingGiven) : undefined}
      go={() => begin({ address: given, chain }, options)}
    >
      <ChainField {...{ chain, setChain, ledger }} />
      <label>
        {t(words.address)}
        <input
          className="mono"
          value={address}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      </label>
    </Start>
  );
}

function ChainField({
  chain,
  setChain,
  ledger,
}: FormProps & { readonly chain: string; readonly setChain: (chain: string) => void }): ReactNode {
  const { t } = useText();
  return (
    <label>
      {t(words.chain)}
      <select value={chain} onChange={(event) => setChain(event.currentTarget.value)}>
        {ledger.chains.map(({ alias }) => (
          <option key={alias}>{alias}</option>
        ))}
      </select>
    </label>
  );
}

type StartProps = {
  readonly title: string;
  readonly hint: string;
  /** What is missing before one can begin: said when one tries. */
  readonly missing: string | undefined;
  readonly go: () => void;
  readonly children: ReactNode;
};

function Start({ title, hint, missing, go, children }: StartProps): ReactNode {
  const { t } = useText();
  const [isTried, setTried] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (missing === undefined) go();
  };
  return (
    <Panel title={title}>
      <form className="trace-start" onSubmit={submit} noValidate>
        <p className="caption">{hint}</p>
        {children}
        {isTried && missing !== undefined ? (
          <p role="alert" className="trace-wrong">
            {missing}
          </p>
        ) : undefined}
        <button type="submit" className="primary">
          {t(words.start)}
        </button>
      </form>
    </Panel>
  );
}
