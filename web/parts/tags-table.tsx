import type { ReactNode } from "react";
import { periodText } from "../base/dates.ts";
import { WebLink } from "../routing/link.tsx";
import { categoryText } from "../text/category-words.ts";
import { explorer } from "../text/explorer-words.ts";
import { confidenceTexts } from "../text/register-words.ts";
import { shell } from "../text/shell-words.ts";
import { Chip } from "./chip.tsx";
import { EmptyState } from "./states.tsx";
import { useText } from "./settings.tsx";
import { Table, type Column } from "./table.tsx";

/** A tag as the API gives it: the parts that are shown. */
export type ShownTag = {
  readonly id: string;
  readonly label: string;
  readonly category?: string | null;
  readonly confidence: string;
  readonly stands: boolean;
  readonly source: { readonly name: string; readonly url?: string; readonly date?: string };
};
export type ShownConflict = {
  readonly kind: string;
  readonly values: readonly string[];
  readonly tags: readonly string[];
};

/** How sure something is, in words. */
export function ConfidenceWord({ confidence }: { readonly confidence: string }): ReactNode {
  const { t } = useText();
  const text = confidenceTexts[confidence];
  return text === undefined ? confidence : t(text);
}

/** What a category is called. */
export function CategoryWord({ category }: { readonly category: string }): ReactNode {
  const { t } = useText();
  return t(categoryText(category));
}

/** Every tag of something, with whoever says so and what contradicts it. */
export function TagsTable({
  tags,
  conflicts,
}: {
  readonly tags: readonly ShownTag[];
  readonly conflicts: readonly ShownConflict[];
}): ReactNode {
  const { t, locale } = useText();
  if (tags.length === 0) return <EmptyState title={t(explorer.noTags)} />;
  const columns: readonly Column<ShownTag>[] = [
    { key: "label", title: t(explorer.label), kind: "text", cell: ({ label }) => label },
    {
      key: "category",
      title: t(explorer.category),
      kind: "text",
      cell: ({ category }) => <Category category={category ?? undefined} />,
    },
    {
      key: "source",
      title: t(explorer.source),
      kind: "text",
      cell: ({ source: { name, url } }) => (url === undefined ? name : <WebLink url={url}>{name}</WebLink>),
    },
    {
      key: "date",
      title: t(explorer.date),
      kind: "text",
      cell: ({ source: { date } }) => (date === undefined ? t(shell.notKnown) : periodText(date, locale)),
    },
    {
      key: "confidence",
      title: t(explorer.confidence),
      kind: "text",
      cell: ({ confidence }) => <ConfidenceWord confidence={confidence} />,
    },
    {
      key: "conflict",
      title: t(explorer.conflict),
      kind: "text",
      cell: (tag) => <Conflicts tag={tag} conflicts={conflicts} />,
    },
  ];
  return <Table caption={t(explorer.tagsOf)} columns={columns} rows={tags} rowKey={({ id }) => id} />;
}

const illicit = new Set(["sanction", "terrorism"]);

function Category({ category }: { readonly category: string | undefined }): ReactNode {
  const { t } = useText();
  if (category === undefined) return t(shell.notKnown);
  if (illicit.has(category)) return <Chip kind="flagged">{t(categoryText(category))}</Chip>;
  return t(categoryText(category));
}

function Conflicts({
  tag,
  conflicts,
}: {
  readonly tag: ShownTag;
  readonly conflicts: readonly ShownConflict[];
}): ReactNode {
  const { t } = useText();
  if (!tag.stands) return <Chip>{t(explorer.withdrawn)}</Chip>;
  const own = conflicts.filter(({ tags }) => tags.includes(tag.id));
  if (own.length === 0) return t(explorer.none);
  return own.map(({ kind, values }) => (
    <Chip key={kind} kind="unknown">
      {kind === "category" ? values.map((value) => t(categoryText(value))).join(" / ") : values.join(" / ")}
    </Chip>
  ));
}
