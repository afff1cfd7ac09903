import {
  type Cast,
  type Character,
  type Correction,
  countKey,
  firstCharacterRole,
  lastRole,
  lineAnchor,
} from '../../novel/cast.ts'
import { Failure } from '../../novel/failure.ts'
import { castOf, revertCast, saveCast } from '../../storage/queries/cast-queries.ts'
import { linesOf } from '../../storage/queries/chapter-line-queries.ts'
import { chapterText } from '../../storage/queries/chapter-queries.ts'
import type { Application } from '../application.ts'
import { requireChapter, requireNovel } from '../require-novel.ts'

type CastParts = Pick<Application, 'db' | 'voices'>

/** A character as somebody wants it; without a role it is a new one. */
interface WantedCharacter extends Omit<Character, 'role'> {
  readonly role?: number | undefined
}

export interface WantedCast {
  /** The version that it was made of. */
  readonly version: number
  readonly characters: readonly WantedCharacter[]
  readonly dialogue?: string | undefined
}

/**
 * Stores another cast, as a version that can be undone. A role that is left out is gone: its corrected lines are those of
 * the character that has its names now. The book stays as it is until the cast is applied. Throws `novel.unknown`,
 * `cast.outdated`, `cast.impossible`, `voice.unknown`.
 */
export async function saveWantedCast(
  { db, voices }: CastParts,
  novelId: string,
  wanted: WantedCast,
): Promise<void> {
  await requireNovel({ db }, novelId)
  for (const { voice } of wanted.characters) if (voice !== undefined) voices.byId(voice)
  if (wanted.dialogue !== undefined) voices.byId(wanted.dialogue)
  const names = wanted.characters.flatMap((one) => one.names)
  if (new Set(names).size !== names.length)
    throw new Failure('cast.impossible', { detail: 'two characters have the same name' })
  const roles = wanted.characters.flatMap(({ role }) => (role === undefined ? [] : [role]))
  if (new Set(roles).size !== roles.length)
    throw new Failure('cast.impossible', { detail: 'two characters have the same role' })
  const saved = await saveCast(db, novelId, wanted.version, (before) => {
    const known = new Set(before.characters.map(({ role }) => role))
    for (const role of roles)
      if (!known.has(role))
        throw new Failure('cast.impossible', { detail: `there is no character with the role ${role}` })
    return castFrom(before, wanted)
  })
  if (saved === undefined) throw new Failure('cast.outdated')
}

function castFrom(before: Cast, { characters: wanted, dialogue }: WantedCast): Cast {
  let last = lastRole(before)
  const characters = wanted.map((one): Character => ({ ...one, role: one.role ?? ++last }))
  const kept = new Set(characters.map(({ role }) => role))
  const heirs = new Map<number, number>()
  for (const { role, names } of before.characters) {
    if (kept.has(role)) continue
    const heir = characters.find((one) => names.some((name) => one.names.includes(name)))
    if (heir) heirs.set(role, heir.role)
  }
  const corrections = Object.entries(before.corrections).flatMap(
    ([anchor, { role, was }]): [string, Correction][] => {
      if (role < firstCharacterRole || kept.has(role)) return [[anchor, { role, was }]]
      const heir = heirs.get(role)
      return heir === undefined ? [] : [[anchor, { role: heir, was }]]
    },
  )
  return {
    characters,
    ...(dialogue !== undefined && { dialogue }),
    corrections: Object.fromEntries(corrections),
    ...(before.sentences && { sentences: before.sentences }),
  }
}

/** A line of a chapter, by where it begins, and whose it is: 0 the narrator's, 1 nobody's; `null`: as it was found. */
export interface CorrectedLine {
  readonly block: number
  readonly start: number
  readonly role: number | null
}

/**
 * Gives lines of a chapter to others, as a version that can be undone. Throws `novel.unknown`, `chapter.unknown`,
 * `cast.none`, `cast.outdated`, `cast.impossible`.
 */
export async function correctLines(
  { db }: CastParts,
  novelId: string,
  chapterNumber: number,
  { version, lines: wanted }: { readonly version: number; readonly lines: readonly CorrectedLine[] },
): Promise<void> {
  const { chapter } = await requireChapter({ db }, novelId, chapterNumber)
  const lines = await linesOf(db, chapter.id)
  if (!lines) throw new Failure('cast.none')
  const { blocks } = await chapterText(db, chapter.id)
  const found = wanted.map(({ block, start, role }) => {
    const line = lines.find((one) => one.block === block && one.start === start)
    if (!line)
      throw new Failure('cast.impossible', { detail: `no line begins at ${start} of paragraph ${block}` })
    return { anchor: lineAnchor(blocks, line), was: countKey(line), role }
  })
  const saved = await saveCast(db, novelId, version, (cast) => {
    const roles = new Set(cast.characters.map(({ role }) => role))
    const corrections = new Map(Object.entries(cast.corrections))
    for (const { anchor, role, was } of found) {
      if (role === null) corrections.delete(anchor)
      else if (role < firstCharacterRole || roles.has(role)) corrections.set(anchor, { role, was })
      else throw new Failure('cast.impossible', { detail: `there is no character with the role ${role}` })
    }
    return { ...cast, corrections: Object.fromEntries(corrections) }
  })
  if (saved === undefined) throw new Failure('cast.outdated')
}

/** Shows the version before, or the one behind. Throws `novel.unknown`, `edit.nothing`. */
export async function revertWantedCast(
  { db }: CastParts,
  novelId: string,
  direction: 'undo' | 'redo',
): Promise<void> {
  await requireNovel({ db }, novelId)
  if (!(await revertCast(db, novelId, direction)))
    throw new Failure('edit.nothing', { verb: direction === 'undo' ? 'undone' : 'done again' })
}

/** The cast that is shown. Throws `cast.none`. */
export async function requireCast({ db }: Pick<CastParts, 'db'>, novelId: string): ReturnType<typeof castOf> {
  const found = await castOf(db, novelId)
  if (found.state.version === 0) throw new Failure('cast.none')
  return found
}
