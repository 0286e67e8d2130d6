import type { ReactNode } from "react";
import { periodText } from "../base/dates.ts";
import { WebLink } from "../routing/link.tsx";
import { categoryText } from "../text/category-words.ts";
import { shell } from "../text/shell-words.ts";
import { tagWords as words } from "../text/tag-words.ts";
import { Chip } from "./chip.tsx";
import { EmptyState } from "./states.tsx";
import { useText } from "./settings.tsx";
import { Table, type Column } from "./table.tsx";
import { ConfidenceWord } from "./words.tsx";

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

/** Every tag of something, with whoever says so and what contradicts it. */
export function TagsTable({
  tags,
  conflicts,
}: {
  readonly tags: readonly ShownTag[];
  readonly conflicts: readonly ShownConflict[];
}): ReactNode {
  const { t, locale } = useText();
  if (tags.length === 0) return <EmptyState title={t(words.noTags)} />;
  const columns: readonly Column<ShownTag>[] = [
    { key: "label", title: t(words.label), kind: "text", cell: ({ label }) => label },
    {
      key: "category",
      title: t(words.category),
      kind: "text",
      cell: ({ category }) => <Category category={category ?? undefined} />,
    },
    {
      key: "source",
      title: t(words.source),
      kind: "text",
      cell: ({ source: { name, url } }) => (url === undefined ? name : <WebLink url={url}>{name}</WebLink>),
    },
    {
      key: "date",
      title: t(words.date),
      kind: "text",
      cell: ({ source: { date } }) => (date === undefined ? t(shell.notKnown) : periodText(date, locale)),
    },
    {
      key: "confidence",
      title: t(words.confidence),
      kind: "text",
      cell: ({ confidence }) => <ConfidenceWord confidence={confidence} />,
    },
    {
      key: "conflict",
      title: t(words.conflict),
      kind: "text",
      cell: (tag) => <Conflicts tag={tag} conflicts={conflicts} />,
    },
  ];
  return <Table caption={t(words.tagsOf)} columns={columns} rows={tags} rowKey={({ id }) => id} />;
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
  if (!tag.stands) return <Chip>{t(words.withdrawn)}</Chip>;
  const own = conflicts.filter(({ tags }) => tags.includes(tag.id));
  if (own.length === 0) return t(words.none);
  return own.map(({ kind, values }) => (
    <Chip key={kind} kind="unknown">
      {kind === "category" ? values.map((value) => t(categoryText(value))).join(" / ") : values.join(" / ")}
    </Chip>
  ));
}
