/** Distributes texts into shares of about equal length: the longest first, each to the shortest share. */
export function equalShares<T extends { readonly text: string }>(texts: readonly T[], count: number): T[][] {
  const shares = Array.from({ length: count }, () => ({ texts: [] as T[], characters: 0 }))
  for (const text of texts.toSorted((one, other) => other.text.length - one.text.length)) {
    const shortest = shares.reduce((least, share) => (share.characters < least.characters ? share : least))
    shortest.texts.push(text)
    shortest.characters += text.text.length
  }
  return shares.map((share) => share.texts)
}
