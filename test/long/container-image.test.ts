import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { treeBytes } from '../../deploy/package-tree.ts'
import { buildImage, imageToolsMissing, mayMount } from '../program/container-image.ts'
import { ServerProcess } from '../program/server-process.ts'
import { maySkip } from '../program/skip-policy.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { expectWholeStudio } from '../program/whole-studio.ts'

// The image of the Containerfile, built here and run as its user on a read-only root.

test.skipIf(!mayMount || maySkip(!imageToolsMissing))(
  'the image has at most 440 MB; it imports, speaks and serves a book, not as root, on a read-only root (needs buildah, mmdebstrap and the right to mount)',
  async () => {
    await using folder = await temporaryFolder()
    using image = await buildImage(folder.path)
    const { config, mount } = image
    expect(await treeBytes(mount)).toBeLessThanOrEqual(440e6)
    expect(config.User).toBe('1000:1000')
    expect(Object.keys(config.Volumes)).toEqual(['/data'])
    expect(statSync(join(mount, 'data')).uid).toBe(1000)

    const data = join(folder.path, 'volume')
    mkdirSync(data)
    chownSync(data, 1000, 1000)
    await using server = await ServerProcess.start({
      data: '/data',
      executable: 'unshare',
      program: image.command(data),
      // It listens to every address, and would first ask for an admin.
      settings: { NIGHTJAR_AUTH: 'none' },
    })
    await expectWholeStudio(server)
    const { pid = 0 } = server
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t1000\t1000\t/m)
    expect(() => writeFileSync(`/proc/${pid}/root/app/written`, '')).toThrow('EROFS')
    expect(await server.stop()).toBe(0)
  },
)
