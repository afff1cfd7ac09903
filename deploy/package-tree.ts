import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { productionPackages, type Target } from './production-packages.ts'

// Assembles what a server needs to run and nothing else, from a checkout with `npm ci` and `npm run build` done:
//   node deploy/package-tree.ts FOLDER [--arch arm64 --modules FOLDER]
// For another architecture `--modules` names a folder in which its packages were installed (see the Containerfile).

const root = fileURLToPath(new URL('..', import.meta.url))

/** Of the repository; tests and types are left out. */
const ownParts = ['bin', 'src', 'voices', 'dist/web', 'deploy/probe.js', 'package.json', 'LICENSE']

/** Of packages: what helps people who program with them, and what browsers load. Licences stay. */
const unusedFile =
  /\.(?:[cm]?tsx?|map|flow|markdown|mdx?)$|^(?:\.\w+rc.*|tsconfig\.\w*json|tests?|__tests__|examples?|docs|benchmarks?|\.github|amd|cjs-browser)$|\.browser(?:\.min)?\.js$/i
const licence = /^(?:licen[cs]e|notice|copying)/i

/** By package, what neither `import` nor `require` leads to: builds for browsers, data that nobody here reads. */
const unusedParts: Readonly<Record<string, readonly string[]>> = {
  '@fastify/swagger-ui': ['static/swagger-ui.js'],
  'css-tree': ['dist'],
  jszip: ['dist', 'vendor'],
  luxon: ['build/global', 'src'],
  'markdown-it': ['dist/browser'],
  'mdn-data': ['api', 'l10n'],
  pako: ['dist'],
  zod: ['v3'],
}

export interface PackageOptions {
  readonly target?: Target
  /** The folder with the installed `node_modules`. */
  readonly modules?: string
}

/** Copies the tree to `folder`, which is made anew. Throws if the page is not built or a package is not installed. */
export async function assemblePackage(
  folder: string,
  { target = { os: process.platform, cpu: process.arch }, modules = root }: PackageOptions = {},
): Promise<void> {
  if (!existsSync(join(root, 'dist/web/index.html'))) throw new Error('The page is not built: npm run build')
  await rm(folder, { recursive: true, force: true })
  for (const part of ownParts) {
    await cp(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => !/\.test\.ts$|\.d\.ts$/.test(path),
    })
  }
  for (const packageFolder of productionPackages(root, target)) {
    const from = join(modules, packageFolder)
    if (!existsSync(from)) throw new Error(`${packageFolder} is not installed: npm ci`)
    await copyPackage(from, join(folder, packageFolder), target)
  }
  await copyNode(modules, folder, target)
}

async function copyPackage(from: string, to: string, target: Target): Promise<void> {
  const [, packageName = ''] = /.*node_modules[/\\](.+)$/.exec(from) ?? []
  const unused = unusedParts[packageName.split(sep).join('/')] ?? []
  await cp(from, to, {
    recursive: true,
    dereference: true,
    filter: (path) => {
      const inside = relative(from, path)
      const name = basename(path)
      if (inside === '') return true
      if (unused.includes(inside.split(sep).join('/'))) return false
      // Nested packages are copied by themselves, and `bin/node` by `copyNode`.
      if (inside.split(sep)[0] === 'node_modules' || inside === join('bin', 'node')) return false
      return (licence.test(name) || !unusedFile.test(name)) && !isOtherPlatform(inside, target)
    },
  })
}

/** `bin/napi-v6/linux/x64/…` of onnxruntime-node, which brings the binaries of every platform. */
function isOtherPlatform(inside: string, target: Target): boolean {
  const [, os, cpu] = /^bin[/\\]napi-v\d+[/\\](\w+)(?:[/\\](\w+))?/.exec(inside) ?? []
  return os !== undefined && (os !== target.os || (cpu !== undefined && cpu !== target.cpu))
}

/** The runtime: where the package `node` was installed without its script, from the platform's own package. */
async function copyNode(modules: string, folder: string, { os, cpu }: Target): Promise<void> {
  const name = os === 'win32' ? 'node.exe' : 'node'
  const sources = [`node-${os === 'win32' ? 'win' : os}-${cpu}`, 'node'].flatMap((each) =>
    ['', 'node/node_modules'].map((below) => join(modules, 'node_modules', below, each, 'bin', name)),
  )
  const from = sources.find((path) => existsSync(path))
  if (!from) throw new Error(`There is no Node for ${os} ${cpu}: looked at ${sources.join(', ')}`)
  const to = join(folder, 'node_modules/node/bin', name)
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
  await chmod(to, 0o755)
}

/** The files below a folder and their sizes in bytes, without those that `except` names. */
export async function treeBytes(
  folder: string,
  except: (path: string) => boolean = () => false,
): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !except(path)) bytes += (await lstat(path)).size
  }
  return bytes
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { arch: { type: 'string' }, modules: { type: 'string' } },
  })
  const [folder] = positionals
  if (!folder) throw new Error('Where to? node deploy/package-tree.ts FOLDER')
  await assemblePackage(folder, {
    target: { os: values.arch ? 'linux' : process.platform, cpu: values.arch ?? process.arch },
    ...(values.modules && { modules: values.modules }),
  })
  console.log(`${folder}: ${Math.round((await treeBytes(folder)) / 1e6)} MB`)
}
