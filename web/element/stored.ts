/** Small things that this browser remembers. A browser that forbids it simply forgets. */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`nightjar.${name}`, JSON.stringify(value))
  } catch {
    // Private windows and full stores: the page works without.
  }
}

export function recall<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(`nightjar.${name}`)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}
