import { type Cast, lastRole, lineAnchor, type OwnVoice } from '../../novel/cast.ts'
import { Failure } from '../../novel/failure.ts'
import { castOf, saveCast } from '../../storage/queries/cast-queries.ts'
import { chapterText, segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { applyCast, type CastContext } from './apply-cast.ts'
import { requireChapter, requireNovel } from '../require-novel.ts'

/** A voice for one sentence. */
export interface SentenceVoice {
  /** `null`: as the rest of the book has it. */
  readonly voice: string | null
  /** Whether the book is to be spoken so at once. It is not while other changes of the cast wait to be applied. */
  readonly apply: boolean
}

/**
 * Gives a segment of a chapter a voice of its own, whoever says it, as a version of the cast that can be undone; also in a
 * book that nobody has looked through for its characters. Throws `novel.unknown`, `chapter.unknown`, `segment.unknown`,
 * `voice.unknown`, and what `applyCast` throws.
 */
export async function giveSentenceVoice(
  context: CastContext,
  novelId: string,
  { chapterNumber, index }: { readonly chapterNumber: number; readonly index: number },
  wanted: SentenceVoice,
): Promise<void> {
  const { db } = context
  const { chapter } = await requireChapter(context, novelId, chapterNumber)
  const [{ blocks }, segments] = await Promise.all([chapterText(db, chapter.id), segmentsOf(db, chapter.id)])
  const place = segments[index]
  if (!place) throw new Failure('segment.unknown', { index, last: segments.length - 1 })
  const text = blocks[place.block]!.text.slice(place.start, place.end)
  await change(context, novelId, wanted, lineAnchor(blocks, place), text)
}

/** The same for a sentence that has a voice of its own, by its anchor. Throws `cast.outdated` if it has none. */
export async function changeSentenceVoice(
  context: CastContext,
  novelId: string,
  anchor: string,
  wanted: SentenceVoice,
): Promise<void> {
  await requireNovel(context, novelId)
  await change(context, novelId, wanted, anchor, undefined)
}

async function change(
  context: CastContext,
  novelId: string,
  { voice, apply }: SentenceVoice,
  anchor: string,
  text: string | undefined,
): Promise<void> {
  const { db, voices } = context
  if (voice !== null) voices.byId(voice)
  const { cast, state } = await castOf(db, novelId)
  const { [anchor]: before, ...others } = cast.sentences ?? {}
  const written = text ?? before?.text
  if (written === undefined) throw new Failure('cast.outdated')
  if (voice === (before?.voice ?? null)) return
  const sentences =
    voice === null ? others : { ...others, [anchor]: { role: roleOf(cast, voice), voice, text: written } }
  const saved = await saveCast(db, novelId, state.version, (now) => withSentences(now, sentences))
  if (saved === undefined) throw new Failure('cast.outdated')
  const isAllApplied = state.version === 0 || state.applied === state.version
  if (apply && isAllApplied) await applyCast(context, novelId, saved)
}

/** Sentences with one voice are one role. */
function roleOf(cast: Cast, voice: string): number {
  const same = Object.values(cast.sentences ?? {}).find((one) => one.voice === voice)
  return same?.role ?? lastRole(cast) + 1
}

function withSentences(cast: Cast, sentences: Readonly<Record<string, OwnVoice>>): Cast {
  if (Object.keys(sentences).length > 0) return { ...cast, sentences }
  const { sentences: gone, ...rest } = cast
  return gone === undefined ? cast : rest
}
