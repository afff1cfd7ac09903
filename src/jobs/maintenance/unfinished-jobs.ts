import type { Application } from '../application.ts'

type TakenUpParts = Pick<
  Application,
  'castAnalysis' | 'castQuestions' | 'installer' | 'lexicons' | 'opdsFetches'
>
type UnfinishedParts = TakenUpParts &
  Pick<Application, 'deletions' | 'dispatcher' | 'jobs' | 'log' | 'transcoder'>

/** Sends the jobs of what rows say is unfinished, of those who do nothing but jobs. */
export function takeUpUnfinished({
  castAnalysis,
  castQuestions,
  installer,
  lexicons,
  opdsFetches,
}: TakenUpParts): void {
  installer.work()
  castAnalysis.work()
  castQuestions.work()
  lexicons.work()
  opdsFetches.work()
}

/** Sends the jobs of all that rows say is unfinished whenever the queue has lost what was sent. */
export function sendAgainWhenForgotten(application: UnfinishedParts): Disposable {
  const { deletions, dispatcher, jobs, log, transcoder } = application
  return jobs.onForgotten(() => {
    takeUpUnfinished(application)
    transcoder.takeUp()
    deletions.work()
    // Whatever of this fails the planner does within a minute.
    dispatcher.refresh().catch((err: unknown) => log.warn({ err }, 'generations could not be planned again'))
  })
}
