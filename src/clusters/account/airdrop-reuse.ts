import type { AccountHistory, Move } from "./history.ts";

/** How many must have been given the same amount of the token by the same account before. */
const sharesMin = 20;
/** How many must have passed their share on to one account. */
const gatheredMin = 5;
/** An account that takes part for its share does little else. */
const shareHistoryMax = 20;
const historyMax = 5_000;

/**
 * Multiple participation in airdrops: one person has many accounts take the same free amount of a token and gathers the
 * shares on one account.
 *
 * `move` passes on exactly the only amount of a token that its sender ever got, from an account that had given the same
 * amount to at least 20 others before. Where at least five have done so towards one account, all of them are linked with it.
 *
 * Source: F. Victor, "Address clustering heuristics for Ethereum", FC 2020; the thresholds are Fundtrail's own. Method:
 * docs/methods/airdrop-reuse.md
 */
export function gathered(
  move: Move,
  history: AccountHistory,
  isService: (account: number) => boolean,
): readonly number[] {
  if (move.asset === history.native || isService(move.to) || !isShare(move, history)) return [];
  const before = history.before(move.to, move.number, historyMax);
  if (before === undefined) return [];
  const same = before.filter(
    (one) => one.to === move.to && one.asset === move.asset && one.amount === move.amount && one.from !== move.from,
  );
  const earlier = new Set(same.filter((one) => isShare(one, history)).map(({ from }) => from));
  if (earlier.size + 1 < gatheredMin) return [];
  // The fifth completes the pattern: those before it are linked with it, later ones one by one.
  return earlier.size + 1 === gatheredMin ? [...earlier, move.from] : [move.from];
}

/** Whether a transfer passes on the one share of an airdrop that its sender got. */
function isShare(move: Move, history: AccountHistory): boolean {
  const before = history.before(move.from, move.number, shareHistoryMax);
  const got = before?.filter(({ to, asset }) => to === move.from && asset === move.asset) ?? [];
  const [share] = got;
  if (share === undefined || got.length !== 1 || share.amount !== move.amount) return false;
  const given = history.before(share.from, share.number, historyMax);
  // An account with a long history, a real distributor's, is judged by its first transfers.
  const shares = given ?? history.first(share.from, share.number, historyMax);
  const takers = new Set(
    shares
      .filter((one) => one.from === share.from && one.asset === share.asset && one.amount === share.amount)
      .map((one) => one.to),
  );
  return takers.size >= sharesMin;
}
