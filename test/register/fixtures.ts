import type { TextFile } from "../../src/incidents/register-file.ts";
import type { RegisterFolder } from "../../src/incidents/register.ts";

/** A small register in memory: one theft, one actor, one published set, two prices. Tests alter its text. */
export const incidentText = `id: 2020-03-04-example
date: 2020-03-04
disclosed: 2020-03-05
victim:
  id: example
  name: Example Exchange
  kind: exchange
  sector: centralised exchange
  country:
    seat: SC
    operator: SG
stolen:
  - asset: BTC
    amount: 100
values:
  - at: theft
    usd: 900000
    basis: company
    source: press
attribution:
  actor: example-group
  confidence: high
  claims:
    - by: Somebody
      date: 2020-06-01
      source: press
techniques:
  - id: T1566
    text: phishing
chain:
  thief:
    - bitcoin:1JwgCVCnw8ziAnXA1c2VqUaMVkV4jtfDmw
sources:
  press:
    name: A newspaper
    url: https://example.org/a
`;

const actorText = `id: example-group
name: Example Group
kind: group
sources:
  press:
    name: A newspaper
`;

const publishedText = `id: example-2021
publisher: Somebody
title: Losses
published: 2021-01-01
actor: example-group
from: 2020-01-01
to: 2020-12-31
scope: thefts
figures:
  - key: world
    group: world
    usd: 1000000
    sources: [press]
sources:
  press:
    name: A newspaper
`;

const pricesText = `asset,at,usd,kind,source
BTC,2020-03-05T00:00:00Z,8755.25,close,An exchange
BTC,2021-01-01T00:00:00Z,29000,close,An exchange
`;

type Texts = {
  readonly incident?: string;
  readonly actor?: string;
  readonly published?: string;
  readonly prices?: string;
};

export function folderOf(texts: Texts = {}): RegisterFolder {
  const file = (path: string, text: string): readonly TextFile[] => [{ path, text }];
  return {
    incidents: file("r/incidents/2020-03-04-example.yaml", texts.incident ?? incidentText),
    actors: file("r/actors/example-group.yaml", texts.actor ?? actorText),
    published: file("r/published/example-2021.yaml", texts.published ?? publishedText),
    prices: file("r/prices/day.csv", texts.prices ?? pricesText),
  };
}

/** The incident's text with one line replaced. */
export function withLine(from: string, to: string): string {
  if (!incidentText.includes(from)) throw new Error(`the example has no line "${from}"`);
  return incidentText.replace(from, to);
}
