import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

/** Folders of rooms whose scripts are fetched when they are entered, and their words with them. */
const rooms = [
  'account',
  'cast',
  'catalogues',
  'imports',
  'lexicon',
  'machines',
  'novel',
  'plan',
  'reading',
  'review',
  'settings',
  'spots',
  'versions',
  'voices',
]
/** Folders whose words come with the page itself. */
const first = [
  'element',
  'generation',
  'i18n',
  'lazy-pages',
  'listener',
  'live',
  'offline',
  'player',
  'shelf',
]
/** What of the rooms' folders comes with the page itself; `test/first-load.test.ts` finds what is missing here. */
const firstOfRooms = [
  'settings/ready-notifications.ts',
  'voices/shown-installs.ts',
  'voices/use-own-voices.ts',
]
const paths = (names: readonly string[]): string[] => names.map((name) => `<rootDir>/${name}`)
const noWords = ['**/*.test.ts', '<rootDir>/i18n/check-catalogues.ts']

/** Where the words of the page are, and the catalogues of their translations. */
export default defineConfig({
  rootDir: import.meta.dirname,
  sourceLocale: 'en',
  locales: ['en', 'vi'],
  catalogs: [
    {
      path: '<rootDir>/i18n/locales/{locale}/first',
      include: ['<rootDir>/*.ts', '<rootDir>/*.tsx', ...paths(first), ...paths(firstOfRooms)],
      exclude: noWords,
    },
    {
      path: '<rootDir>/i18n/locales/{locale}/rooms',
      include: paths(rooms),
      exclude: [...noWords, ...paths(firstOfRooms)],
    },
  ],
  // Places and dates would change with every commit, and two branches would never merge.
  format: formatter({ origins: false, lineNumbers: false }),
  orderBy: 'message',
})
