import { z } from 'zod'
import { listenerMatters } from '../../jobs/event-bus.ts'
import { progressBrief, segmentEvent } from './generation-contract.ts'
import { chapterListed } from './novel-contract.ts'
import { install, speechServer } from './voice-contract.ts'

/** A generation's progress, with the chapters that changed since the last event, so that clients need not refetch all. */
const progressEvent = progressBrief.extend({
  changed: z.array(
    chapterListed.pick({ number: true, status: true, segmentsDone: true, segmentsTotal: true }),
  ),
})
export type ProgressEvent = z.infer<typeof progressEvent>

const listenerEvent = z.object({
  about: z.enum(listenerMatters),
  novelId: z.string().optional(),
  device: z.string().optional().describe('the one that changed it'),
})
export type ListenerEvent = z.infer<typeof listenerEvent>

/** `GET /api/worker/events`: the `data` of each kind of event. */
export const events = {
  /** A generation's progress changed (at most four times a second each). */
  progress: progressEvent,
  segment: segmentEvent,
  /** A generation was accepted, or its status changed. */
  generation: progressEvent,
  /** A novel was added, deleted, or its text or settings changed: ask for it again. */
  novel: z.object({ id: z.string() }),
  /** Something of a listener was changed, in one novel or for all: ask for it again. */
  listener: listenerEvent,
  /** An install's progress changed (at most four times a second). */
  install,
  /** A speech server's availability changed. */
  'speech-server': speechServer,
  /** A speaker machine joined, left, or changed its state: ask for the machines again. */
  machine: z.object({ id: z.string() }),
}

export type EventData = { readonly [Kind in keyof typeof events]: z.infer<(typeof events)[Kind]> }
