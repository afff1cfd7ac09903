import { z } from 'zod'

// What OPDS 2.0 and Readium's Web Publication Manifest demand of a catalogue, as their JSON Schemas say it.

const relation = z.union([z.string(), z.array(z.string()).min(1)])

const link = z.object({
  href: z.string().min(1),
  type: z.string().regex(/^[\w.+-]+\/[\w.+-]+/),
  rel: relation.optional(),
  title: z.string().optional(),
  templated: z.boolean().optional(),
})

const hasRelation = (links: readonly z.infer<typeof link>[], pattern: RegExp) =>
  links.some(({ rel = [] }) => [rel].flat().some((one) => pattern.test(one)))

const links = z.array(link).refine((all) => hasRelation(all, /^self$/), 'a self link is needed')

export const publication = z.object({
  metadata: z.strictObject({
    '@type': z.url(),
    title: z.string().min(1),
    identifier: z.string().regex(/^urn:uuid:/),
    author: z.string().min(1).optional(),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .optional(),
    description: z.string().optional(),
    published: z.iso.date().optional(),
    modified: z.iso.datetime(),
    duration: z.number().positive().optional(),
    belongsTo: z
      .strictObject({ series: z.strictObject({ name: z.string(), position: z.number().optional() }) })
      .optional(),
  }),
  links: links.refine(
    (all) => hasRelation(all, /^http:\/\/opds-spec\.org\/acquisition/),
    'an acquisition link is needed',
  ),
  images: z
    .array(link)
    .min(1)
    .refine(
      (all) => all.some(({ type }) => ['image/jpeg', 'image/png', 'image/gif'].includes(type)),
      'one image has to be JPEG, PNG or GIF',
    ),
})

export const feed = z
  .object({
    metadata: z.strictObject({
      title: z.string().min(1),
      numberOfItems: z.int().min(0).optional(),
      itemsPerPage: z.int().positive().optional(),
      currentPage: z.int().positive().optional(),
    }),
    links,
    navigation: z.array(link.required({ title: true })).optional(),
    publications: z.array(publication).optional(),
  })
  .refine(({ navigation, publications }) => navigation ?? publications, 'a feed has to hold something')
