import type { Application } from '../application.ts'

type UnfinishedParts = Pick<
  Application,
  'castAnalysis' | 'deletions' | 'dispatcher' | 'installer' | 'jobs' | 'log' | 'transcoder'
>

/** Sends the jobs of all that rows say is unfinished whenever the queue has lost what was sent. */
export function sendAgainWhenForgotten(application: UnfinishedParts): Disposable {
  const { castAnalysis, deletions, dispatcher, installer, jobs, log, transcoder } = application
  return jobs.onForgotten(() => {
    installer.work()
    castAnalysis.work()
    transcoder.takeUp()
    deletions.work()
    // Whatever of this fails the planner does within a minute.
    dispatcher.refresh().catch((err: unknown) => log.warn({ err }, 'generations could not be planned again'))
  })
}
