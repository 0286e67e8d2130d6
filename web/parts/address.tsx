import type { ReactNode } from "react";
import { shortAddress, shortTxid, type Shortened } from "../base/shorten.ts";
import { paths } from "../routing/routes.ts";
import { Link } from "../routing/link.tsx";
import { shell } from "../text/shell-words.ts";
import { Chip } from "./chip.tsx";
import { CopyButton } from "./copy.tsx";
import { useText } from "./settings.tsx";

type AddressProps = {
  readonly chain: string;
  readonly address: string;
  /** As the view shortens all its addresses, by `shortenAll`; by default on its own. */
  readonly shortened?: Shortened | undefined;
  /** Whole where there is room: headings, panels, verdicts. */
  readonly whole?: "whole";
};

/** An address that leads to its page: shortened in the middle, whole on focus and in the copy. */
export function Address({ chain, address, shortened, whole }: AddressProps): ReactNode {
  const { t } = useText();
  const short = shortened?.text ?? shortAddress(address);
  return (
    <span className={`id${whole === undefined ? "" : " whole"}`}>
      <Link to={paths.address(chain, address)} title={address}>
        {whole === undefined ? <ShortAndWhole short={short} whole={address} /> : address}
      </Link>
      {shortened?.lookAlike === true ? <Chip kind="unknown">{t(shell.lookAlike)}</Chip> : undefined}
      <CopyButton text={address} />
    </span>
  );
}

type TxidProps = { readonly chain: string; readonly txid: string; readonly whole?: "whole" };

/** A transaction's id that leads to its page. */
export function Txid({ chain, txid, whole }: TxidProps): ReactNode {
  return (
    <span className={`id${whole === undefined ? "" : " whole"}`}>
      <Link to={paths.transaction(chain, txid)} title={txid}>
        {whole === undefined ? <ShortAndWhole short={shortTxid(txid)} whole={txid} /> : txid}
      </Link>
      <CopyButton text={txid} />
    </span>
  );
}

/** Both forms; the sheet shows the whole one where the link has the focus. */
function ShortAndWhole({ short, whole }: { readonly short: string; readonly whole: string }): ReactNode {
  return (
    <>
      <span className="short">{short}</span>
      <span className="full">{whole}</span>
    </>
  );
}
