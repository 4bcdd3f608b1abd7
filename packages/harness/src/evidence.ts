import { operationsOf, type Platform } from '@connectorkit/sdk/platforms';

/** How the operations of a platform are known. */
export interface Evidence {
  readonly name: string;
  readonly title: string;
  /** Operations that an exchange proves which the vendor publishes, by id: where its values stand. */
  readonly published: Readonly<Record<string, readonly string[]>>;
  /** Ids of the others: what they answer is our reading of the vendor's documentation. */
  readonly readings: readonly string[];
}

/** The evidence for a platform, from the exchanges by which its client and its emulator are tested. */
export async function evidenceOf({ name, title, contract, exchanges }: Platform): Promise<Evidence> {
  const played = await exchanges();
  const ids = [...operationsOf(contract).keys()];
  const sourcesOf = (id: string) => {
    const sources = played.filter(({ operation }) => operation === id).map(({ source }) => source);
    return [...new Set(sources)];
  };
  const published = ids.map((id) => [id, sourcesOf(id)] as const).filter(([, sources]) => sources.length > 0);
  return {
    name,
    title,
    published: Object.fromEntries(published),
    readings: ids.filter((id) => sourcesOf(id).length === 0),
  };
}
