import { describe, expect, it } from "vitest";
import { html, trusted, webLink } from "./html.ts";

describe("markup", () => {
  it("escapes text in elements and in attributes, and keeps markup", () => {
    const text = `<b title='x'>"&amp;`;
    const escaped = "&lt;b title=&#39;x&#39;&gt;&quot;&amp;amp;";
    expect(html`<p title="${text}">${text}${trusted("<i>kept</i>")}</p>`.markup).toBe(
      `<p title="${escaped}">${escaped}<i>kept</i></p>`,
    );
  });

  it("takes lists and leaves out what is undefined", () => {
    expect(html`${[html`<i>1</i>`, undefined, "<", [2]]}`.markup).toBe("<i>1</i>&lt;2");
  });

  it("shows control characters and turned reading directions as such", () => {
    expect(html`${"a\u{0}b\u{202e}c\u{2066}d"}`.markup).toBe("a\u{fffd}b\u{fffd}c\u{fffd}d");
  });

  it("links to web addresses only", () => {
    expect(webLink("https://example.org/?a=1&b=2", "here").markup).toContain('href="https://example.org/?a=1&amp;b=2"');
    for (const address of [
      "javascript:alert(1)",
      " javascript:alert(1)",
      "data:text/html,x",
      "//example.org",
      "https://",
    ])
      expect(webLink(address, "here").markup).not.toContain("<a");
  });
});
