/** A chapter of a version, as far as it is compared: by its blocks the sentences, as numbers with their lengths. */
export interface ComparedChapter {
  readonly title: string
  readonly blocks: readonly (readonly ComparedSentence[])[]
}

interface ComparedSentence {
  readonly text: number
  readonly length: number
}

/** Blocks `[start, end)` of a chapter of the new version. */
interface VersionPiece {
  readonly chapter: number
  readonly start: number
  readonly end: number
}

/** A chapter as it will be: pieces of the new version, in order; `old`: the chapter whose place it takes. */
export interface ChapterUnit {
  readonly old: number | undefined
  readonly pieces: readonly VersionPiece[]
}

/** The share of the shorter chapter that two have in common at least, if they are the same one in two versions. */
const leastInCommon = 0.2
/** What of a new chapter, and of an old one, a piece has that belongs to another chapter. */
const [leastOfNew, leastOfOld] = [0.3, 0.1]

/**
 * Which chapters of two versions are the same ones, by the sentences that only these have in common, else by a title that only
 * they have. `cut`: somebody has merged or split chapters, and the new text is divided as the old chapters are.
 */
export function chapterUnits(
  old: readonly ComparedChapter[],
  fresh: readonly ComparedChapter[],
  { cut }: { readonly cut: boolean },
): ChapterUnit[] {
  const owners = ownersOf(old)
  const shares = fresh.map((chapter) => sharesOf(chapter, owners))
  return cut ? unitsByOwners(old, fresh, shares) : unitsByChapters(old, fresh, shares)
}

/** By the text of a sentence the old chapter that has it; -1: several have. */
function ownersOf(old: readonly ComparedChapter[]): ReadonlyMap<number, number> {
  const owners = new Map<number, number>()
  for (const [at, { blocks }] of old.entries())
    for (const { text } of blocks.flat()) {
      const known = owners.get(text)
      owners.set(text, known === undefined || known === at ? at : -1)
    }
  return owners
}

/** By block: how much of it is of which old chapter. */
type BlockShares = readonly ReadonlyMap<number, number>[]

function sharesOf({ blocks }: ComparedChapter, owners: ReadonlyMap<number, number>): BlockShares {
  return blocks.map((sentences) => {
    const shares = new Map<number, number>()
    for (const { text, length } of sentences) {
      const owner = owners.get(text) ?? -1
      if (owner >= 0) shares.set(owner, (shares.get(owner) ?? 0) + length)
    }
    return shares
  })
}

function lengthOf({ blocks }: ComparedChapter): number {
  return blocks.flat().reduce((sum, { length }) => sum + length, 0)
}

function totals(shares: BlockShares): ReadonlyMap<number, number> {
  const sums = new Map<number, number>()
  for (const block of shares)
    for (const [owner, length] of block) sums.set(owner, (sums.get(owner) ?? 0) + length)
  return sums
}

function unitsByChapters(
  old: readonly ComparedChapter[],
  fresh: readonly ComparedChapter[],
  shares: readonly BlockShares[],
): ChapterUnit[] {
  const lengths = [old.map(lengthOf), fresh.map(lengthOf)] as const
  const pairs = fresh.flatMap((_, at) =>
    [...totals(shares[at]!)].map(([owner, common]) => ({ at, owner, common })),
  )
  const oldOf = new Map<number, number>()
  const taken = new Set<number>()
  const pair = (at: number, owner: number): void => {
    if (oldOf.has(at) || taken.has(owner)) return
    oldOf.set(at, owner)
    taken.add(owner)
  }
  for (const { at, owner, common } of pairs.toSorted((one, other) => other.common - one.common))
    if (common >= leastInCommon * Math.min(lengths[0][owner]!, lengths[1][at]!)) pair(at, owner)
  const [titled, named] = [onlyOnce(old, (at) => !taken.has(at)), onlyOnce(fresh, (at) => !oldOf.has(at))]
  for (const [title, at] of named) {
    const owner = titled.get(title) ?? -1
    if (at >= 0 && owner >= 0) pair(at, owner)
  }
  return fresh.map((_, chapter) => ({ old: oldOf.get(chapter), pieces: [wholeOf(fresh, chapter)] }))
}

/** By title the one chapter that has it; -1: several. */
function onlyOnce(
  chapters: readonly ComparedChapter[],
  isLeft: (at: number) => boolean,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  for (const [at, { title }] of chapters.entries()) {
    const key = title.normalize('NFKC').toLowerCase().trim()
    if (isLeft(at) && key !== '') places.set(key, places.has(key) ? -1 : at)
  }
  return places
}

function wholeOf(fresh: readonly ComparedChapter[], chapter: number): VersionPiece {
  return { chapter, start: 0, end: fresh[chapter]!.blocks.length }
}

/** Each old chapter has what is its own, wherever the new version begins chapters; what is nobody's is a chapter of its own. */
function unitsByOwners(
  old: readonly ComparedChapter[],
  fresh: readonly ComparedChapter[],
  shares: readonly BlockShares[],
): ChapterUnit[] {
  const oldLengths = old.map(lengthOf)
  const units: { old: number | undefined; pieces: VersionPiece[] }[] = []
  const unitOf = new Map<number, (typeof units)[number]>()
  for (const [chapter, own] of shares.entries()) {
    const length = lengthOf(fresh[chapter]!)
    const sums = totals(own)
    const counts = (owner: number): boolean => {
      const share = sums.get(owner) ?? 0
      return share >= leastOfNew * length || share >= leastOfOld * oldLengths[owner]!
    }
    for (const { owner, ...piece } of piecesOf(own, counts)) {
      const known = owner === undefined ? undefined : unitOf.get(owner)
      if (known) {
        known.pieces.push({ chapter, ...piece })
        continue
      }
      const unit = { old: owner, pieces: [{ chapter, ...piece }] }
      if (owner !== undefined) unitOf.set(owner, unit)
      units.push(unit)
    }
  }
  return units
}

interface OwnedBlocks {
  readonly owner: number | undefined
  readonly start: number
  readonly end: number
}

/** A chapter's blocks by whose they are; one that is nobody's belongs to what stands before it, else behind it. */
function piecesOf(shares: BlockShares, counts: (owner: number) => boolean): OwnedBlocks[] {
  const owners = shares.map((block) => {
    const [most] = [...block].filter(([owner]) => counts(owner)).toSorted(([, a], [, b]) => b - a)
    return most?.[0]
  })
  let before = owners.find((owner) => owner !== undefined)
  const pieces: OwnedBlocks[] = []
  for (const [at, owner = before] of owners.entries()) {
    before = owner
    const last = pieces.at(-1)
    if (last && last.owner === owner) pieces[pieces.length - 1] = { ...last, end: at + 1 }
    else pieces.push({ owner, start: at, end: at + 1 })
  }
  return pieces.length === 0 ? [{ owner: undefined, start: 0, end: 0 }] : pieces
}
