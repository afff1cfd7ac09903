import type { Application } from '../../jobs/application.ts'
import { settleImport } from '../../jobs/import/settle-import.ts'
import type { TrashParts } from '../../jobs/import/novel-trash.ts'
import { addedBy } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'
import { addressRequest, imported } from '../contract/import-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { type ImportedViewParts, viewImported } from '../views/imported-view.ts'
import { viewerOf } from '../views/viewer.ts'

/** Books by their address; `privateHosts`: of which they are fetched though they are in a private network. */
export function addressRoutes(
  app: ApiServer,
  application: ImportedViewParts & TrashParts & Pick<Application, 'eventBus' | 'lexicons'>,
  settings: { readonly uploadLimit: number; readonly privateHosts: ReadonlySet<string> },
  closing: AbortSignal,
): void {
  app.post(
    '/api/novels/address',
    {
      schema: {
        tags: ['novels'],
        summary:
          'Add what lies at an address: of a web page its article, else a book’s file; a client that goes away calls it off',
        body: addressRequest,
        response: { 201: imported, 200: imported, '4xx': failure, '5xx': failure },
      },
    },
    async (request, reply) => {
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const { address, separate, kept } = request.body
      const { importAddress } = await import('../../jobs/import/address/import-address.ts')
      const options = { separate, ...addedBy(request, kept) }
      const added = await importAddress(application, address, settings, signal, options)
      await settleImport(application, added)
      const answer = await viewImported(application, added, viewerOf(request), signal)
      return reply.code(added.added ? 201 : 200).send(answer)
    },
  )
}
