import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

/** Where the words of the page are, and the catalogues of their translations. */
export default defineConfig({
  rootDir: import.meta.dirname,
  sourceLocale: 'en',
  locales: ['en', 'vi'],
  catalogs: [
    {
      path: '<rootDir>/i18n/locales/{locale}',
      include: ['<rootDir>'],
      exclude: ['**/*.test.ts', '<rootDir>/i18n/check-catalogues.ts'],
    },
  ],
  // Places and dates would change with every commit, and two branches would never merge.
  format: formatter({ origins: false, lineNumbers: false }),
  orderBy: 'message',
})
