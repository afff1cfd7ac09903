import { invite, offerReset } from '../../accounts/account-links.ts'
import { writeAudit } from '../../accounts/audit.ts'
import { changePerson, endSessions, removePerson, requireRemovable } from '../../accounts/people.ts'
import type { ImportBatches } from '../../jobs/import/batches/import-batches.ts'
import { deleteNovelForGood, type TrashParts } from '../../jobs/import/novel-trash.ts'
import { Failure } from '../../novel/failure.ts'
import { deleteAccountLink, openInvitations } from '../../storage/queries/account-link-queries.ts'
import { auditRows } from '../../storage/queries/audit-queries.ts'
import { countKept, keptBy } from '../../storage/queries/kept-novel-queries.ts'
import { listPeople } from '../../storage/queries/people-queries.ts'
import { lastSeen } from '../../storage/queries/session-queries.ts'
import { type AccessControl, requireAccounts } from '../access/access-control.ts'
import type { ApiServer } from '../api-server.ts'
import {
  auditList,
  auditQuery,
  ended,
  idParams,
  invitationBody,
  invitationList,
  madeLink,
  oneAccount,
  peopleList,
  personPatch,
} from '../contract/account-contract.ts'
import { done, failure } from '../contract/field-contract.ts'
import { doerOf, viewLink, viewPerson } from '../views/account-view.ts'

const tags = ['accounts']

/** Who may come in: for admins. */
export function peopleRoutes(
  app: ApiServer,
  application: TrashParts,
  control: AccessControl | undefined,
  imports: Pick<ImportBatches, 'forgetOf'>,
): void {
  const { db } = application
  app.get(
    '/api/accounts/people',
    { schema: { tags, summary: 'Everybody with an account', response: { 200: peopleList, '4xx': failure } } },
    async () => {
      const [people, seen, kept] = [await listPeople(db), await lastSeen(db), await countKept(db)]
      return {
        success: true as const,
        people: people.map((person) => ({
          ...viewPerson(person),
          lastSeenAt: seen.get(person.id) ?? null,
          novelsKept: kept.get(person.listener) ?? 0,
        })),
      }
    },
  )

  app.patch(
    '/api/accounts/people/:id',
    {
      schema: {
        tags,
        summary: 'What somebody is called and may do, and whether they may come in',
        params: idParams,
        body: personPatch,
        response: { 200: oneAccount, '4xx': failure },
      },
    },
    async (request) => {
      const person = await changePerson(db, request.params.id, request.body, doerOf(request))
      return { success: true as const, person: viewPerson(person) }
    },
  )

  app.delete(
    '/api/accounts/people/:id',
    {
      schema: {
        tags,
        summary:
          'Remove somebody, with positions, bookmarks, settings, tokens, and the novels that they alone see; other books stay',
        params: idParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      const { id } = request.params
      const { listener } = await requireRemovable(db, id)
      for (const novelId of await keptBy(db, listener)) await deleteNovelForGood(application, novelId)
      await removePerson(db, id, doerOf(request))
      await imports.forgetOf(listener)
      return { success: true as const }
    },
  )

  app.post(
    '/api/accounts/people/:id/reset',
    {
      schema: {
        tags,
        summary: 'A link with which somebody sets another password, good for a day and one use',
        params: idParams,
        response: { 201: madeLink, '4xx': failure },
      },
    },
    async (request, reply) => {
      requireAccounts(control)
      const made = await offerReset(db, request.params.id, doerOf(request))
      reply.header('cache-control', 'no-store')
      return reply.code(201).send({ success: true, ...viewLink(request, made) })
    },
  )

  app.delete(
    '/api/accounts/people/:id/sessions',
    {
      schema: {
        tags,
        summary: 'Sign somebody out everywhere',
        params: idParams,
        response: { 200: ended, '4xx': failure },
      },
    },
    async (request) => ({
      success: true as const,
      ended: await endSessions(db, request.params.id, doerOf(request)),
    }),
  )

  app.get(
    '/api/accounts/invitations',
    {
      schema: {
        tags,
        summary: 'Invitations that nobody has followed yet',
        response: { 200: invitationList, '4xx': failure },
      },
    },
    async () => {
      const rows = await openInvitations(db, new Date().toISOString())
      const invitations = rows.map(({ id, name, role, createdAt, expiresAt }) => ({
        id,
        name,
        role,
        createdAt,
        expiresAt,
      }))
      return { success: true as const, invitations }
    },
  )

  app.post(
    '/api/accounts/invitations',
    {
      schema: {
        tags,
        summary: 'A link with which somebody gets an account, good for a week and one use',
        body: invitationBody,
        response: { 201: madeLink, '4xx': failure },
      },
    },
    async (request, reply) => {
      requireAccounts(control)
      const made = await invite(db, request.body, doerOf(request))
      reply.header('cache-control', 'no-store')
      return reply.code(201).send({ success: true, ...viewLink(request, made) })
    },
  )

  app.delete(
    '/api/accounts/invitations/:id',
    {
      schema: {
        tags,
        summary: 'Take an invitation back',
        params: idParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      await db.transaction().execute(async (commit) => {
        if (!(await deleteAccountLink(commit, request.params.id, 'invite'))) {
          throw new Failure('account.no-invitation')
        }
        await writeAudit(commit, doerOf(request), 'invitation.revoked', request.params.id)
      })
      return { success: true as const }
    },
  )

  app.get(
    '/api/accounts/audit',
    {
      schema: {
        tags,
        summary: 'What was done to accounts and by admins, the newest first',
        querystring: auditQuery,
        response: { 200: auditList, '4xx': failure },
      },
    },
    async ({ query }) => ({
      success: true as const,
      entries: await auditRows(db, query.limit, query.before),
    }),
  )
}
