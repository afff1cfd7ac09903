import { titleFromFileName } from '../../importer/title-text.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  countTextsIn,
  type KnownNovel,
  novelHeads,
  novelsWithTexts,
  sampleTexts,
} from '../../storage/queries/known-novel-queries.ts'
import { metadataOf } from '../../storage/queries/novel-queries.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import type { NovelHead } from './book-reader.ts'

/** Novels read at once. */
const headsPerStep = 200

/** What a file says of its book, by which it may be known. */
type BookHead = Pick<NovelHead, 'title' | 'author' | 'language' | 'identifiers'> & {
  readonly fileName: string
}

/** What somebody keeps to themselves is another version of what they keep so, and never of what all see. */
export interface KeptBookHead extends BookHead {
  readonly keeper: string | null
}

/**
 * The share of texts that two versions must have in common, of the one that has more of them in the other. Whole other books
 * bear the same identifier (a template that somebody copied), so that never suffices.
 */
const enough = { identifier: 0.05, name: 0.1, text: 0.5 }
/** Fewer texts than this may be in common by chance: a greeting, a line of asterisks. */
const fewestTexts = 3
/** Of so many texts the novels are looked for that have them, if nothing else tells which it may be. */
const mostLookedFor = 100

/** The novels that a book may be another version of by what it says of itself, and by what. */
async function novelsByHead(
  db: Database,
  head: KeptBookHead,
): Promise<ReadonlyMap<string, 'identifier' | 'name'>> {
  const found = new Map<string, 'identifier' | 'name'>()
  for (let after = ''; ;) {
    const heads = await novelHeads(db, head.keeper, after, headsPerStep)
    for (const known of heads) {
      const by = knownBy(known, head)
      if (by) found.set(known.id, by)
    }
    const last = heads.at(-1)
    if (!last) return found
    after = last.id
    await yieldToEventLoop()
  }
}

function knownBy(known: KnownNovel, head: BookHead): 'identifier' | 'name' | undefined {
  if (primary(known.language) !== primary(head.language)) return undefined
  const identifiers = new Set(metadataOf(known).identifiers)
  if (head.identifiers?.some((each) => identifiers.has(each))) return 'identifier'
  if (!sameAuthor(known.author, head.author)) return undefined
  const titles = new Set([known.title, titleFromFileName(known.sourceName)].map(plainTitle))
  return [head.title, titleFromFileName(head.fileName)].some((title) => titles.has(plainTitle(title)))
    ? 'name'
    : undefined
}

/**
 * The novel on the shelf that the hidden novel `id`, which was just read, is another version of: by identifier, or by title and
 * author, or else by text alone, and never without text in common.
 */
export async function recogniseNovel(
  db: Database,
  id: string,
  head: KeptBookHead,
): Promise<string | undefined> {
  const sample = await sampleTexts(db, id)
  if (sample.length === 0) return undefined
  const byHead = await novelsByHead(db, head)
  let best: { readonly novelId: string; readonly share: number } | undefined
  for (const [novelId, by] of byHead) {
    const share = await shareInCommon(db, id, sample, novelId)
    if (share >= enough[by] && share > (best?.share ?? 0)) best = { novelId, share }
  }
  if (best) return best.novelId
  return novelByText(db, id, sample, head)
}

async function novelByText(
  db: Database,
  id: string,
  sample: readonly string[],
  head: KeptBookHead,
): Promise<string | undefined> {
  const step = Math.max(1, Math.floor(sample.length / mostLookedFor))
  const found = await novelsWithTexts(
    db,
    head.keeper,
    sample.filter((_, at) => at % step === 0),
    id,
  )
  const [first] = [...found].toSorted(([, one], [, other]) => other - one)
  if (!first) return undefined
  const [novelId, inCommon] = first
  if (inCommon < fewestTexts) return undefined
  const known = await novelHeads(db, head.keeper, justBefore(novelId), 1)
  if (known[0]?.id !== novelId || !sameAuthor(known[0].author, head.author)) return undefined
  return (await shareInCommon(db, id, sample, novelId)) >= enough.text ? novelId : undefined
}

/** What of the one that has more of it in the other: a book that has grown has all of the old one. */
async function shareInCommon(
  db: Database,
  id: string,
  sample: readonly string[],
  novelId: string,
): Promise<number> {
  const old = await sampleTexts(db, novelId)
  if (old.length === 0) return 0
  return Math.max(
    (await countTextsIn(db, id, old)) / old.length,
    (await countTextsIn(db, novelId, sample)) / sample.length,
  )
}

/** The greatest id below a UUID. */
function justBefore(id: string): string {
  return id.slice(0, -1)
}

const primary = (language: string): string => language.toLowerCase().split('-')[0]!

/** One that names nobody may be anybody's. */
function sameAuthor(one: string, other: string): boolean {
  const [a, b] = [plainName(one), plainName(other)]
  return a === '' || b === '' || a === b
}

function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/**
 * A title without how far the book goes, as serials have it: “(1–120)”, “ch. 120”, “第1-120章”, “chương 1 - 120”, “v2”, “complete”.
 */
function plainTitle(title: string): string {
  const short = title
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[([【（].*?[)\]】）]/gu, ' ')
    .replaceAll(
      /(?:\b(?:ch(?:apters?|s)?|ver(?:sion)?|v|vol(?:ume)?s?|part|books?|chương|tập|quyển)\b[.\s]*|第\s*)?\d+\s*(?:[-–—~～至到]\s*(?:第\s*)?\d+)?\s*(?:章|回|话|話|集|卷)?\s*$/gu,
      ' ',
    )
    .replaceAll(
      /\b(?:complete|completed|ongoing|updated|hoàn|full)\s*$|(?:完结|完本|连载|全本|更新)+\s*$/gu,
      ' ',
    )
  return plainName(short) || plainName(title)
}
