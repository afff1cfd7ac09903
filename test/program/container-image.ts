import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assemblePackage } from '../../deploy/package-tree.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Whether this machine lacks the programs that build images; `.ci/run` installs them. */
export const imageToolsMissing = ['buildah', 'mmdebstrap'].some(
  (tool) => spawnSync(tool, ['--version']).error,
)

/** Whether this process may mount what was built, to run it with a root file system of its own. */
export const mayMount =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

/** What an image says about how it is run. */
export interface ImageConfig {
  readonly User: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Volumes: Readonly<Record<string, object>>
}

/**
 * The image of the Containerfile in a store of its own. Its bases are made of Debian's packages instead of being pulled,
 * and the server is assembled here, so that no registry of images is needed.
 */
export class ContainerImage implements Disposable {
  readonly #folder: string
  readonly #container: string
  readonly config: ImageConfig
  /** Where its root file system is mounted. */
  readonly mount: string

  constructor(folder: string) {
    this.#folder = folder
    const context = join(folder, 'context')
    mkdirSync(join(context, 'deploy'), { recursive: true })
    copyFileSync(join(root, 'deploy/build-tree.sh'), join(context, 'deploy/build-tree.sh'))
    this.#importBase('base', ['libc6', 'libstdc++6', 'libgcc-s1', 'ca-certificates'])
    this.#importBase('build', ['libc6', 'dash', 'coreutils'], join(folder, 'app'))
    const file = join(root, 'Containerfile')
    const bases = ['--build-arg', 'BUILD=localhost/build', '--build-arg', 'BASE=localhost/base']
    this.#buildah('bud', '--isolation', 'chroot', '--file', file, '--tag', 'nightjar', ...bases, context)
    const { OCIv1: image } = JSON.parse(this.#buildah('inspect', '--type', 'image', 'nightjar')) as {
      OCIv1: { config: ImageConfig }
    }
    this.config = image.config
    this.#container = this.#buildah('from', '--pull-never', 'nightjar').trim()
    this.mount = this.#buildah('mount', this.#container).trim()
  }

  /**
   * The arguments of `unshare` that run the image's program, with this folder as its volume: as the image's user, on a root file system
   * that is read-only, with `/tmp` in memory.
   */
  command(data: string): readonly string[] {
    const { User, Env, Entrypoint, Cmd } = this.config
    const script = join(this.#folder, 'run.sh')
    const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
    writeFileSync(
      script,
      `set -eu
cd /
mkdir -p ${['proc', 'dev', 'tmp'].map((name) => quote(join(this.mount, name))).join(' ')}
mount --bind ${quote(this.mount)} ${quote(this.mount)}
mount --bind ${quote(data)} ${quote(join(this.mount, 'data'))}
mount -t proc none ${quote(join(this.mount, 'proc'))}
mount --rbind /dev ${quote(join(this.mount, 'dev'))}
mount -t tmpfs -o mode=1777 none ${quote(join(this.mount, 'tmp'))}
mount -o remount,bind,ro ${quote(this.mount)}
${Env.map((line) => `export ${quote(line)}`).join('\n')}
exec chroot --userspec=${User} --groups= ${quote(this.mount)} ${[...Entrypoint, ...Cmd].map(quote).join(' ')}
`,
    )
    return ['--mount', '/bin/sh', script]
  }

  [Symbol.dispose](): void {
    this.#buildah('rm', this.#container)
    this.#buildah('rmi', '--all', '--force')
  }

  /** An image of some packages' files, and of a folder with the assembled server. */
  #importBase(name: string, packages: readonly string[], app?: string): void {
    const tar = join(this.#folder, `${name}.tar`)
    const include = `--include=${packages.join(',')}`
    // The release of this machine, whose keys it has.
    const [, release = 'stable'] =
      /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? []
    execFileSync('mmdebstrap', ['--quiet', '--variant=extract', include, release, tar], { stdio: 'pipe' })
    const container = this.#buildah('from', 'scratch').trim()
    this.#buildah('add', '--quiet', container, tar, '/')
    if (app !== undefined) this.#buildah('add', '--quiet', container, app, '/app')
    this.#buildah('commit', '--quiet', '--rm', container, name)
  }

  #buildah(...args: string[]): string {
    const store = ['--storage-driver', 'vfs', '--root', join(this.#folder, 'store')]
    return execFileSync('buildah', [...store, '--runroot', join(this.#folder, 'run'), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
}

/** Builds the image with a freshly assembled server. */
export async function buildImage(folder: string): Promise<ContainerImage> {
  const app = join(folder, 'app')
  await assemblePackage(app)
  spawnSync('strip', [join(app, 'node_modules/node/bin/node')])
  return new ContainerImage(folder)
}
