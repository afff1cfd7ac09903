import type { Application } from '../../jobs/application.ts'
import { type Cast, dialogueRole, type Line, lineAnchor, roleFinder } from '../../novel/cast.ts'
import { castOf, isLapsed, neighbourVersion } from '../../storage/queries/cast-queries.ts'
import { type ChapterSpeakers, countUnread, speakersOf } from '../../storage/queries/chapter-line-queries.ts'
import type { Block } from '../../novel/novel.ts'
import type { ChatModel } from '../../novel/chat-model.ts'
import type { Database } from '../../storage/database-tables.ts'
import { questionCosts, questionRunOf } from '../../storage/queries/cast-question-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { CastCharacter, CastLine, CastView } from '../contract/cast-contract.ts'

/** Who speaks in a novel, as it is shown. */
export async function viewCast(
  { db, voices, castQuestions }: Pick<Application, 'castQuestions' | 'db' | 'voices'>,
  novel: NovelRow,
): Promise<CastView> {
  const [{ cast, state }, chapters, unread, undo, redo, model] = await Promise.all([
    castOf(db, novel.id),
    speakersOf(db, novel.id),
    countUnread(db, novel.id),
    neighbourVersion(db, novel.id, 'undo'),
    neighbourVersion(db, novel.id, 'redo'),
    castQuestions.model(),
  ])
  const { proposeAliases, proposeVoices } = await import('../../cast/cast-proposal.ts')
  const { lines, first } = countLines(cast, chapters)
  const narrator = voices.ofNovel(novel)?.id ?? ''
  const proposed = proposeVoices(cast, voices.speaking(novel.language), narrator)
  const aliases = new Map(proposeAliases(cast).map(({ role, sameAs }) => [role, sameAs]))
  const characters = cast.characters.map((character): CastCharacter => {
    const { role, name, names, gender, age, voice } = character
    const [proposedVoice, sameAs, sample] = [proposed.get(role), aliases.get(role), first.get(role)]
    return {
      role,
      name,
      names: [...names],
      ...(gender && { gender }),
      ...(age && { age }),
      ...(voice !== undefined && { voice }),
      ...(proposedVoice !== undefined && { proposedVoice }),
      ...(sameAs !== undefined && { sameAs }),
      lines: lines.get(role) ?? 0,
      ...(sample && { first: sample }),
    }
  })
  const states = {
    none: state.version === 0 ? 'none' : 'ready',
    wanted: 'analysing',
    done: 'ready',
    failed: 'failed',
  } as const
  return {
    state: states[state.analysis],
    version: state.version,
    applied: state.version > 0 && state.applied === state.version,
    lapsed: isLapsed(state.applied),
    unread,
    ...(cast.dialogue !== undefined && { dialogue: cast.dialogue }),
    characters: characters.toSorted((one, other) => other.lines - one.lines || one.role - other.role),
    open: lines.get(dialogueRole) ?? 0,
    narrated: lines.get(0) ?? 0,
    corrections: Object.keys(cast.corrections).length,
    sentences: Object.entries(cast.sentences ?? {}).map(([id, { text, voice }]) => ({ id, text, voice })),
    undo: undo !== undefined,
    redo: redo !== undefined,
    ...(model && { questions: await viewQuestions(db, novel.id, model) }),
  }
}

async function viewQuestions(
  db: Database,
  novelId: string,
  { maxRequests, maxTokens }: ChatModel,
): Promise<NonNullable<CastView['questions']>> {
  const [run, costs] = await Promise.all([questionRunOf(db, novelId), questionCosts(db, novelId)])
  const { state = 'none' as const, asked = 0, total = 0, message = null } = run ?? {}
  return { state, asked, total, ...costs, maxRequests, maxTokens, ...(message !== null && { message }) }
}

/** Lines by role, and of each the first. Lines that were corrected count for whom they were given to. */
function countLines(
  cast: Cast,
  chapters: readonly { readonly number: number; readonly speakers: ChapterSpeakers }[],
) {
  const byName = new Map(
    cast.characters.flatMap(({ role, names }) => names.map((name) => [name, role] as const)),
  )
  const roleOf = (key: string): number => {
    if (key === '*thought' || key === '*self') return 0
    return byName.get(key) ?? dialogueRole
  }
  const lines = new Map<number, number>()
  const first = new Map<number, NonNullable<CastCharacter['first']>>()
  const add = (role: number, count: number) => lines.set(role, Math.max(0, (lines.get(role) ?? 0) + count))
  for (const { number, speakers } of chapters) {
    for (const [key, { lines: count, ...sample }] of Object.entries(speakers)) {
      const role = roleOf(key)
      add(role, count)
      if (!first.has(role)) first.set(role, { chapterNumber: number, ...sample })
    }
  }
  for (const { role, was } of Object.values(cast.corrections)) {
    add(roleOf(was), -1)
    add(role, 1)
  }
  return { lines, first }
}

/** The lines of a chapter with their roles. */
export function viewLines(cast: Cast, blocks: readonly Block[], lines: readonly Line[]): CastLine[] {
  const roleOf = roleFinder(cast)
  return lines.map((line) => {
    const { block, start, end, kind, basis } = line
    const anchor = lineAnchor(blocks, line)
    const role = roleOf(line, anchor)
    const found = cast.corrections[anchor]?.role === role ? 'corrected' : basis
    return { block, start, end, kind, role, ...(found && { basis: found }) }
  })
}
