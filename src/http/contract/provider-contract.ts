import { z } from 'zod'

// Request and response schemas of signing in with an OpenID provider.

export const providerQuery = z.object({
  again: z
    .enum(['yes'])
    .optional()
    .describe('the provider asks for the password even if it knows the browser; after signing out'),
})

export const providerBegun = z.object({
  success: z.literal(true),
  address: z.url().describe('the provider’s page; to be opened'),
})

export const providerBack = z
  .null()
  .describe('`Location`: the provider’s page, or the page with `?failed=CODE`, of `account.CODE`')
