import type { Application } from '../application.ts'
import { auditFinished } from './recover.ts'
import { recoverNovels, type RecoverSourcesParts } from './recover-sources.ts'

/** Background audit: re-imports novels that the database lacks, then requeues lost clips. */
export async function auditInBackground(
  application: RecoverSourcesParts & Pick<Application, 'counts' | 'deletions' | 'dispatcher' | 'eventBus'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await recoverNovels(application, signal)
    application.deletions.work()
    await auditFinished(application, signal)
  } catch (error) {
    if (!signal.aborted) application.log.error({ err: error }, 'the audit of the clips was interrupted')
  }
}
