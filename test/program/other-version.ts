import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Lays out the program in a folder as another version of it: all built files of its page have other names, the old
 * ones are not there. Returns what runs.
 */
export async function otherVersion(folder: string): Promise<readonly string[]> {
  await mkdir(join(folder, 'dist'), { recursive: true })
  for (const part of ['bin', 'src', 'voices', 'package.json', 'dist/web'])
    await cp(join(root, part), join(folder, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const page = join(folder, 'dist/web')
  const assets = await readdir(join(page, 'assets'))
  const names = assets.filter((name) => /\.(?:js|css)$/.test(name))
  const renamed = (text: string): string =>
    names.reduce((all, name) => all.replaceAll(name, name.replace(/\.(js|css)$/, '-other.$1')), text)
  for (const name of assets) {
    const path = join(page, 'assets', name)
    if (!names.includes(name)) continue
    await writeFile(path, renamed(await readFile(path, 'utf8')))
    await rename(path, join(page, 'assets', renamed(name)))
  }
  for (const name of ['index.html', 'service-worker.js'])
    await writeFile(join(page, name), renamed(await readFile(join(page, name), 'utf8')))
  return [join(folder, 'bin/nightjar.js'), 'serve']
}
