/** How likely three letters follow each other in a language, by the words that are given; a blank at either end. */
export class LetterPatterns {
  readonly #triples = new Map<string, number>()
  readonly #pairs = new Map<string, number>()

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const spelt = ` ${word} `
      for (let at = 0; at + 3 <= spelt.length; at++) {
        add(this.#triples, spelt.slice(at, at + 3))
        add(this.#pairs, spelt.slice(at, at + 2))
      }
    }
  }

  /** The share of a word's triples that hardly occur, 0 to 1. */
  rarity(word: string): number {
    const spelt = ` ${word.toLowerCase()} `
    let rare = 0
    let all = 0
    for (let at = 0; at + 3 <= spelt.length; at++) {
      const share =
        (this.#triples.get(spelt.slice(at, at + 3)) ?? 0) / (this.#pairs.get(spelt.slice(at, at + 2)) ?? 1)
      all++
      if (share < 0.005) rare++
    }
    return all === 0 ? 0 : rare / all
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
