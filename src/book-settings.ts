import { z } from 'zod'
import { inboxSettings } from './inbox-settings.ts'

/** The settings of how books come, besides by hand. */
export const bookSettings = {
  ...inboxSettings,
  NIGHTJAR_FETCH_HOSTS: z
    .string()
    .default('')
    .transform((value) =>
      value
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((host) => host !== ''),
    )
    .refine((hosts) => hosts.every((host) => /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/.test(host)), {
      message: 'names or addresses such as wiki.local, 192.168.1.5:8080, with commas between them',
    })
    .describe(
      'hosts of your own network from which books may be fetched by their address: `wiki.local,192.168.1.5:8080`; public ones always may',
    ),
}
