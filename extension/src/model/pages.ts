/** A page of a list of the platform. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Most items of a page that the panel asks for. */
export const PAGE = 100;

/** The first pages of a list, at most `most` of them, and whether there is more. */
export async function pages<P extends Page<unknown>>(
  load: (cursor: string | undefined) => Promise<P>,
  most: number
): Promise<{ readonly items: readonly P['items'][number][]; readonly last: P }> {
  let page = await load(undefined);
  const items: P['items'][number][] = [...page.items];
  for (let count = 1; count < most && page.nextCursor !== null; count++) {
    page = await load(page.nextCursor);
    items.push(...page.items);
  }
  return { items, last: page };
}
