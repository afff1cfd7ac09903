import { eyesOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import type { Inbox } from '../../jobs/inbox/inbox.ts'
import { forgetRefused, type ListedInboxFile, listInboxFiles } from '../../storage/queries/inbox-queries.ts'
import type { Eyes } from '../../storage/queries/kept-novel-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, pageQuery } from '../contract/field-contract.ts'
import { inboxAnswer, type InboxFileView, inboxRetry, type InboxView } from '../contract/inbox-contract.ts'
import { viewTrouble } from '../views/trouble-view.ts'

const tags = ['novels']

/** The watched folder: what became of the files in it. */
export function inboxRoutes(
  app: ApiServer,
  application: Pick<Application, 'db'>,
  inbox: Inbox | undefined,
): void {
  const view = async (page: { limit: number; offset: number }, eyes: Eyes): Promise<InboxView> => {
    const waiting = page.offset === 0 ? (inbox?.waiting ?? []).slice(0, page.limit).map(viewWaiting) : []
    const read = await listInboxFiles(application.db, eyes, page)
    return {
      folder: inbox?.root ?? null,
      speak: inbox?.speak ?? 'no',
      problem: inbox?.problem ?? null,
      files: [...waiting, ...read.map(viewFile)],
    }
  }

  app.get(
    '/api/inbox',
    {
      schema: {
        tags,
        summary: 'The watched folder, and what became of the files in it',
        querystring: pageQuery,
        response: { 200: inboxAnswer, '4xx': failure },
      },
    },
    async (request) => ({ success: true as const, inbox: await view(request.query, eyesOf(request)) }),
  )

  app.post(
    '/api/inbox/retry',
    {
      schema: {
        tags,
        summary: 'Read refused files of the watched folder again',
        body: inboxRetry,
        response: { 200: inboxAnswer, '4xx': failure },
      },
    },
    async (request) => {
      await forgetRefused(application.db, request.body.paths)
      inbox?.wake()
      return { success: true as const, inbox: await view(pageQuery.parse({}), eyesOf(request)) }
    },
  )
}

function viewWaiting(path: string): InboxFileView {
  return { path, state: 'waiting', novelId: null, title: null, trouble: null, readAt: null }
}

function viewFile({ failure: stored, ...file }: ListedInboxFile): InboxFileView {
  return { ...file, trouble: stored && viewTrouble(stored) }
}
