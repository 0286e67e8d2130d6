import { computeLosses } from "../src/losses/losses.ts";
import { renderReport } from "../src/losses/report/report.ts";
import { chartRules, tokens } from "../src/losses/report/style.ts";
import { studySelection } from "../src/losses/selection.ts";
import { loadValidRegister } from "../src/cli/register.ts";

/** The README's picture: the report's map on its own, with the report's colours. */
export async function pictureDocument(): Promise<string> {
  const register = await loadValidRegister([]);
  const losses = computeLosses(register, studySelection, "country");
  const page = renderReport(register, losses);
  const map = /<figure[^>]*id="map"[^]*?(?<svg><svg[^]*?<\/svg>)/u.exec(page)?.groups?.["svg"] ?? "";
  const hatch = /<pattern[^]*?<\/pattern>/u.exec(page)?.[0] ?? "";
  return `${map
    .replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif"')
    .replace(/ aria-describedby="[^"]*"/u, "")
    .replace(
      ">",
      `><style>${tokens}\n${chartRules}.chart{background:var(--surface);color:var(--text)}</style><defs>${hatch}</defs>`,
    )}\n`;
}
