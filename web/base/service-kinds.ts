/** What a service does, by its category's id; colours and shapes follow it. */
export const serviceKinds = ["exchange", "mixer", "bridge", "defi", "other", "sanctioned", "theft", "illicit"] as const;
export type ServiceKind = (typeof serviceKinds)[number];

const kindOfCategory: ReadonlyMap<string, ServiceKind> = new Map<string, ServiceKind>([
  ["exchange", "exchange"],
  ["mixing_service", "mixer"],
  ["mixer", "mixer"],
  ["mixing", "mixer"],
  ["coinjoin", "mixer"],
  ["defi_bridge", "bridge"],
  ["bridge", "bridge"],
  ["defi", "defi"],
  ["defi_dex", "defi"],
  ["defi_lending", "defi"],
  ["defi_derivative", "defi"],
  ["sanctioned", "sanctioned"],
  ["sanction", "sanctioned"],
  ["theft", "theft"],
  ["hack", "theft"],
  ["perpetrator", "illicit"],
  ["ransomware", "illicit"],
  ["scam", "illicit"],
  ["abuse", "illicit"],
  ["darknet_market", "illicit"],
]);

/** What a category does; one that is not known is another service, and not unknown. */
export function serviceKind(category: string): ServiceKind {
  return kindOfCategory.get(category) ?? "other";
}
