import { type ReactNode } from "react";
import { api } from "../../../data/api.ts";
import { useAnswer } from "../../../data/use-answer.ts";
import { percent } from "../../../base/numbers.ts";
import { Answer } from "../../../parts/states.tsx";
import { useText } from "../../../parts/settings.tsx";
import { Table, type Column } from "../../../parts/table.tsx";
import type { Job } from "../model/answers.ts";
import { amountText, symbolOf } from "../model/asset-text.ts";
import { words } from "../words.ts";

/** What a trace backward answers: where the value came from, by who that is. */
type Backward = {
  readonly funds: readonly {
    readonly entity: string | null;
    readonly category: string | null;
    readonly asset: string;
    readonly amount: string;
    readonly direct: string;
    readonly indirect: string;
    /** Millionths. */
    readonly share: string;
  }[];
};
type Fund = Backward["funds"][number];

/** A trace backward: no flow is drawn of it, its sources are a table. */
export function BackwardTrace({ job }: { readonly job: Job }): ReactNode {
  const { t } = useText();
  const { id } = job;
  const asked = useAnswer(`trace backward ${id}`, async (signal) => {
    const result = await api().get("/v1/traces/{id}/result", { params: { id }, signal });
    return (typeof result === "string" ? JSON.parse(result) : result) as unknown as Backward;
  });
  const columns: readonly Column<Fund>[] = [
    { key: "entity", title: t(words.entity), kind: "text", cell: ({ entity }) => entity ?? t(words.unattributed) },
    { key: "category", title: t(words.category), kind: "text", cell: ({ category }) => category ?? "–" },
    { key: "asset", title: t(words.asset), kind: "text", cell: ({ asset }) => symbolOf(asset) },
    {
      key: "amount",
      title: t(words.amount),
      kind: "figure",
      cell: ({ asset, amount }) => amountText(asset, BigInt(amount)),
    },
    { key: "share", title: t(words.share), kind: "figure", cell: ({ share }) => percent(Number(share) / 1_000_000) },
    {
      key: "direct",
      title: t(words.direct),
      kind: "figure",
      cell: ({ asset, direct }) => amountText(asset, BigInt(direct)),
    },
    {
      key: "indirect",
      title: t(words.indirect),
      kind: "figure",
      cell: ({ asset, indirect }) => amountText(asset, BigInt(indirect)),
    },
  ];
  return (
    <Answer asked={asked} rows={12}>
      {({ funds }) => (
        <Table
          caption={t(words.backwardTitle)}
          columns={columns}
          rows={funds}
          rowKey={({ entity, category, asset }) => `${entity ?? ""} ${category ?? ""} ${asset}`}
        />
      )}
    </Answer>
  );
}
