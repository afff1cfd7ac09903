import { z } from 'zod'
import {
  addressOf,
  authorsOf,
  filesOf,
  hasAcquisition,
  leadingTo,
  longest,
  mediaType,
  mostEntries,
  type OpdsBook,
  type OpdsFolder,
  type OpdsLink,
  type OpdsPage,
  pagesBeside,
  plainText,
} from './opds-page.ts'

/** One of several, each left out if it is not as it should be: a mistake in one book hides no other. */
const listOf = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) =>
      all.slice(0, mostEntries).flatMap((each) => {
        const read = schema.safeParse(each)
        return read.success ? [read.data] : []
      }),
    )

/** A text, or one in several languages, of which any is taken. */
const words = z
  .union([
    z.string(),
    z.record(z.string(), z.string()).transform((all) => all['en'] ?? Object.values(all)[0] ?? ''),
  ])
  .catch('')

const link = z.object({
  href: z.string(),
  type: z.string().catch(''),
  rel: z.union([z.string().transform((rel) => [rel]), z.array(z.string())]).catch([]),
  title: words.optional(),
})

const contributor = z.union([z.string(), z.object({ name: words }).transform(({ name }) => name)])
const contributors = z.union([contributor.transform((name) => [name]), z.array(contributor)]).catch([])

const publication = z.object({
  metadata: z.object({ title: words, author: contributors, description: z.string().catch('') }),
  links: listOf(link),
})

const list = {
  metadata: z
    .object({ title: words, numberOfItems: z.int().min(0).optional().catch(undefined) })
    .catch({ title: '' }),
  links: listOf(link),
  navigation: listOf(link),
  publications: listOf(publication),
}
const document = z.object({ ...list, groups: listOf(z.object(list)) })

type Link = z.infer<typeof link>
type Publication = z.infer<typeof publication>

/** A page of OPDS 2.0, or a single publication of one. `undefined`: it is neither. */
export function readOpds2Document(json: string, base: URL): OpdsPage | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null || !('metadata' in parsed)) return undefined
  const read = document.safeParse(parsed)
  if (!read.success) return undefined
  const { metadata, links, navigation, publications, groups } = read.data
  const alone = publication.safeParse(parsed)
  const isAlone = alone.success && hasAcquisition(asLinks(alone.data.links))
  const all = isAlone ? [alone.data] : [...publications, ...groups.flatMap((group) => group.publications)]
  const leading = [...navigation, ...groups.flatMap((group) => [...group.navigation, ...wholeGroup(group)])]
  const own = asLinks(links)
  const search = leadingTo('search', own, base)
  return {
    title: plainText(metadata.title, longest.title),
    folders: leading.slice(0, mostEntries).flatMap((each) => folderOf(each, base)),
    books: all.slice(0, mostEntries).map((each) => bookOf(each, base)),
    ...pagesBeside(own, base),
    ...(search !== undefined && { search }),
    ...(metadata.numberOfItems !== undefined && { total: metadata.numberOfItems }),
  }
}

/** A group shows some of what its own page has. */
function wholeGroup({
  metadata,
  links,
}: {
  readonly metadata: { readonly title: string }
  readonly links: Link[]
}): Link[] {
  const self = links.find(({ rel }) => rel.includes('self'))
  return self ? [{ ...self, title: metadata.title }] : []
}

function folderOf({ href, type, title = '' }: Link, base: URL): OpdsFolder[] {
  const isPage = ['', 'application/opds+json', 'application/json', 'application/atom+xml'].includes(
    mediaType(type),
  )
  const address = addressOf(href, base)
  return isPage && address !== undefined && title !== ''
    ? [{ title: plainText(title, longest.title), address }]
    : []
}

function bookOf({ metadata: { title, author, description }, links }: Publication, base: URL): OpdsBook {
  const summary = plainText(description, longest.summary)
  return {
    title: plainText(title, longest.title),
    author: authorsOf(author),
    ...(summary !== '' && { summary }),
    files: filesOf(asLinks(links), base),
  }
}

function asLinks(links: readonly Link[]): OpdsLink[] {
  return links.map(({ rel, type, href }) => ({ rels: rel, type, href }))
}
