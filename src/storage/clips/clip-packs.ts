import type { Casting } from '../../novel/casting.ts'
import type { PackOutcome } from '../clip-store.ts'
import { isGroup, packKey } from '../object-keys.ts'
import {
  listedLeftovers,
  moveIntoPack,
  noteLeftoverObjects,
  type PackedClip,
  storedClipRange,
} from '../queries/clip-object-queries.ts'
import { type ClipSources, readSegments, type SegmentRow } from './clip-reads.ts'
import { unlisted } from './object-clip-store.ts'

/** So many clips of a chapter that has a pack already are worth another one. */
const fewestAgain = 8

/**
 * Joins the clips of a complete chapter that are not in a pack yet into one object, in reading order, which is read many
 * times faster. Their own objects, and groups, are noted, to be removed when no clip has them and nobody reads them any
 * more. Can be repeated, and run twice at the same time.
 */
export async function packChapter(
  sources: ClipSources,
  chapterId: number,
  casting: Casting,
  signal?: AbortSignal,
): Promise<PackOutcome> {
  const { db, objects } = sources
  const segments = await storedClipRange(db, chapterId, casting, 0, Number.MAX_SAFE_INTEGER)
  if (segments.length === 0 || segments.some(({ row }) => !row)) return 'incomplete'
  const unpacked = withoutRepetitions(segments).filter((each) => !isInPack(each))
  const isFirst = !segments.some(isInPack)
  if (unpacked.length < (isFirst ? 2 : fewestAgain)) return 'packed-already'
  const content = unpacked.map(({ key, row }) => `${key.recipe}/${key.words}/${row?.checksum}`).join()
  const name = packKey(casting.id, chapterId, content)
  const pack = unlisted(name, await listedLeftovers(db, [name]))
  const packed: PackedClip[] = []
  let isDamaged = false
  async function* audio(): AsyncGenerator<Uint8Array> {
    let [at, offset] = [0, 0]
    for await (const { clip } of readSegments(sources, unpacked)) {
      const row = unpacked[at++]?.row
      isDamaged ||= clip === undefined || clip === 'damaged'
      if (!row || clip === undefined || clip === 'damaged') throw new Error('a clip of the pack is damaged')
      packed.push({ id: row.id, object: row.object, offset, bytes: clip.adts.length })
      offset += clip.adts.length
      yield clip.adts
    }
  }
  try {
    await objects.put(pack, audio(), signal)
  } catch (error) {
    // The next listener finds it corrupt, and it is spoken again.
    if (isDamaged) return 'incomplete'
    throw error
  }
  await db.transaction().execute(async (commit) => {
    // All of them were replaced meanwhile, or packed by somebody else: then this may be his pack.
    if ((await moveIntoPack(commit, pack, packed)) === 0) await noteLeftoverObjects(commit, [pack])
  })
  return 'packed'
}

function isInPack({ row }: SegmentRow): boolean {
  return row !== undefined && row.object !== null && row.offset !== null && !isGroup(row.object)
}

/** A text that occurs more than once has one clip. */
function withoutRepetitions(segments: readonly SegmentRow[]): SegmentRow[] {
  const seen = new Set<number | undefined>()
  return segments.filter(({ row }) => !seen.has(row?.id) && seen.add(row?.id))
}
