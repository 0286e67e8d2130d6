/** What a page is given: the parts of its path. */
export type PageProps = { readonly params: Readonly<Record<string, string>> };
