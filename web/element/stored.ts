/** Small things that this browser remembers. A browser that forbids it simply forgets. */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`nightjar.${name}`, JSON.stringify(value))
  } catch {
    // Private windows and full stores: the page works without.
  }
}

export function recall(name: string): unknown {
  try {
    const text = localStorage.getItem(`nightjar.${name}`)
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is remembered as an object; `undefined` if it is something else, or nothing. */
export function recallObject(name: string): object | undefined {
  const stored = recall(name)
  return typeof stored === 'object' && stored !== null ? stored : undefined
}
