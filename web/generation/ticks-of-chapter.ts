import type { Progress } from '../../src/http/contract/generation-contract.ts'
import { type Marks, type Tick, ticksOfCount } from '../element/ribbon-model.ts'

type ChapterFigures = Pick<Progress['chapters'][number], 'segmentsDone' | 'segmentsTotal' | 'status'>

/** A tick per segment: those set aside stand where they are missing. `live` are the moment's marks. */
export function ticksOfChapter(
  { segmentsDone, segmentsTotal, status }: ChapterFigures,
  live: Marks,
  setAside: Progress['failedSegments'] = [],
): Tick[] {
  const marks = new Map([...setAside.map(({ index }) => [index, 'set-aside'] as const), ...live])
  return ticksOfCount(segmentsTotal, segmentsDone, marks, status === 'failed')
}
