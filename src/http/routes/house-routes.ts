import { changeHouseRules, houseRules } from '../../accounts/house-rules.ts'
import type { Application } from '../../jobs/application.ts'
import type { ApiServer } from '../api-server.ts'
import { houseRules as houseRulesBody, houseRulesAnswer } from '../contract/account-contract.ts'
import { failure } from '../contract/field-contract.ts'

const tags = ['accounts']

/** What admins decide for everybody. */
export function houseRoutes(app: ApiServer, { db }: Pick<Application, 'db'>): void {
  app.get(
    '/api/house',
    {
      schema: {
        tags,
        summary: 'What holds for everybody who signs in',
        response: { 200: houseRulesAnswer, '4xx': failure },
      },
    },
    async () => ({ success: true as const, house: await houseRules(db) }),
  )

  app.patch(
    '/api/house',
    {
      schema: {
        tags,
        summary: 'Change what holds for everybody who signs in',
        body: houseRulesBody,
        response: { 200: houseRulesAnswer, '4xx': failure },
      },
    },
    async ({ body }) => ({ success: true as const, house: await changeHouseRules(db, body) }),
  )
}
