import { progressBrief, segmentEvent } from './contract.ts'
import { install, speechServer } from './voice-contract.ts'

/** `GET /api/worker/events`: the `data` of each kind of event. */
export const events = {
  /** A generation's figures moved (at most a few times a second for each). */
  progress: progressBrief,
  segment: segmentEvent,
  /** A generation was accepted, or its status changed. */
  generation: progressBrief,
  /** An install moved on (at most a few times a second). */
  install,
  /** A speech server rests, or does so no more. */
  'speech-server': speechServer,
}
