import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { expectPlayback } from '../browser/audio-playback.ts'
import { test } from '../browser/browser.ts'
import { dropFiles } from '../browser/drop-files.ts'
import { tinyKokoro, tinyStyles } from '../fixtures/tiny-kokoro.ts'

test.override('speakers', 1)

test('voices of Kokoro are dropped with their model, mixed, heard, and kept; the catalogue offers its sizes', async ({
  device,
  folder,
}) => {
  const page = await device('/voices?language=en')
  const more = page.getByRole('region', { name: 'More voices' })
  await more.getByRole('searchbox').fill('kokoro bella')
  await more.getByRole('button', { name: /^Install Kokoro Bella/ }).click()
  const question = page.getByRole('dialog', { name: 'Install Kokoro Bella?' })
  await question.getByRole('radio', { name: /^Full precision/ }).check()
  await question.getByRole('button', { name: /^Install, 326 MB/ }).waitFor()
  await question.getByRole('button', { name: 'Leave it' }).click()

  const paths: string[] = []
  for (const [name, bytes] of [
    ['kokoro.onnx', tinyKokoro()],
    ['af_bella.bin', tinyStyles(0.1)],
    ['af_sky.bin', tinyStyles(0.9)],
  ] as const) {
    paths.push(join(folder, name))
    await writeFile(paths.at(-1)!, bytes)
  }
  await dropFiles(page, ...paths)
  const here = page.getByRole('region', { name: 'Here now' })
  for (const name of ['Hear Kokoro Bella', 'Hear Kokoro Sky'])
    await here.getByRole('button', { name }).waitFor({ timeout: 60_000 })
  await here
    .getByText(/of speech from a second of one core/)
    .first()
    .waitFor()

  const blend = page.getByRole('region', { name: 'A voice of two' })
  await blend.getByRole('slider').fill('70')
  await blend.getByText('Kokoro Bella 70 %, Kokoro Sky 30 %').waitFor()
  await blend.getByRole('button', { name: 'Hear the mixture' }).click()
  await expectPlayback(page, 0.3)
  await blend.getByRole('textbox').fill('Mary')
  await blend.getByRole('button', { name: 'Keep this voice' }).click()
  await here.getByRole('button', { name: 'Hear Mary' }).waitFor({ timeout: 60_000 })
  expect(await here.getByText(/your blend/).count()).toBe(1)
})
