import { viewSaid } from '../views/said-view.ts'
import {
  addWebhook,
  changeWebhook,
  removeWebhook,
  renewSecret,
  requireWebhook,
  resendEvent,
  tryWebhook,
  type WebhookParts,
} from '../../jobs/webhooks/webhook-commands.ts'
import { shownAddress, type Webhook, type WebhookDelivery } from '../../novel/webhook.ts'
import { listDeliveries } from '../../storage/queries/webhook-delivery-queries.ts'
import { listWebhooks } from '../../storage/queries/webhook-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { done, failure, removal } from '../contract/field-contract.ts'
import {
  deliveriesQuery,
  deliveryList,
  deliveryParams,
  type DeliveryView,
  oneDelivery,
  oneWebhook,
  webhookList,
  webhookParams,
  webhookPatch,
  webhookPost,
  type WebhookView,
  webhookWithSecret,
} from '../contract/webhook-contract.ts'
import { publicBaseUrl } from '../protocol/public-urls.ts'

const tags = ['webhooks']

/** Webhooks: events for other programs, by requests that this server sends. */
export function webhookRoutes(app: ApiServer, application: WebhookParts): void {
  app.get(
    '/api/webhooks',
    {
      schema: {
        tags,
        summary: 'The addresses that are told what is ready',
        response: { 200: webhookList, '4xx': failure },
      },
    },
    async () => ({
      success: true as const,
      webhooks: (await listWebhooks(application.db)).map(viewWebhook),
    }),
  )

  app.post(
    '/api/webhooks',
    {
      schema: {
        tags,
        summary: 'Add a webhook. Its secret is shown this once',
        body: webhookPost,
        response: { 201: webhookWithSecret, '4xx': failure },
      },
    },
    async (request, reply) => {
      const webhook = await addWebhook(application, { ...request.body, links: publicBaseUrl(request) })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ success: true, webhook: viewWebhook(webhook), secret: webhook.secret })
    },
  )

  app.patch(
    '/api/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Change a webhook, or switch it off or on; links in its events begin with this address',
        params: webhookParams,
        body: webhookPatch,
        response: { 200: oneWebhook, '4xx': failure },
      },
    },
    async (request) => {
      const { url, events, active } = request.body
      const webhook = await changeWebhook(application, request.params.id, {
        ...(url !== undefined && { url }),
        ...(events !== undefined && { events }),
        ...(active !== undefined && { active }),
        links: publicBaseUrl(request),
      })
      return { success: true as const, webhook: viewWebhook(webhook) }
    },
  )

  app.post(
    '/api/webhooks/:id/secret',
    {
      schema: {
        tags,
        summary: 'Give a webhook a new secret, shown this once; the old one is not used any more',
        params: webhookParams,
        response: { 200: webhookWithSecret, '4xx': failure },
      },
    },
    async (request, reply) => {
      const webhook = await renewSecret(application, request.params.id)
      return reply
        .header('cache-control', 'no-store')
        .send({ success: true, webhook: viewWebhook(webhook), secret: webhook.secret })
    },
  )

  app.delete(
    '/api/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Remove a webhook with its secret and its log',
        params: webhookParams,
        response: { 200: done.extend({ removal }), '4xx': failure },
      },
    },
    async (request) => {
      return { success: true as const, removal: await removeWebhook(application, request.params.id) }
    },
  )

  app.post(
    '/api/webhooks/:id/test',
    {
      schema: {
        tags,
        summary: 'Send a trial event; the log says what became of it',
        params: webhookParams,
        response: { 202: oneDelivery, '4xx': failure },
      },
    },
    async (request, reply) => {
      const delivery = await tryWebhook(application, request.params.id)
      return reply.code(202).send({ success: true, delivery: viewDelivery(delivery) })
    },
  )

  app.get(
    '/api/webhooks/:id/deliveries',
    {
      schema: {
        tags,
        summary: 'The log of a webhook, the latest first: the last 1,000 events, for 30 days',
        params: webhookParams,
        querystring: deliveriesQuery,
        response: { 200: deliveryList, '4xx': failure },
      },
    },
    async (request) => {
      const { id } = await requireWebhook(application, request.params.id)
      const deliveries = await listDeliveries(application.db, id, request.query)
      return { success: true as const, deliveries: deliveries.map(viewDelivery) }
    },
  )

  app.post(
    '/api/webhooks/:id/deliveries/:deliveryId/send',
    {
      schema: {
        tags,
        summary: 'Send an event again, with the id that it had',
        params: deliveryParams,
        response: { 202: oneDelivery, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { id, deliveryId } = request.params
      const delivery = await resendEvent(application, id, deliveryId)
      return reply.code(202).send({ success: true, delivery: viewDelivery(delivery) })
    },
  )
}

/** A webhook without its secret, and its address without name and password. */
function viewWebhook({ id, url, events, active, switchedOff, createdAt }: Webhook): WebhookView {
  const shown = shownAddress(url)
  return {
    id,
    url: shown,
    hasCredentials: shown !== new URL(url).href,
    events: [...events],
    active,
    switchedOff: switchedOff ?? null,
    ...viewSaid('switchedOffSaid', switchedOff),
    createdAt,
  }
}

function viewDelivery(delivery: WebhookDelivery): DeliveryView {
  const { id, eventId, type, status, attempts, createdAt, nextAt, body } = delivery
  return {
    id,
    eventId,
    type,
    status,
    attempts,
    createdAt,
    nextAt: status === 'pending' ? new Date(nextAt).toISOString() : null,
    lastAttemptAt: delivery.lastAttemptAt ?? null,
    responseStatus: delivery.responseStatus ?? null,
    error: delivery.error ?? null,
    ...viewSaid('errorSaid', delivery.error),
    durationMs: delivery.durationMs ?? null,
    body: JSON.parse(body) as unknown,
  }
}
