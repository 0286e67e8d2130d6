/** What an analyst has opened, closed and grouped by hand. Ids are those of nodes and groups. */
export type Choices = {
  /** How many times fifty of a group's members were taken out of it. */
  readonly opened: Readonly<Record<string, number>>;
  /** Nodes that hold all that came of them alone. */
  readonly collapsed: readonly string[];
  /** Nodes whose fan is grouped although it is small. */
  readonly grouped: readonly string[];
};

export const noChoices: Choices = { opened: {}, collapsed: [], grouped: [] };

/** So many members are taken out of a group at a time. */
export const openedAtATime = 50;

/** What becomes of the choices where a node or group is expanded: a collapsed node opens, a group gives fifty more. */
export function expand(choices: Choices, id: string, isGroup: boolean): Choices {
  if (choices.collapsed.includes(id)) {
    return { ...choices, collapsed: choices.collapsed.filter((one) => one !== id) };
  }
  if (choices.grouped.includes(id)) return { ...choices, grouped: choices.grouped.filter((one) => one !== id) };
  if (!isGroup) return choices;
  return { ...choices, opened: { ...choices.opened, [id]: (choices.opened[id] ?? 0) + 1 } };
}

/** A group that was opened closes; any other node takes in what came of it alone. */
export function collapse(choices: Choices, id: string): Choices {
  if (choices.opened[id] !== undefined) return close(choices, id);
  if (choices.collapsed.includes(id)) return choices;
  return { ...choices, collapsed: [...choices.collapsed, id] };
}

/** Groups the fan of a node, or ungroups it. */
export function toggleGrouped(choices: Choices, id: string): Choices {
  const grouped = choices.grouped.includes(id) ? choices.grouped.filter((one) => one !== id) : [...choices.grouped, id];
  return { ...choices, grouped };
}

function close(choices: Choices, id: string): Choices {
  const { [id]: _, ...opened } = choices.opened;
  return { ...choices, opened };
}
