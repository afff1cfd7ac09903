import { z } from 'zod'
import { parse } from './config.ts'
import { isServerAddress } from './server-url.ts'

const addSettings = z.object({
  NIGHTJAR_SERVER: z
    .string({ error: 'which server? nightjar add FILE --server http://box.local:4747' })
    .refine(isServerAddress, { message: 'an address such as http://box.local:4747' }),
  NIGHTJAR_TOKEN: z
    .string()
    .regex(/^[\w-]+$/, 'a token such as "nightjar token create NAME" prints')
    .optional(),
})

/** The settings of `nightjar add`, described in docs/books.md. Throws `settings.invalid` naming the setting. */
export function readAddSettings(
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<typeof addSettings> {
  return parse(addSettings, environment)
}
