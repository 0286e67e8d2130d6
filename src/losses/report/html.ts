/** Markup that is safe to print: made by {@link html}, or vouched for with {@link trusted}. */
export type Html = { readonly markup: string; readonly [brand]: true };
declare const brand: unique symbol;

/** What {@link html} takes between its literal parts: text is escaped, markup kept, `undefined` left out. */
export type Content = Html | string | number | undefined | readonly Content[];

/**
 * Markup from a template. Everything put into it is text and is escaped, unless it is markup itself.
 *
 * Attribute values need double quotes around them in the template.
 *
 * @example html`<p>${"<b>"}</p>`.markup // => "<p>&lt;b&gt;</p>"
 */
export function html(literal: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return trusted(literal.map((part, index) => part + markupOf(contents[index])).join(""));
}

/** Declares text to be markup. For the sheet and for drawings that a DOM has serialised; never for data. */
export function trusted(markup: string): Html {
  return { markup } as Html;
}

/**
 * A link to a web address; only its text where the address is not one of `http` or `https`, so that an address such as
 * `javascript:…` from a register never becomes something to click.
 */
export function webLink(address: string, content: Content): Html {
  return isWebAddress(address)
    ? html`<a rel="noreferrer noopener" href="${address}">${content}</a>`
    : html`${content} ${address}`;
}

function isWebAddress(address: string): boolean {
  return /^https?:\/\//iu.test(address) && URL.canParse(address);
}

function markupOf(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "string") return escape(content);
  if (typeof content === "number") return String(content);
  return isList(content) ? content.map(markupOf).join("") : content.markup;
}

function isList(content: Html | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters have no place in HTML, and those that turn the reading direction could forge a line. */
// eslint-disable-next-line no-control-regex -- control characters are what is replaced
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu;

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? "").replaceAll(unprintable, "\u{fffd}");
}
