import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchChromium } from './chromium.ts'

// Draws the icons of the installed page from its logo: `node test/browser/make-icons.ts`.

const page = fileURLToPath(new URL('../../web/public/', import.meta.url))

/** `inset`: share of the side that is left around the logo, since a system may cut the corners off. */
const icons = [
  { name: 'nightjar-192', side: 192, inset: 0, full: false },
  { name: 'nightjar-512', side: 512, inset: 0, full: false },
  { name: 'maskable-512', side: 512, inset: 0.12, full: true },
  { name: 'touch-180', side: 180, inset: 0.06, full: true },
]

const browser = await launchChromium()
if (!browser) throw new Error('There is no Chromium here to draw with')
const logo = await readFile(`${page}nightjar.svg`, 'utf8')
await mkdir(`${page}icons`, { recursive: true })
for (const { name, side, inset, full } of icons) {
  const tab = await browser.newPage({ viewport: { width: side, height: side } })
  const size = side * (1 - 2 * inset)
  await tab.setContent(
    `<style>body{margin:0;background:${full ? '#11151f' : 'transparent'}}svg{display:block;width:${size}px;height:${size}px;margin:${side * inset}px}</style>${logo}`,
  )
  await writeFile(`${page}icons/${name}.png`, await tab.screenshot({ omitBackground: !full }))
  await tab.close()
}
await browser.close()
