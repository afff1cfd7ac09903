import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { epub } from '../browser/books.ts'
import { eventually } from '../browser/browser.ts'
import { launchProfile } from '../browser/chromium.ts'
import { freePort } from '../program/free-port.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

/** Kills the browser of a profile, as it stands on its command line. */
function killBrowser(profile: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      if (line.includes(profile)) process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
}

test('where the listener was and what was marked without a server outlives the browser, which is killed, and is sent by the next one', async ({
  skip,
}) => {
  await using data = await temporaryFolder()
  await using profile = await temporaryFolder()
  const context = await launchProfile(profile.path)
  skip(!context, 'needs the packaged browser, which is for Linux on x64')
  const port = String(await freePort())
  await using server = await ServerProcess.start({ data: data.path, speakers: 1, settings: { PORT: port } })
  const { novel } = await server.add(await epub('Killed'), 'killed.epub')
  await server.finished(await server.generate(novel.id))
  const page = await context!.newPage()
  await page.goto(`${server.address}/novels/${novel.id}`)
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  await page.getByRole('checkbox', { name: 'Select chapter 1' }).check()
  await page.getByRole('button', { name: 'Keep on this device' }).click()
  await page.getByRole('link', { name: '1 chapter on this device' }).waitFor()
  await server.stop()
  await page.goto(`${server.address}/novels/${novel.id}/chapters/1`)
  await page.locator('.chapter-tools').getByRole('button', { name: 'Listen' }).click()
  await page.locator('[data-segment="2"]').first().focus()
  await page.keyboard.press('b')
  await page.getByText('The sentence is marked.').waitFor()
  killBrowser(profile.path)

  await using back = await ServerProcess.start({ data: data.path, speakers: 1, settings: { PORT: port } })
  const next = await launchProfile(profile.path)
  await (await next!.newPage()).goto(`${back.address}/voices`)
  await eventually(async () => {
    const { bookmarks } = await back.json(`/api/novels/${novel.id}/bookmarks`)
    expect(bookmarks).toMatchObject([{ chapterNumber: 1, segment: 2 }])
    const { position } = await back.json(`/api/novels/${novel.id}/position`)
    expect(position).toMatchObject({ chapterNumber: 1 })
  })
  await next!.close()
})
