import { z } from 'zod'
import { chapterListed, progressBrief, segmentEvent } from './api-contract.ts'
import { install, speechServer } from './voice-contract.ts'

/** A generation's figures, and those of its chapters that changed since they were told last: nobody has to ask for all. */
const progressEvent = progressBrief.extend({
  changed: z.array(
    chapterListed.pick({ number: true, status: true, segmentsDone: true, segmentsTotal: true }),
  ),
})
export type ProgressEvent = z.infer<typeof progressEvent>

/** `GET /api/worker/events`: the `data` of each kind of event. */
export const events = {
  /** A generation's figures moved (at most a few times a second for each). */
  progress: progressEvent,
  segment: segmentEvent,
  /** A generation was accepted, or its status changed. */
  generation: progressEvent,
  /** An install moved on (at most a few times a second). */
  install,
  /** A speech server rests, or does so no more. */
  'speech-server': speechServer,
}
