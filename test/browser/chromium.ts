import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright-core'

const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/** What a container needs: no sandbox of its own, no GPU, no helper that forks processes. */
const args = ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none']

/**
 * A real Chromium: the one that comes as a package on Linux x64, an installed one elsewhere. `undefined` where there is
 * none.
 */
export async function launchChromium(): Promise<Browser | undefined> {
  if (process.platform === 'linux' && process.arch === 'x64') return chromium.launch(await unpacked())
  for (const channel of ['chromium', 'chrome', 'msedge']) {
    try {
      return await chromium.launch({ channel })
    } catch {
      // Not installed: the next one may be.
    }
  }
  return undefined
}

/** The packaged one with a profile that stays in a folder when it ends; `undefined` where that one does not run. */
export async function launchProfile(folder: string): Promise<BrowserContext | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  return chromium.launchPersistentContext(folder, await unpacked())
}

/** The package's browser with the libraries and fonts it brings along, since a bare Debian has neither. */
async function unpacked(): Promise<LaunchOptions> {
  const home = join(cache, 'nightjar-chromium')
  const executablePath = join(home, 'chromium')
  if (!existsSync(executablePath)) await unpack(home)
  return {
    executablePath,
    args,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(home, 'fonts'),
    },
  }
}

/** Unpacks aside and renames, so that a test run that is killed, or another one beside it, leaves nothing half made. */
async function unpack(home: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const aside = await mkdtemp(`${home}-`)
  const before = { ...process.env }
  try {
    // The package unpacks into the folder for temporary files, and its libraries only on what it takes for Lambda.
    process.env.TMPDIR = aside
    process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'
    const { default: packaged } = await import('@sparticuz/chromium')
    await packaged.executablePath()
    await writeFile(join(aside, 'fonts', 'fonts.conf'), fontsIn(home))
    // What a browser that was still running has written into a folder that was removed.
    if (!existsSync(join(home, 'chromium'))) await rm(home, { recursive: true, force: true })
    await rename(aside, home)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    if (!existsSync(join(home, 'chromium')))
      throw new Error('The Chromium of @sparticuz/chromium did not unpack', { cause: error })
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

function fontsIn(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`
}
