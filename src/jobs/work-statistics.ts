import { type Clip, framesToSeconds } from '../novel/clip.ts'
import type { EventBus } from './event-bus.ts'

/** What this process has done since its start, as sums that only grow. */
export class WorkStatistics {
  /** Clips that became durable, in how many commits, and the wall-clock seconds that these took. */
  segmentsSpoken = 0
  commits = 0
  commitSeconds = 0
  /** Seconds of speech in these clips. */
  speechSeconds = 0
  /** Segments that came back unspoken, to be tried again. */
  segmentsRequeued = 0
  /** Segments given up after their last attempt. */
  segmentsSetAside = 0

  constructor(eventBus: EventBus) {
    eventBus.subscribe((event, remote) => {
      if (remote || event.kind !== 'segment') return
      if (event.segment.state === 'waiting') this.segmentsRequeued++
      if (event.segment.state === 'set-aside') this.segmentsSetAside++
    })
  }

  /** `seconds`: how long the commit of these clips took. */
  recordCommit(clips: readonly Clip[], seconds: number): void {
    this.commits++
    this.commitSeconds += seconds
    this.segmentsSpoken += clips.length
    for (const { frameSizes } of clips) this.speechSeconds += framesToSeconds(frameSizes.length)
  }
}
