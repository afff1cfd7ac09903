import type { QueryClient } from '@tanstack/react-query'
import type {
  Progress,
  ProgressBrief,
  Queue,
  SegmentEvent,
} from '../../src/http/contract/generation-contract.ts'
import type { ProgressEvent } from '../../src/http/contract/event-contract.ts'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters, Shelf } from '../cached-answers.ts'
import { chapterWith, novelAt, novelWith, progressAt, progressWith, queueWith, shelfWith } from './apply.ts'
import { changeKnown } from './known.ts'

/** What the stream told within a moment. */
export interface ToldFigures {
  readonly segments: readonly SegmentEvent[]
  /** By id, each as it was told last. */
  readonly briefs: ReadonlyMap<string, ProgressBrief>
  readonly told: readonly ProgressEvent[]
}

/** Brings the figures of everything that is known up to date. */
export function renewFigures(client: QueryClient, { segments, briefs, told }: ToldFigures): void {
  for (const brief of briefs.values())
    changeKnown<Progress>(client, keys.progress(brief.id), (known) => ({ ...known, ...brief }))
  if (briefs.size > 0) changeKnown<Queue>(client, keys.queue, (known) => queueWith(known, briefs))
  if (segments.length > 0) countSegments(client, segments)
  for (const event of told) {
    changeKnown<NovelWithChapters>(client, keys.novel(event.novelId), (known) => novelAt(known, event))
    changeKnown<Progress>(client, keys.progress(event.id), (known) => progressAt(known, event))
  }
}

function countSegments(client: QueryClient, segments: readonly SegmentEvent[]): void {
  // Counted on. How it is tells the next progress, or the next answer.
  const once = { once: true }
  changeKnown<Progress>(client, ['progress'], (known) => progressWith(known, segments), once)
  changeKnown<Shelf>(client, keys.novels, (known) => shelfWith(known, segments), once)
  for (const [novelId, events] of Map.groupBy(segments, (event) => event.novelId)) {
    changeKnown<NovelWithChapters>(client, keys.novel(novelId), (known) => novelWith(known, events), once)
    for (const number of new Set(events.map((event) => event.chapterNumber)))
      changeKnown<Chapter>(client, keys.chapter(novelId, number), (known) =>
        chapterWith(known, novelId, events),
      )
  }
}
