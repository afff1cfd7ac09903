import { eyesOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { browseCatalogue, searchCatalogue } from '../../jobs/opds/browse-catalogue.ts'
import {
  addOpdsSource,
  changeOpdsSource,
  removeOpdsSource,
  requireOpdsSource,
} from '../../jobs/opds/opds-sources.ts'
import { Failure } from '../../novel/failure.ts'
import type { Eyes } from '../../storage/queries/kept-novel-queries.ts'
import { listOpdsFetches } from '../../storage/queries/opds-fetch-queries.ts'
import { listOpdsSources } from '../../storage/queries/opds-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { done, failure, removal } from '../contract/field-contract.ts'
import {
  oneOpdsSource,
  opdsFetchList,
  opdsFetchParams,
  opdsFetchPost,
  opdsFetchQuery,
  opdsPageAnswer,
  opdsPageQuery,
  opdsSourceList,
  opdsSourceParams,
  opdsSourcePatch,
  opdsSourcePost,
} from '../contract/opds-source-contract.ts'
import { viewOpdsFetch, viewOpdsPage, viewOpdsSource } from '../views/opds-source-view.ts'

const tags = ['novels']

/** OPDS catalogues of others: the admin adds them, and books are fetched from them. */
export function opdsSourceRoutes(
  app: ApiServer,
  application: Pick<Application, 'db' | 'opdsFetches'>,
  closing: AbortSignal,
): void {
  const { db, opdsFetches } = application
  const listed = async (eyes: Eyes, of: Parameters<typeof listOpdsFetches>[2]) => {
    const [fetches, bytesDone] = [await listOpdsFetches(db, eyes, of), await opdsFetches.bytesDone()]
    return fetches.map((fetch) => viewOpdsFetch(fetch, bytesDone))
  }

  app.get(
    '/api/opds-sources',
    {
      schema: {
        tags,
        summary: 'The OPDS catalogues from which books are fetched',
        response: { 200: opdsSourceList, '4xx': failure },
      },
    },
    async () => ({ success: true as const, sources: (await listOpdsSources(db)).map(viewOpdsSource) }),
  )

  app.post(
    '/api/opds-sources',
    {
      schema: {
        tags,
        summary: 'Add an OPDS catalogue; it is asked for its first page',
        body: opdsSourcePost,
        response: { 201: oneOpdsSource, '4xx': failure, 502: failure },
      },
    },
    async (request, reply) => {
      const source = await addOpdsSource(application, request.body, closing)
      return reply.code(201).send({ success: true, source: viewOpdsSource(source) })
    },
  )

  app.patch(
    '/api/opds-sources/:id',
    {
      schema: {
        tags,
        summary: 'Change an OPDS catalogue',
        params: opdsSourceParams,
        body: opdsSourcePatch,
        response: { 200: oneOpdsSource, '4xx': failure, 502: failure },
      },
    },
    async (request) => {
      const source = await changeOpdsSource(application, request.params.id, request.body, closing)
      return { success: true as const, source: viewOpdsSource(source) }
    },
  )

  app.delete(
    '/api/opds-sources/:id',
    {
      schema: {
        tags,
        summary: 'Forget an OPDS catalogue with its password; books that came from it stay',
        params: opdsSourceParams,
        response: { 200: done.extend({ removal }), '4xx': failure },
      },
    },
    async (request) => ({
      success: true as const,
      removal: await removeOpdsSource(application, request.params.id),
    }),
  )

  app.get(
    '/api/opds-sources/:id/page',
    {
      schema: {
        tags,
        summary: 'A page of an OPDS catalogue, asked for now',
        params: opdsSourceParams,
        querystring: opdsPageQuery,
        response: { 200: opdsPageAnswer, '4xx': failure, 502: failure },
      },
    },
    async (request) => {
      const source = await requireOpdsSource(application, request.params.id)
      const { at, search } = request.query
      if (search !== undefined && at === undefined)
        throw new Failure('request.invalid', { detail: 'at: a search needs the `search` of a page' })
      if (at !== undefined && !URL.canParse(at))
        throw new Failure('request.invalid', { detail: 'at: it is no address' })
      const page =
        search !== undefined && at !== undefined
          ? await searchCatalogue(source, at, search, closing)
          : await browseCatalogue(source, { at, signal: closing })
      const addresses = page.books.flatMap(({ files }) => files.map(({ address }) => address))
      const fetches = await fetchesOf(eyesOf(request), source.id, addresses)
      return { success: true as const, source: viewOpdsSource(source), page: viewOpdsPage(page, fetches) }
    },
  )

  /** Not too many in one statement. */
  const fetchesOf = async (eyes: Eyes, source: string, addresses: readonly string[]) => {
    const found = []
    for (let from = 0; from < addresses.length; from += 200) {
      const some = addresses.slice(from, from + 200)
      found.push(...(await listed(eyes, { limit: some.length, of: { source, addresses: some } })))
    }
    return found
  }

  app.post(
    '/api/opds-sources/:id/fetches',
    {
      schema: {
        tags,
        summary: 'Fetch books of an OPDS catalogue and import them, in the background',
        params: opdsSourceParams,
        body: opdsFetchPost,
        response: { 202: opdsFetchList, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const fetches = await opdsFetches.request(id, request.body.books)
      const addresses = fetches.map(({ address }) => address)
      const asked = await fetchesOf(eyesOf(request), id, addresses)
      // In the order in which they were asked for.
      const inOrder = asked.toSorted((a, b) => addresses.indexOf(a.address) - addresses.indexOf(b.address))
      return reply.code(202).send({ success: true, fetches: inOrder })
    },
  )

  app.get(
    '/api/opds-fetches',
    {
      schema: {
        tags,
        summary: 'What became of books that were asked for from OPDS catalogues',
        querystring: opdsFetchQuery,
        response: { 200: opdsFetchList, '4xx': failure },
      },
    },
    async (request) => ({ success: true as const, fetches: await listed(eyesOf(request), request.query) }),
  )

  app.post(
    '/api/opds-fetches/:fetchId/retry',
    {
      schema: {
        tags,
        summary: 'Try a book again that could not be fetched',
        params: opdsFetchParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      await opdsFetches.retry(request.params.fetchId)
      return { success: true as const }
    },
  )

  app.delete(
    '/api/opds-fetches/:fetchId',
    {
      schema: {
        tags,
        summary: 'Forget a book that was asked for: one that waits is not fetched, an imported one stays',
        params: opdsFetchParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      await opdsFetches.forget(request.params.fetchId)
      return { success: true as const }
    },
  )
}
