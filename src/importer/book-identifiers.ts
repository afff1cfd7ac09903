/** Longer ones are no identifiers, and a book has few. */
const [longest, most] = [300, 12]

/** Of what a book says that it is known by, that which tells it from others: each once, in lower case, without a scheme of UUIDs. */
export function distinguishing(texts: readonly string[]): string[] {
  const found = texts
    .map((text) =>
      text
        .trim()
        .toLowerCase()
        .replace(/^(?:urn:)?uuid:/, ''),
    )
    .filter((text) => /[\p{L}\p{N}].{2}/u.test(text) && text.length <= longest)
  return [...new Set(found)].slice(0, most)
}
