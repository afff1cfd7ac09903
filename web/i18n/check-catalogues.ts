import { fileURLToPath } from 'node:url'
import { getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'
import { catalogueFaults } from './catalogue-faults.ts'

// `npm run check`: every word of the page is in every catalogue, and nothing else is.

const configPath = fileURLToPath(new URL('../lingui.config.ts', import.meta.url))
const config = getConfig({ configPath })
const faults: string[] = []
for (const catalogue of await getCatalogs(config)) {
  const used = await catalogue.collect()
  if (!used) throw new Error('The words of the page could not be collected')
  for (const locale of config.locales as readonly string[])
    for (const fault of catalogueFaults(used, (await catalogue.read(locale)) ?? {}))
      faults.push(`${catalogue.path.replace('{locale}', locale)}.po: ${fault}`)
}
if (faults.length > 0) {
  console.error(faults.join('\n'))
  console.error('\n`npm run words` brings the catalogues up to date; the Vietnamese is written by hand.')
  process.exitCode = 1
}
