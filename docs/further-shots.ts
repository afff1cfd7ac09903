import type { Page } from 'playwright-core'
import { corrected, serialText } from '../test/fixtures/serial.ts'
import { answer } from '../test/program/api-client.ts'
import { Browser } from '../test/program/account-browser.ts'
import { importAll, importDone } from '../test/program/import-client.ts'
import { atomFeed, type OpdsServer } from '../test/program/opds-server.ts'
import type { ServerProcess } from '../test/program/server-process.ts'

export interface Shot {
  readonly name: string
  readonly path: string
  /** The address of the server that has it, if that is another. */
  readonly server?: string
  /** It needs the service worker, which in the others would only fetch the page once more. */
  readonly installable?: boolean
  /** Brings the page into the state that is shown. */
  readonly prepare?: (page: Page) => Promise<void>
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** A server with the engine of the tests, which speaks some sentences too fast, so that there are spots to check. */
export async function furnishSpots(nightjar: ServerProcess): Promise<Shot> {
  const sentences = [
    'The ferry lay at the far bank, and nobody called for it.',
    'This sentence rushes badly past whoever listens, however often it is spoken.',
    'This sentence rushes thrice past whoever listens, until somebody asks for it.',
    'Then the bell was heard, twice, over the water.',
  ]
  const text = `The Night Ferry\n\nChapter 1\n\n${sentences.join('\n\n')}\n`
  const { novel } = await nightjar.add(bytes(text), 'The Night Ferry.txt')
  await nightjar.finished(await nightjar.generate(novel.id, undefined, { voice: 'odd:hum' }))
  return { name: 'spots', path: `/novels/${novel.id}/spots`, server: nightjar.address }
}

const letters = [
  {
    title: 'Chapter 1: The First Letter',
    paragraphs: [
      'The mail boat came on Tuesday, as it always did. There was one letter in the bag, and it had no stamp.',
      'Ida read it on the quay. She read it again at home, by the window.',
    ],
  },
  {
    title: 'Chapter 2: The Second Letter',
    paragraphs: [
      'It rained on the day of the second letter. Nobody crossed the bay.',
      'The postmaster kept it behind the clock until the evening.',
    ],
  },
  {
    title: 'Chapter 3: The Lamp',
    paragraphs: ['Somebody lit the lamp on the far shore. It burned for an hour, and then it went out.'],
  },
]

/** A sentence is another, and there is a fourth chapter. */
const grown = [
  ...corrected(letters, 2, 0, 'It snowed on the day of the second letter. Nobody crossed the bay.'),
  {
    title: 'Chapter 4: The Far Shore',
    paragraphs: ['In the morning the bay was frozen. Ida took the lantern, and went over on foot.'],
  },
]

/** Books that come from elsewhere: many at once, from a catalogue, and one that has grown since. */
export async function furnishArrivals(
  nightjar: ServerProcess,
  library: OpdsServer,
): Promise<readonly Shot[]> {
  const name = 'Letters of the Harbour.txt'
  const { novel } = await nightjar.add(serialText(letters), name)
  await nightjar.finished(await nightjar.generate(novel.id))
  const { version } = await answer<{ version?: { id: string } }>(
    nightjar.upload(serialText(grown), name, { separate: false }),
  )
  const titles = [
    'The Salt Road',
    'A Winter at the Mill',
    'Nine Herons',
    'The Orchard Wall',
    'The Clockmaker',
  ]
  const files = Object.fromEntries(
    titles.map((title) => [
      `${title}.txt`,
      bytes(`${title}\n\nChapter 1\n\nThis is how it began: ${title.toLowerCase()}, and the rain.\n`),
    ]),
  )
  const sent = { ...files, 'holiday.txt': bytes('GIF89a'), [name]: serialText(letters) }
  await importDone(nightjar, await importAll(nightjar, sent))
  library.answers.set('/opds', atomFeed('The village library', catalogueBooks))
  const { source } = await answer<{ source: { id: string } }>(
    nightjar.post('/api/opds-sources', { address: library.url('/opds') }),
  )
  const server = nightjar.address
  return [
    {
      name: 'import',
      path: '/',
      server,
      prepare: async (page) => {
        await page.getByRole('article', { name: /^7 files/ }).waitFor()
        await page.locator('.novel-card').first().waitFor()
      },
    },
    {
      name: 'version',
      path: `/novels/${novel.id}/versions/${version!.id}`,
      server,
      prepare: async (page) => page.locator('summary').filter({ hasText: 'Chapter 2' }).click(),
    },
    {
      name: 'catalogue',
      path: `/catalogues/${source.id}`,
      server,
      prepare: async (page) => {
        for (const title of [/^Middlemarch/, /^The Moonstone/])
          await page.getByRole('checkbox', { name: title }).check()
      },
    },
  ]
}

const catalogueBooks = [
  '<link rel="search" type="application/atom+xml" href="/find?q={searchTerms}"/>',
  ...(
    [
      [
        'Middlemarch',
        'George Eliot',
        'A study of provincial life: marriages, money and ideals in a small town.',
      ],
      [
        'The Moonstone',
        'Wilkie Collins',
        'A diamond is stolen in the night, and everybody in the house tells of it.',
      ],
      ['Walden', 'Henry David Thoreau', 'Two years in a cabin at a pond.'],
      ['The Woman in White', 'Wilkie Collins', 'A drawing master meets somebody on the road to London.'],
      ['Cranford', 'Elizabeth Gaskell', 'A town in the hands of its ladies, and how they live on little.'],
      ['The House of Mirth', 'Edith Wharton', 'Lily Bart, and what New York makes of her.'],
    ] as const
  ).map(
    ([title, author, summary]) => `<entry><title>${title}</title><id>urn:book:${title}</id>
<author><name>${author}</name></author><summary>${summary}</summary>
<link rel="http://opds-spec.org/acquisition" href="/${encodeURIComponent(title)}.epub" type="application/epub+zip"/></entry>`,
  ),
].join('\n')

const admin = ['Ada', 'a lamp in the window'] as const

/** A household with accounts: one who rules it, two who came by a link, and one who is invited. */
export async function furnishPeople(nightjar: ServerProcess): Promise<Shot> {
  const browser = new Browser(nightjar.address)
  await browser.json('/api/accounts/session')
  const [, code] = /with the code ([\w-]+)/.exec(nightjar.log) ?? []
  const [name, password] = admin
  await answer(browser.post('/api/accounts/setup', { code, name, password }))
  for (const [of, role, theirs] of [
    ['Ben', 'editor', 'nine blue herons'],
    ['Mina', 'listener', 'seven grey kettles'],
    ['Grandmother', 'listener', undefined],
  ] as const) {
    const { link } = await answer<{ link: string }>(
      browser.post('/api/accounts/invitations', { role, name: of }),
    )
    const [, secret] = link.split('#')
    if (theirs !== undefined)
      await answer(
        new Browser(nightjar.address).post('/api/accounts/links/follow', {
          secret,
          name: of,
          password: theirs,
        }),
      )
  }
  return {
    name: 'people',
    path: '/people',
    server: nightjar.address,
    prepare: async (page) => {
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('heading', { name: 'Mina' }).waitFor()
    },
  }
}
