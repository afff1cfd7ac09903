import type { Page } from 'playwright-core'

/** Drags files from the disk into the page and lets them go, as the system would. Paths are absolute. */
export async function dropFiles(page: Page, ...files: readonly string[]): Promise<void> {
  const hand = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await hand.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data })
  await hand.detach()
}
